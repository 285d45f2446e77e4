"""A consortium that won signs its contract by all its members: who must sign, and who has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("winner_orgs", "contract_orgs"):
        op.add_column("lot", sa.Column(column, db.JsonText(), nullable=False, server_default="[]"))
    lot = sa.table(
        "lot",
        sa.column("id", sa.Uuid()),
        sa.column("winner_org", sa.Uuid()),
        sa.column("award_notice_at", db.UtcDateTime()),
        sa.column("contract_at", db.UtcDateTime()),
        sa.column("winner_orgs", db.JsonText()),
        sa.column("contract_orgs", db.JsonText()),
    )
    won = sa.select(lot.c.id, lot.c.winner_org, lot.c.contract_at)
    for row in op.get_bind().execute(won.where(lot.c.winner_org.is_not(None), lot.c.award_notice_at.is_not(None))).all():
        orgs = [str(row.winner_org)]
        signed = orgs if row.contract_at is not None else []
        op.get_bind().execute(lot.update().where(lot.c.id == row.id).values(winner_orgs=orgs, contract_orgs=signed))


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

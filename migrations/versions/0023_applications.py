"""Applications beside bids: what was sealed so far is a bid, and so is what was opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PURPOSES = ("bid", "application")


def _purpose(name: str) -> sa.Column[str]:
    kind = sa.Enum(*PURPOSES, name="purpose", native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=False, server_default="bid")


def upgrade() -> None:
    with op.batch_alter_table("bid", schema=None) as batch_op:
        batch_op.add_column(_purpose("purpose"))
        batch_op.add_column(sa.Column("consortium", db.JsonText(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_bid_lot_id_org_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_bid_lot_id_org_id_purpose"), ["lot_id", "org_id", "purpose"])
    with op.batch_alter_table("late_seal", schema=None) as batch_op:
        batch_op.add_column(_purpose("purpose"))
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.add_column(_purpose("kind"))
        batch_op.create_check_constraint(batch_op.f("ck_opening_round_of_applications"), "(kind = 'application') = (round = 2)")


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

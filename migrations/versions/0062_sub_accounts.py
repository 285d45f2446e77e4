"""Sub-accounts that hold nothing are cancelled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cancelled_sub_account",
        sa.Column("deposit_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("cancelled_by", sa.Uuid(), nullable=False),
        sa.Column("cancelled_at", db.UtcDateTime(), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["cancelled_by"], ["person.id"], name=op.f("fk_cancelled_sub_account_cancelled_by")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("fk_cancelled_sub_account_deposit_id")),
        sa.PrimaryKeyConstraint("deposit_id", name=op.f("pk_cancelled_sub_account")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

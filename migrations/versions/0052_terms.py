"""How lots take their deposits; a part of a deposit goes back where the whole is wanted in one transfer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

OUTCOMES = (
    *("matched", "short", "over", "late", "wrong_name", "not_basic_account", "duplicate", "split"),
    *("unknown", "interest", "refund", "unexplained"),
)
REASONS = (
    *("contract_signed", "lot_failed", "lot_terminated", "withdrawn", "award_lost", "no_bid", "short", "platform_failure"),
    *("over", "late", "wrong_name", "not_basic_account", "duplicate", "split", "unknown"),
)


def upgrade() -> None:
    choose("bank_entry", "outcome", "outcome", OUTCOMES)
    choose("refund", "reason", "refund_reason", REASONS)
    op.create_table(
        "deposit_terms",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=420), nullable=False),
        sa.Column("terms", db.JsonText(), nullable=False),
        sa.Column("basic_only", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["deposit_requirement.lot_id"], name=op.f("fk_deposit_terms_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_deposit_terms")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

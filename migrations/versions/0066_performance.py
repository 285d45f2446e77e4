"""Performance security: what documents ask for, and what winners are asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

REASONS = (
    *("contract_signed", "lot_failed", "lot_terminated", "withdrawn", "award_lost", "no_bid", "short", "platform_failure", "waived"),
    *("performed", "forfeited", "over", "late", "wrong_name", "not_basic_account", "duplicate", "split", "unknown", "dormant"),
)


def upgrade() -> None:
    choose("refund", "reason", "refund_reason", REASONS)
    choose("deposit_forfeiture", "due_reason", "refund_reason", REASONS)
    op.add_column("lot", sa.Column("performance_terms", db.JsonText(), nullable=True))
    op.create_table(
        "performance_ask",
        sa.Column("asked_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("winners", db.JsonText(), nullable=False),
        sa.Column("price", db.Fen(), nullable=False),
        sa.Column("asked_at", db.UtcDateTime(), nullable=False),
        sa.Column("contracted_at", db.UtcDateTime(), nullable=True),
        sa.Column("returned_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_id"], ["deposit_requirement.lot_id"], name=op.f("fk_performance_ask_asked_id")),
        sa.PrimaryKeyConstraint("asked_id", name=op.f("pk_performance_ask")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_performance_ask_lot_id")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

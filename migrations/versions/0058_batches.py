"""Refunds go out in batches; interest is computed by a table that finance keeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

BATCHES = ("waiting", "signed", "released")
RATES = ("proposed", "approved")
REASONS = (
    *("contract_signed", "lot_failed", "lot_terminated", "withdrawn", "award_lost", "no_bid", "short", "platform_failure", "waived"),
    *("forfeited", "over", "late", "wrong_name", "not_basic_account", "duplicate", "split", "unknown", "dormant"),
)


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    choose("deposit_forfeiture", "due_reason", "refund_reason", REASONS)
    op.create_table(
        "refund_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", _one_of("batch_state", BATCHES), nullable=False),
        sa.Column("made_at", db.UtcDateTime(), nullable=False),
        sa.Column("due_at", db.UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("principal", db.Fen(), nullable=False),
        sa.Column("refunds_sha256", sa.String(length=64), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=True),
        sa.Column("first_at", db.UtcDateTime(), nullable=True),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("released_at", db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_refund_batch_number")),
    )
    op.create_index(op.f("ix_refund_batch_state"), "refund_batch", ["state"])
    if op.get_bind().dialect.name == "sqlite":  # its only way to add a reference without a copy of the table
        op.execute("ALTER TABLE refund ADD COLUMN batch_id CHAR(32) CONSTRAINT fk_refund_batch_id REFERENCES refund_batch (id)")
    else:
        op.add_column("refund", sa.Column("batch_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f("fk_refund_batch_id"), "refund", "refund_batch", ["batch_id"], ["id"])
    op.create_index(op.f("ix_refund_batch_id"), "refund", ["batch_id"])
    op.create_table(
        "interest_rate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", _one_of("rate_state", RATES), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("yearly", db.DecimalText(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_name", sa.String(length=60), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_name", sa.String(length=60), nullable=False),
        sa.Column("approved_at", db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_rate")),
        sa.UniqueConstraint("sha256", name=op.f("uq_interest_rate_sha256")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

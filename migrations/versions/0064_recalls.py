"""Refunds that finance asks the bank not to carry out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

STATES = ("proposed", "dropped", "asked", "stopped", "refused")
UNDECIDED = sa.text("state IN ('proposed', 'asked')")


def upgrade() -> None:
    op.create_table(
        "refund_recall",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="recall_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("total", db.Fen(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("proposer", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(), nullable=False),
        sa.Column("approver", sa.Uuid(), nullable=True),
        sa.Column("decided_at", db.UtcDateTime(), nullable=True),
        sa.Column("asked_at", db.UtcDateTime(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(), nullable=True),
        sa.Column("cause", sa.String(length=4), nullable=False),
        sa.CheckConstraint("approver IS NULL OR approver <> proposer", name=op.f("ck_refund_recall_two_persons")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_recall_refund_id")),
        sa.ForeignKeyConstraint(["proposer"], ["person.id"], name=op.f("fk_refund_recall_proposer")),
        sa.ForeignKeyConstraint(["approver"], ["person.id"], name=op.f("fk_refund_recall_approver")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_recall")),
        sa.UniqueConstraint("sha256", name=op.f("uq_refund_recall_sha256")),
    )
    op.create_index(op.f("ix_refund_recall_refund_id"), "refund_recall", ["refund_id"])
    op.create_index(op.f("ix_refund_recall_state"), "refund_recall", ["state"])
    where = {"sqlite_where": UNDECIDED, "postgresql_where": UNDECIDED}
    op.create_index("uq_refund_recall_refund", "refund_recall", ["refund_id"], unique=True, **where)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

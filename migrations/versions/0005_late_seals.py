"""Seals that came too late, with what their bidder may have again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "late_seal",
        sa.Column("seal_sha256", sa.String(length=64), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("seals", db.JsonText(), nullable=False),
        sa.Column("arrived_at", db.UtcDateTime(), nullable=False),
        sa.Column("waited_ms", sa.Integer(), nullable=False),
        sa.Column("deadline", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("arrived_at >= deadline", name=op.f("ck_late_seal_came_late")),
        sa.CheckConstraint("waited_ms >= 0", name=op.f("ck_late_seal_waited")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_late_seal_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_late_seal_org_id")),
        sa.PrimaryKeyConstraint("seal_sha256", name=op.f("pk_late_seal")),
        sa.UniqueConstraint("number", name=op.f("uq_late_seal_number")),
    )
    op.create_index(op.f("ix_late_seal_lot_id"), "late_seal", ["lot_id"])
    op.create_index(op.f("ix_late_seal_org_id"), "late_seal", ["org_id"])


def downgrade() -> None:
    """Takes it away again."""
    op.drop_table("late_seal")

"""Bids that are invented with a drill, and their papers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drill_bid",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("org", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("price", db.DecimalText(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_drill_bid_evaluation_id")),
        sa.PrimaryKeyConstraint("evaluation_id", "code", name=op.f("pk_drill_bid")),
        sa.UniqueConstraint("org", name=op.f("uq_drill_bid_org")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

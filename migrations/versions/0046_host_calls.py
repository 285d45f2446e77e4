"""Calls of members for the host."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host_call",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.String(length=4), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("answered_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_host_call_evaluation_id_evaluation")),
        sa.PrimaryKeyConstraint("evaluation_id", "no", name=op.f("pk_host_call")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

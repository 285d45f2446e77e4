"""Draws of lots among equal bids, and their slips."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    states = ("requested", "committed", "drawn", "abandoned")
    op.create_table(
        "tie_draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("state", sa.Enum(*states, name="draw_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("parties", db.JsonText(), nullable=False),
        sa.Column("request", db.JsonText(), nullable=False),
        sa.Column("pool_hash", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("drawn_order", db.JsonText(), nullable=False),
        sa.Column("since", db.UtcDateTime(), nullable=False),
        sa.Column("drawn_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_tie_draw_evaluation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie_draw")),
        sa.UniqueConstraint("evaluation_id", "number", name=op.f("uq_tie_draw_evaluation_id_number")),
    )
    op.create_index(op.f("ix_tie_draw_evaluation_id"), "tie_draw", ["evaluation_id"], unique=False)
    op.create_table(
        "tie_slip",
        sa.Column("tie_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(length=20), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["tie_id"], ["tie_draw.id"], name=op.f("fk_tie_slip_tie_id")),
        sa.PrimaryKeyConstraint("tie_id", "party", name=op.f("pk_tie_slip")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

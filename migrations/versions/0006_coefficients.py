"""Draws of coefficients, and bidders who decline to sign an opening record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds two tables and a column."""
    op.create_table(
        "coefficient_draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested", "committed", "drawn", "abandoned", name="draw_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("parties", db.JsonText(), nullable=False),
        sa.Column("request", db.JsonText(), nullable=False),
        sa.Column("pool_hash", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("drawn", db.JsonText(), nullable=False),
        sa.Column("since", db.UtcDateTime(), nullable=False),
        sa.Column("drawn_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_coefficient_draw_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coefficient_draw")),
        sa.UniqueConstraint("lot_id", "name", name=op.f("uq_coefficient_draw_lot_id_name")),
    )
    op.create_index(op.f("ix_coefficient_draw_lot_id"), "coefficient_draw", ["lot_id"], unique=False)
    op.create_table(
        "coefficient_slip",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(length=20), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["coefficient_draw.id"], name=op.f("fk_coefficient_slip_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "party", name=op.f("pk_coefficient_slip")),
    )
    op.add_column("opening_record_signature", sa.Column("declined", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Takes them away again."""
    op.drop_column("opening_record_signature", "declined")
    op.drop_table("coefficient_slip")
    op.drop_table("coefficient_draw")

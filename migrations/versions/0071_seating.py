"""Draws of workstations, who sat down where, and desks that were left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seat", sa.Column("place", sa.String(length=60), server_default="", nullable=False))
    op.create_table(
        "seat_draw",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seats", db.JsonText(), nullable=True),
        sa.Column("drawn_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_seat_draw_evaluation_id_evaluation")),
        sa.PrimaryKeyConstraint("evaluation_id", "no", name=op.f("pk_seat_draw")),
    )
    op.create_table(
        "seat_check_in",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_seat_check_in_seat_id_seat")),
        sa.PrimaryKeyConstraint("seat_id", "no", name=op.f("pk_seat_check_in")),
    )
    op.create_table(
        "seat_absence",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.String(length=4), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("since", db.UtcDateTime(), nullable=False),
        sa.Column("until", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_seat_absence_evaluation_id_evaluation")),
        sa.PrimaryKeyConstraint("evaluation_id", "no", name=op.f("pk_seat_absence")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

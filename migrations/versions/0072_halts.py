"""Times at which an evaluation stood still."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

STATES = ("standing", "sealed", "repaired", "reformed", "opened")


def upgrade() -> None:
    op.create_table(
        "halt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum("before", "during", "night", name="phase", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("state", sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("site", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("until", db.UtcDateTime(), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("material_sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("old_seats", db.JsonText(), server_default="[]", nullable=False),
        sa.Column("words", db.JsonText(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_halt_evaluation_id_evaluation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_halt")),
        sa.UniqueConstraint("payload_sha256", name=op.f("uq_halt_payload_sha256")),
    )
    op.create_index("ix_halt_state_at", "halt", ["state", "at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

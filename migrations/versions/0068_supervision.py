"""Supervisors' acts, and the act that a room is paused by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluation", sa.Column("paused_by", sa.String(length=64), server_default="", nullable=False))
    op.create_table(
        "supervision_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                *("explain", "warn", "pause", "recusal", "handle", "end_view"),
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("addressee", sa.String(length=20), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "answered", "closed", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("due", db.UtcDateTime(), nullable=False),
        sa.Column("is_lapsed", sa.Boolean(), nullable=False),
        sa.Column("words", db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_supervision_act_evaluation_id_evaluation")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_supervision_act_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_act")),
        sa.UniqueConstraint("payload_sha256", name=op.f("uq_supervision_act_payload_sha256")),
    )
    op.create_index(op.f("ix_supervision_act_evaluation_id"), "supervision_act", ["evaluation_id"])
    _views()


def _views() -> None:
    purposes = ("routine", "alarm", "measure", "complaint", "review", "other")
    op.create_table(
        "supervision_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Enum(*purposes, name="purpose", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "left", "lapsed", "stopped", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("until", db.UtcDateTime(), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.Column("looked", db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_supervision_view_evaluation_id_evaluation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_view")),
        sa.UniqueConstraint("payload_sha256", name=op.f("uq_supervision_view_payload_sha256")),
    )
    op.create_index(op.f("ix_supervision_view_evaluation_id"), "supervision_view", ["evaluation_id"])


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

"""Workstations keep the order of drafts and their own notes; the committee discusses in writing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_order",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("tab", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_draft_order_seat_id_seat")),
        sa.PrimaryKeyConstraint("seat_id", "code", name=op.f("pk_draft_order")),
    )
    op.create_table(
        "seat_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("BOOKMARK", "NOTE", native_enum=False, length=10, name="notekind"), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("quote", sa.String(length=500), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_seat_note_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_note")),
    )
    op.create_index("ix_seat_note_seat", "seat_note", ["seat_id"])
    op.create_table(
        "discussion_topic",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seat", sa.String(length=4), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("bid", sa.String(length=20), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_discussion_topic_evaluation_id_evaluation")),
        sa.PrimaryKeyConstraint("evaluation_id", "no", name=op.f("pk_discussion_topic")),
    )
    op.create_table(
        "discussion_message",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=4), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_discussion_message_evaluation_id_evaluation")),
        sa.PrimaryKeyConstraint("evaluation_id", "no", name=op.f("pk_discussion_message")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

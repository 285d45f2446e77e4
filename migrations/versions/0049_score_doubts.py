"""Scores that members doubt, and the votes on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

STATES = ("voting", "answering", "weighing", "noting", "dismissed", "upheld", "rescored", "replaced", "kept")


def upgrade() -> None:
    op.create_table(
        "score_doubt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("criteria", db.JsonText(), nullable=False),
        sa.Column("side", sa.String(length=4), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("raised_at", db.UtcDateTime(), nullable=False),
        sa.Column("found_at", db.UtcDateTime(), nullable=True),
        sa.Column("explanation", sa.String(length=2000), nullable=False),
        sa.Column("answer_sha256", sa.String(length=64), nullable=False),
        sa.Column("silence", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("scores", db.JsonText(), nullable=False),
        sa.Column("ticks", db.JsonText(), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.Column("counted_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_score_doubt_evaluation_id_evaluation")),
        sa.ForeignKeyConstraint(["raised_by"], ["seat.id"], name=op.f("fk_score_doubt_raised_by_seat")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_score_doubt_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_doubt")),
        sa.UniqueConstraint("payload_sha256", name=op.f("uq_score_doubt_payload_sha256")),
    )
    op.create_index(op.f("ix_score_doubt_evaluation_id"), "score_doubt", ["evaluation_id"])
    op.create_table(
        "score_doubt_vote",
        sa.Column("doubt_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=10), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["doubt_id"], ["score_doubt.id"], name=op.f("fk_score_doubt_vote_doubt_id_score_doubt")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_score_doubt_vote_seat_id_seat")),
        sa.PrimaryKeyConstraint("doubt_id", "question", "seat_id", name=op.f("pk_score_doubt_vote")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

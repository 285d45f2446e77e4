"""Votes of the committee to reject, the document's checklist, and elections that a draw decides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STATES = (
    *("committee_formed", "signed_in", "chair_elected", "preliminary", "rejection"),
    *("technical", "commercial", "summary", "signing", "submitted"),
)


def upgrade() -> None:
    choose("evaluation", "state", "state", STATES)
    op.add_column("lot", sa.Column("review_plan", db.JsonText(), nullable=True))
    op.add_column("evaluation", sa.Column("chair_ties", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("evaluation", sa.Column("assembled_at", db.UtcDateTime(), nullable=True))
    op.execute("UPDATE evaluation SET assembled_at = formed_at WHERE state <> 'committee_formed' OR chair_round > 1")
    op.add_column("evaluation", sa.Column("vote_round", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("evaluation", sa.Column("decisions", db.JsonText(), nullable=True))
    op.add_column("evaluation", sa.Column("competition", db.JsonText(), nullable=False, server_default="{}"))
    op.create_table(
        "rejection_vote",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("votes", db.JsonText(), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_rejection_vote_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", "round", name=op.f("pk_rejection_vote")),
    )
    op.create_table(
        "competition_vote",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("lacking", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_competition_vote_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", "round", "stage", name=op.f("pk_competition_vote")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

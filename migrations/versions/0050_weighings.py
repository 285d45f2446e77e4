"""What the committee weighs between prices and evaluated prices: proposals and votes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weighing_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("figure", sa.String(length=18), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("decision", db.JsonText(), nullable=True),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_weighing_proposal_evaluation_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_weighing_proposal_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighing_proposal")),
        sa.UniqueConstraint("evaluation_id", "number", name=op.f("uq_weighing_proposal_evaluation_id_number")),
    )
    op.create_table(
        "weighing_vote",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["weighing_proposal.id"], name=op.f("fk_weighing_vote_proposal_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_weighing_vote_seat_id")),
        sa.PrimaryKeyConstraint("proposal_id", "seat_id", name=op.f("pk_weighing_vote")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

"""Questions to bidders, their answers, and votes on prices that were asked about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluation", sa.Column("prices_closed_at", db.UtcDateTime(), nullable=True))
    op.add_column("evaluation", sa.Column("low_flags", db.JsonText(), nullable=True))
    op.add_column("evaluation", sa.Column("price_decisions", db.JsonText(), nullable=False, server_default="[]"))
    op.create_table(
        "question_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_question_proposal_evaluation_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_question_proposal_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_proposal")),
    )
    op.create_index(op.f("ix_question_proposal_evaluation_id"), "question_proposal", ["evaluation_id"])
    op.create_table(
        "bid_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("correction", sa.String(length=16), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "answered", "overdue", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("asked_at", db.UtcDateTime(), nullable=False),
        sa.Column("until", db.UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        sa.Column("files", db.JsonText(), nullable=False),
        sa.Column("accepts", sa.String(length=3), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_bid_question_evaluation_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_bid_question_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_question")),
        sa.UniqueConstraint("evaluation_id", "number", name=op.f("uq_bid_question_evaluation_id_number")),
        sa.UniqueConstraint("payload_sha256", name=op.f("uq_bid_question_payload_sha256")),
    )
    op.create_index(op.f("ix_bid_question_org_id"), "bid_question", ["org_id"])
    op.create_index(op.f("ix_bid_question_state"), "bid_question", ["state"])
    op.create_table(
        "price_vote",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("stays", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_price_vote_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", "code", name=op.f("pk_price_vote")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

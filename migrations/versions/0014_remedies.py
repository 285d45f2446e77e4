"""Objections, complaints, their files, and what they stop."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0014"
down_revision = "0013"


def _capacity() -> sa.Enum:
    return sa.Enum(
        "prospective_bidder",
        "bidder",
        "interested_party",
        "supplier",
        name="capacity",
        native_enum=False,
        create_constraint=True,
        length=40,
    )


def upgrade() -> None:
    """Adds the tables, and to a lot what holds it."""
    op.create_table(
        "remedy_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("remedy_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedy_file")),
        sa.UniqueConstraint("remedy_id", "part", "place", name=op.f("uq_remedy_file_remedy_id_part_place")),
    )
    op.create_index(op.f("ix_remedy_file_remedy_id"), "remedy_file", ["remedy_id"], unique=False)
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "document", "prequalification", "process", "result", name="stage", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "unfiled",
                "filed",
                "unanswered_overdue",
                "answered",
                "withdrawn",
                "closed",
                name="objection_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("org_name", sa.String(length=200), nullable=False),
        sa.Column("capacity", _capacity(), nullable=False),
        sa.Column("interest", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("filed_at", db.UtcDateTime(), nullable=False),
        sa.Column("due_at", db.UtcDateTime(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("answered_at", db.UtcDateTime(), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("(answer = '') = (answered_at IS NULL)", name=op.f("ck_objection_answer_with_moment")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_objection_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_objection_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("number", name=op.f("uq_objection_number")),
    )
    op.create_index(op.f("ix_objection_due_at"), "objection", ["due_at"], unique=False)
    op.create_index(op.f("ix_objection_lot_id"), "objection", ["lot_id"], unique=False)
    op.create_index(op.f("ix_objection_org_id"), "objection", ["org_id"], unique=False)
    op.create_index(op.f("ix_objection_state"), "objection", ["state"], unique=False)
    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "matter",
            sa.Enum(
                "document",
                "prequalification",
                "opening",
                "process",
                "result",
                "other",
                name="matter",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "unfiled",
                "filed",
                "refused",
                "handed_over",
                "accepted",
                "investigating",
                "decided",
                "published",
                "withdrawn",
                name="complaint_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("objection_id", sa.Uuid(), nullable=True),
        sa.Column("first_id", sa.Uuid(), nullable=True),
        sa.Column("authority_org", sa.Uuid(), nullable=False),
        sa.Column("authority_name", sa.String(length=200), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("org_name", sa.String(length=200), nullable=False),
        sa.Column("capacity", _capacity(), nullable=False),
        sa.Column("interest", sa.Text(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("filed_at", db.UtcDateTime(), nullable=False),
        sa.Column("acceptance_due", db.UtcDateTime(), nullable=False),
        sa.Column("accepted_at", db.UtcDateTime(), nullable=True),
        sa.Column("decision_due", db.UtcDateTime(), nullable=True),
        sa.Column("overdue", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=False),
        sa.Column("inquiry", sa.Text(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=False),
        sa.Column("decided_at", db.UtcDateTime(), nullable=True),
        sa.Column("suspended_at", db.UtcDateTime(), nullable=True),
        sa.Column("suspended_until", db.UtcDateTime(), nullable=True),
        sa.Column("suspension_reason", sa.Text(), nullable=False),
        sa.Column("publication", sa.Text(), nullable=False),
        sa.Column("published_at", db.UtcDateTime(), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["authority_org"], ["organisation.id"], name=op.f("fk_complaint_authority_org")),
        sa.ForeignKeyConstraint(["first_id"], ["complaint.id"], name=op.f("fk_complaint_first_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_complaint_lot_id")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_complaint_objection_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_complaint_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
    )
    op.create_index(op.f("ix_complaint_acceptance_due"), "complaint", ["acceptance_due"], unique=False)
    op.create_index(op.f("ix_complaint_authority_org"), "complaint", ["authority_org"], unique=False)
    op.create_index(op.f("ix_complaint_decision_due"), "complaint", ["decision_due"], unique=False)
    op.create_index(op.f("ix_complaint_lot_id"), "complaint", ["lot_id"], unique=False)
    op.create_index(op.f("ix_complaint_objection_id"), "complaint", ["objection_id"], unique=False)
    op.create_index(op.f("ix_complaint_org_id"), "complaint", ["org_id"], unique=False)
    op.create_index(op.f("ix_complaint_published_at"), "complaint", ["published_at"], unique=False)
    op.create_index(op.f("ix_complaint_state"), "complaint", ["state"], unique=False)
    op.add_column("lot", sa.Column("unanswered", sa.Integer(), server_default="0", nullable=False))
    op.add_column("lot", sa.Column("halted_at", db.UtcDateTime(), nullable=True))
    op.add_column("lot", sa.Column("stays", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Takes them away again."""
    for name in ("stays", "halted_at", "unanswered"):
        op.drop_column("lot", name)
    for table in ("complaint", "objection", "remedy_file"):
        op.drop_table(table)

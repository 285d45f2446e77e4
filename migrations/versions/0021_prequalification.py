"""Prequalification: a lot's round, its reviewers, and what each applicant is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

STATES = ("drafted", "noticed", "closed", "opened", "reviewed", "ended", "failed")
KINDS = (
    *("prequalification", "tender", "amendment", "clarification", "suspension", "resumption", "termination", "failure"),
    *("candidates", "result", "contract", "decision"),
)
DRAFTS = (
    *("award-plan", "document", "notice", "contract", "amendment", "clarification"),
    *("prequalification-document", "prequalification-notice"),
)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    choose("notice", "kind", "notice_kind", KINDS)
    choose("lot_draft", "kind", "draft_kind", DRAFTS)
    op.add_column("lot", sa.Column("awaits_round", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("lot", sa.Column("prequalified", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "prequalification",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("state", _choice("round_state", *STATES), nullable=False),
        sa.Column("document", db.JsonText(), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("reviewers", _choice("reviewers", "committee", "tenderer"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("notice", sa.String(length=32), nullable=False),
        sa.Column("release_at", db.UtcDateTime(), nullable=True),
        sa.Column("release_until", db.UtcDateTime(), nullable=True),
        sa.Column("deadline", db.UtcDateTime(), nullable=True),
        sa.Column("noticed_at", db.UtcDateTime(), nullable=True),
        sa.Column("closed_at", db.UtcDateTime(), nullable=True),
        sa.Column("opened_at", db.UtcDateTime(), nullable=True),
        sa.Column("drawn", sa.String(length=100), nullable=False),
        sa.Column("concluded_at", db.UtcDateTime(), nullable=True),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("halted_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "release_at IS NULL OR (release_at < release_until AND release_until <= deadline)",
            name=op.f("ck_prequalification_times_in_order"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_prequalification_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_prequalification")),
    )
    op.create_index(op.f("ix_prequalification_deadline"), "prequalification", ["deadline"])
    op.create_index(op.f("ix_prequalification_state"), "prequalification", ["state"])
    op.create_table(
        "prequalification_reviewer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("expert", sa.Boolean(), nullable=False),
        sa.Column("sheet", db.JsonText(), nullable=True),
        sa.Column("sheet_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["prequalification.lot_id"], name=op.f("fk_prequalification_reviewer_lot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_prequalification_reviewer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prequalification_reviewer")),
        sa.UniqueConstraint("lot_id", "person_id", name=op.f("uq_prequalification_reviewer_lot_id_person_id")),
    )
    op.create_index(op.f("ix_prequalification_reviewer_person_id"), "prequalification_reviewer", ["person_id"])
    op.create_table(
        "prequalification_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("org_name", sa.String(length=120), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("failures", db.JsonText(), nullable=False),
        sa.Column("told_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["prequalification.lot_id"], name=op.f("fk_prequalification_result_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_prequalification_result_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prequalification_result")),
        sa.UniqueConstraint("lot_id", "org_id", name=op.f("uq_prequalification_result_lot_id_org_id")),
        sa.UniqueConstraint("number", name=op.f("uq_prequalification_result_number")),
    )
    op.create_index(op.f("ix_prequalification_result_org_id"), "prequalification_result", ["org_id"])


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

"""Recordings of the seats: lines, tapes, gaps, and who watched why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

FORMS = ("clear", "shield")
STATES = ("recording", "ended", "disposed")
PURPOSES = ("patrol", "alarm", "complaint", "inquiry", "archive")
ROLES = (
    *("tenderer", "agency", "centre", "supervisor", "bidder", "expert"),
    *("award_member", "finance", "officer", "admin", "system"),
)


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "recording_gap",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.String(length=4), nullable=False),
        sa.Column("form", _one_of("form", FORMS), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_recording_gap_evaluation_id")),
        sa.PrimaryKeyConstraint("evaluation_id", "seat", "form", "no", name=op.f("pk_recording_gap")),
    )
    op.create_table(
        "recording_line",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.String(length=4), nullable=False),
        sa.Column("form", _one_of("form", FORMS), nullable=False),
        sa.Column("seen_ms", sa.BigInteger(), nullable=True),
        sa.Column("gaps", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_recording_line_evaluation_id")),
        sa.PrimaryKeyConstraint("evaluation_id", "seat", "form", name=op.f("pk_recording_line")),
    )
    op.create_table(
        "recording_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", _one_of("role", ROLES), nullable=False),
        sa.Column("seats", db.JsonText(), nullable=False),
        sa.Column("form", _one_of("form", FORMS), nullable=False),
        sa.Column("purpose", _one_of("purpose", PURPOSES), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_recording_view_evaluation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recording_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_view")),
    )
    op.create_index("ix_recording_view_room", "recording_view", ["evaluation_id", "at"], unique=False)
    op.create_table(
        "tape",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.String(length=4), nullable=False),
        sa.Column("form", _one_of("form", FORMS), nullable=False),
        sa.Column("media", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", _one_of("tape_state", STATES), nullable=False),
        sa.Column("begun_at", db.UtcDateTime(), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.Column("slices", sa.Integer(), server_default="0", nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("link", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_ms", sa.BigInteger(), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.Column("copied_at", db.UtcDateTime(), nullable=True),
        sa.Column("disposed_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_tape_evaluation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tape_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tape")),
    )
    op.create_index("ix_tape_line", "tape", ["evaluation_id", "seat", "form", "begun_at"], unique=False)
    op.create_index(op.f("ix_tape_state"), "tape", ["state"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

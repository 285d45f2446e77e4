"""Payments that matched nothing are decided about by signature; statements of the bank come in as sheets too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

WAITING = ("waiting", "returned", "assigned")
FILES = ("previewed", "confirmed", "done", "discarded")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "suspense_decision",
        sa.Column("bank_entry_id", sa.Uuid(), nullable=False),
        sa.Column("decided", _one_of("waiting", WAITING), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", db.UtcDateTime(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["bank_entry_id"], ["bank_entry.id"], name=op.f("fk_suspense_decision_bank_entry_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_suspense_decision_person_id")),
        sa.PrimaryKeyConstraint("bank_entry_id", name=op.f("pk_suspense_decision")),
        sa.UniqueConstraint("sha256", name=op.f("uq_suspense_decision_sha256")),
    )
    op.create_table(
        "statement_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", _one_of("file_state", FILES), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", db.JsonText(), nullable=False),
        sa.Column("faults", db.JsonText(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", db.UtcDateTime(), nullable=False),
        sa.Column("handed_in_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["handed_in_by"], ["person.id"], name=op.f("fk_statement_file_handed_in_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_file")),
    )
    op.create_index(op.f("ix_statement_file_state"), "statement_file", ["state"])


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

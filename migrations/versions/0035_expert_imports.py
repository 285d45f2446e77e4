"""Sheets of experts that are handed in, and their rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

STATES = ("previewed", "confirmed", "done", "discarded")


def upgrade() -> None:
    op.create_table(
        "pool_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="import_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("faults", db.JsonText(), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("handed_in_at", db.UtcDateTime(), nullable=False),
        sa.Column("handed_in_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["handed_in_by"], ["person.id"], name=op.f("fk_pool_import_handed_in_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_import")),
    )
    op.create_index(op.f("ix_pool_import_state"), "pool_import", ["state"])
    op.create_table(
        "pool_import_row",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("content", db.JsonText(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["pool_import.id"], name=op.f("fk_pool_import_row_import_id")),
        sa.PrimaryKeyConstraint("import_id", "row", name=op.f("pk_pool_import_row")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

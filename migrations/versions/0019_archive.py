"""Closed cases in the archive, the orders that hold them, and the count of file numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STATES = ("none", "described", "prepared", "filed")
SECRECY = ("open", "internal", "restricted")
RETENTION = ("permanent", "years_30", "years_10")
ROLES = (
    *("tenderer", "agency", "centre", "supervisor", "bidder", "expert", "award_member", "finance", "officer", "admin"),
    "system",
)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "archive_count",
        sa.Column("fonds", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("retention", _choice("retention", *RETENTION), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fonds", "year", "retention", name=op.f("pk_archive_count")),
    )
    op.create_table(
        "archive",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("state", _choice("archive_state", *STATES), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("fonds", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("secrecy", _choice("secrecy", *SECRECY), nullable=False),
        sa.Column("retention", _choice("retention", *RETENTION), nullable=False),
        sa.Column("kept_until", sa.Date(), nullable=True),
        sa.Column("reasons", db.JsonText(), nullable=False),
        sa.Column("checks", db.JsonText(), nullable=True),
        sa.Column("checks_hold", sa.Boolean(), nullable=False),
        sa.Column("package_sha256", sa.String(length=64), nullable=False),
        sa.Column("package_size", sa.BigInteger(), nullable=False),
        sa.Column("metadata_sha256", sa.String(length=64), nullable=False),
        sa.Column("checks_sha256", sa.String(length=64), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.String(length=1000), nullable=False),
        sa.Column("prepared_at", db.UtcDateTime(), nullable=True),
        sa.Column("filed_at", db.UtcDateTime(), nullable=True),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_archive_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive")),
        sa.UniqueConstraint("project_id", name=op.f("uq_archive_project_id")),
        sa.UniqueConstraint("number", name=op.f("uq_archive_number")),
    )
    op.create_index("ix_archive_page", "archive", ["filed_at", "id"])
    op.create_index(op.f("ix_archive_state"), "archive", ["state"])
    op.create_table(
        "archive_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("archive_id", sa.Uuid(), nullable=False),
        sa.Column("placed_by", _choice("role", *ROLES), nullable=False),
        sa.Column("org_name", sa.String(length=200), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("placed_at", db.UtcDateTime(), nullable=False),
        sa.Column("lifted_at", db.UtcDateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(length=200), nullable=False),
        sa.Column("lift_document", sa.String(length=100), nullable=False),
        sa.Column("lift_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["archive_id"], ["archive.id"], name=op.f("fk_archive_hold_archive_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_hold")),
        sa.UniqueConstraint("statement_sha256", name=op.f("uq_archive_hold_statement_sha256")),
    )
    op.create_index(op.f("ix_archive_hold_archive_id"), "archive_hold", ["archive_id"])


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

"""What was read in the files of opened bids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "parsed_file",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("parser", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("oddities", db.JsonText(), nullable=False),
        sa.Column("facts", db.JsonText(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("pages", sa.LargeBinary(), nullable=False),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.Column("parsed_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["opened_file.id"], name=op.f("fk_parsed_file_file_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_parsed_file")),
    )


def downgrade() -> None:
    """Takes it away again."""
    op.drop_table("parsed_file")

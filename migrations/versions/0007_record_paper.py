"""The paper of an opening record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds its digest."""
    op.add_column("opening", sa.Column("pdf_sha256", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    """Takes it away again."""
    op.drop_column("opening", "pdf_sha256")

"""What a partner's site hands over after a use, and that it was received."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("handed_sha256", sa.String(length=64), server_default="", nullable=False))
    op.add_column("booking", sa.Column("received_at", db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

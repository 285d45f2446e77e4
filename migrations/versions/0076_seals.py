"""Rooms that are sealed with their booking, and hand-overs that were late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("late_at", db.UtcDateTime(), nullable=True))
    op.add_column("booking", sa.Column("sealed_at", db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

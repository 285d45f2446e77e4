"""Since when there has been no room for the recording of a seat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recording_line", sa.Column("full_since", db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

"""Logins say when an electronic licence was shown for them: for some minutes it confirms who is there, as a password would."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("login_session", sa.Column("licence_at", db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("login_session", "licence_at")

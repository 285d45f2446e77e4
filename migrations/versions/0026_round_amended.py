"""A round of prequalification says when its document was last changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("prequalification", sa.Column("amended_at", db.UtcDateTime(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

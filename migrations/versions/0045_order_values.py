"""What gives out the seats where a provincial pool draws, committed to before its reply."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("prepared_draw", sa.Column("order_value", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

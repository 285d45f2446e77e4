"""Lots that are tendered again name their predecessor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lot", sa.Column("predecessor", sa.String(length=24), nullable=False, server_default=""))
    op.add_column("lot", sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"))
    op.create_index(op.f("ix_lot_predecessor"), "lot", ["predecessor"])


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

"""What a tender document says of the forms of its deposit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lot", sa.Column("deposit_terms", db.JsonText(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

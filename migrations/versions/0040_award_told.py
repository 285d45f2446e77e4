"""What the award report lets the public know of an award, for the notice of its result."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lot", sa.Column("award_told", db.JsonText(), nullable=True))


def downgrade() -> None:
    op.drop_column("lot", "award_told")

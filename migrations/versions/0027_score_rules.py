"""A lot's tender document says how its criteria are scored; a draft of a sheet keeps what was ticked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lot", sa.Column("score_rules", db.JsonText(), nullable=True))
    op.add_column("score_draft", sa.Column("ticks", db.JsonText(), nullable=False, server_default="{}"))


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

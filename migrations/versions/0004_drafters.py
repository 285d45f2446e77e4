"""Who saved a draft."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lot_draft") as batch_op:
        batch_op.add_column(sa.Column("saved_by", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_lot_draft_saved_by"), "person", ["saved_by"], ["id"])


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

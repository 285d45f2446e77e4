"""An award session may be held again after the committee was ordered to evaluate again; the one before is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

STANDING = sa.text("voided_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("award_session") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_award_session_lot_id"), type_="unique")
        batch_op.add_column(sa.Column("voided_at", db.UtcDateTime(), nullable=True))
    op.create_index("uq_award_session_standing", "award_session", ["lot_id"], unique=True, sqlite_where=STANDING, postgresql_where=STANDING)
    op.create_index("ix_award_session_lot", "award_session", ["lot_id"])


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

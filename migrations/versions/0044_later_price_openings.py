"""Price envelopes that are asked for later, once their bids pass after all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bid_envelope", sa.Column("asked_in", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

"""Orders on a lot, and what its deposits become by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lot", sa.Column("suspended_at", db.UtcDateTime(), nullable=True))
    op.add_column("lot", sa.Column("suspend_sha256", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("lot", sa.Column("ended_at", db.UtcDateTime(), nullable=True))
    choose("deposit_requirement", "state", "requirement_state", ("taking", "closed", "opened", "ended"))
    choose("refund", "reason", "refund_reason", REASONS)


REASONS = (
    *("contract_signed", "lot_failed", "lot_terminated", "withdrawn", "award_lost", "no_bid", "short", "platform_failure", "over", "late"),
    *("wrong_name", "not_basic_account", "duplicate", "unknown"),
)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

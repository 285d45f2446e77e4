"""Slips of a draw lie in share boxes; two offices open the slip of a party that stays silent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draw_slip", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shares", db.JsonText(), nullable=False, server_default="[]"))
    with op.batch_alter_table("expert_draw", schema=None) as batch_op:
        batch_op.add_column(sa.Column("committed_at", db.UtcDateTime(), nullable=True))
    op.create_table(
        "slip_release",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(20), nullable=False),
        sa.Column("office", sa.String(20), nullable=False),
        sa.Column("share", sa.String(66), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("party IN ('centre', 'supervisor', 'tenderer')", name=op.f("ck_slip_release_party")),
        sa.ForeignKeyConstraint(["draw_id"], ["expert_draw.id"], name=op.f("fk_slip_release_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "party", "office", name=op.f("pk_slip_release")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

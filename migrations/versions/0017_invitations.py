"""Lots by invitation, and who is invited."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lot", sa.Column("invited", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "lot_invitee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("org_name", sa.String(length=120), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column(
            "state",
            sa.Enum("invited", "confirmed", "declined", name="invitee_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("answered_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_invitee_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_lot_invitee_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_invitee")),
        sa.UniqueConstraint("lot_id", "org_id", name=op.f("uq_lot_invitee_lot_id_org_id")),
    )
    with op.batch_alter_table("lot_invitee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_invitee_org_id"), ["org_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

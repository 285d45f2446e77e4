"""Consortia and their members; how many members a tender document allows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATES = ("drafted", "forming", "formed", "dissolved")


def upgrade() -> None:
    op.add_column("lot", sa.Column("consortium_members", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "consortium",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("lead_org", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="consortium_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.Column("register_sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("changed_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("(state = 'drafted') = (register_sha256 = '')", name=op.f("ck_consortium_draft_unsigned")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_consortium_lot_id")),
        sa.ForeignKeyConstraint(["lead_org"], ["organisation.id"], name=op.f("fk_consortium_lead_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium")),
    )
    with op.batch_alter_table("consortium", schema=None) as batch_op:
        for column in ("lot_id", "lead_org", "register_sha256", "number"):
            batch_op.create_index(batch_op.f(f"ix_consortium_{column}"), [column], unique=False)
    op.create_table(
        "consortium_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consortium_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("signed_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_consortium_member_consortium_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_consortium_member_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium_member")),
        sa.UniqueConstraint("consortium_id", "org_id", name=op.f("uq_consortium_member_consortium_id_org_id")),
        sa.UniqueConstraint("consortium_id", "place", name=op.f("uq_consortium_member_consortium_id_place")),
    )
    with op.batch_alter_table("consortium_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consortium_member_org_id"), ["org_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

"""Reliefs from deposits, and the waivers that bidders use."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

STATES = ("proposed", "holds", "ending", "ended", "dropped")


def upgrade() -> None:
    state = sa.Enum(*STATES, name="relief_state", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "deposit_relief",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("proposal", db.JsonText(), nullable=True),
        sa.Column("proposed_at", db.UtcDateTime(), nullable=False),
        sa.Column("agreed_at", db.UtcDateTime(), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("(state IN ('proposed', 'ending')) = (proposal IS NOT NULL)", name=op.f("ck_deposit_relief_second_person")),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_deposit_relief_ended_when")),
        sa.CheckConstraint("kind IN ('deposit.free', 'deposit.waive')", name=op.f("ck_deposit_relief_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_relief")),
        sa.UniqueConstraint("sha256", name=op.f("uq_deposit_relief_sha256")),
    )
    op.create_index(op.f("ix_deposit_relief_state"), "deposit_relief", ["state"])
    op.create_table(
        "deposit_waiver_use",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("org_name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("relief_sha256", sa.String(length=64), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("asked", db.Fen(), nullable=False),
        sa.Column("used_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_deposit_waiver_use_percent")),
        sa.ForeignKeyConstraint(["lot_id"], ["deposit_requirement.lot_id"], name=op.f("fk_deposit_waiver_use_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_deposit_waiver_use_org_id")),
        sa.ForeignKeyConstraint(["relief_sha256"], ["deposit_relief.sha256"], name=op.f("fk_deposit_waiver_use_relief_sha256")),
        sa.PrimaryKeyConstraint("lot_id", "org_id", name=op.f("pk_deposit_waiver_use")),
        sa.UniqueConstraint("sha256", name=op.f("uq_deposit_waiver_use_sha256")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

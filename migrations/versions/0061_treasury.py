"""The treasury account that two persons of finance keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

STATES = ("proposed", "approved")


def upgrade() -> None:
    op.create_table(
        "treasury_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="treasury_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=34), nullable=False),
        sa.Column("bank", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name=op.f("ck_treasury_account_two_persons")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_treasury_account_proposed_by")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_treasury_account_approved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treasury_account")),
        sa.UniqueConstraint("sha256", name=op.f("uq_treasury_account_sha256")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

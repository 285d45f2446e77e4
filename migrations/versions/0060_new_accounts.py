"""Another account for a refund that the bank would not pay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

STATES = ("asked", "checked", "approved", "refused")
UNDECIDED = sa.text("state IN ('asked', 'checked')")


def upgrade() -> None:
    op.create_table(
        "new_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="account_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=34), nullable=False),
        sa.Column("bank", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", db.UtcDateTime(), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=True),
        sa.Column("first_at", db.UtcDateTime(), nullable=True),
        sa.Column("second_by", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("second_by IS NULL OR second_by <> first_by", name=op.f("ck_new_account_two_persons")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_new_account_refund_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_new_account_org_id")),
        sa.ForeignKeyConstraint(["first_by"], ["person.id"], name=op.f("fk_new_account_first_by")),
        sa.ForeignKeyConstraint(["second_by"], ["person.id"], name=op.f("fk_new_account_second_by")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_new_account_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_account")),
        sa.UniqueConstraint("sha256", name=op.f("uq_new_account_sha256")),
    )
    op.create_index(op.f("ix_new_account_refund_id"), "new_account", ["refund_id"])
    op.create_index(op.f("ix_new_account_org_id"), "new_account", ["org_id"])
    op.create_index(op.f("ix_new_account_state"), "new_account", ["state"])
    where = {"sqlite_where": UNDECIDED, "postgresql_where": UNDECIDED}
    op.create_index("uq_new_account_refund", "new_account", ["refund_id"], unique=True, **where)
    op.create_table(
        "new_account_proof",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["new_account.id"], name=op.f("fk_new_account_proof_request_id")),
        sa.PrimaryKeyConstraint("request_id", "sha256", name=op.f("pk_new_account_proof")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

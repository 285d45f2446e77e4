"""Guarantors, what lots ask of a guarantee, guarantees, and their files once opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

STATES = (
    *("applied", "underwriting", "approved", "paid_premium", "rejected", "issued_sealed"),
    *("unsealed", "verified", "faulty", "released", "cancelled", "expired"),
)


def upgrade() -> None:
    op.create_table(
        "guarantor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("root_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "suspended", name="guarantor_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("registered_at", db.UtcDateTime(), nullable=False),
        sa.Column("suspend_reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantor")),
        sa.UniqueConstraint("name", name=op.f("uq_guarantor_name")),
        sa.UniqueConstraint("root_sha256", name=op.f("uq_guarantor_root_sha256")),
    )
    op.create_table(
        "guarantee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("org_name", sa.String(length=120), nullable=False),
        sa.Column("org_uscc", sa.String(length=18), nullable=False),
        sa.Column("guarantor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "product", sa.Enum("bid", "performance", name="product", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("state", sa.Enum(*STATES, name="guarantee_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("amount", db.Fen(), nullable=False),
        sa.Column("premium", db.Fen(), nullable=True),
        sa.Column("valid_from", db.UtcDateTime(), nullable=False),
        sa.Column("wanted_to", db.UtcDateTime(), nullable=False),
        sa.Column("opening_at", db.UtcDateTime(), nullable=False),
        sa.Column("valid_to", db.UtcDateTime(), nullable=True),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("guarantee_no", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.Column("identity", sa.String(length=80), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("faults", db.JsonText(), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("asked_at", db.UtcDateTime(), nullable=True),
        sa.Column("applied_at", db.UtcDateTime(), nullable=False),
        sa.Column("issued_at", db.UtcDateTime(), nullable=True),
        sa.Column("changed_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("(ver = 0) = (ciphertext IS NULL)", name=op.f("ck_guarantee_issued_with_its_file")),
        sa.ForeignKeyConstraint(["guarantor_id"], ["guarantor.id"], name=op.f("fk_guarantee_guarantor_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["deposit_requirement.lot_id"], name=op.f("fk_guarantee_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_guarantee_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee")),
        sa.UniqueConstraint("lot_id", "org_id", "product", "no", name=op.f("uq_guarantee_lot_id_org_id_product_no")),
    )
    op.create_index(op.f("ix_guarantee_guarantee_no"), "guarantee", ["guarantee_no"])
    op.create_index(op.f("ix_guarantee_org_id"), "guarantee", ["org_id"])
    op.create_index(op.f("ix_guarantee_state"), "guarantee", ["state"])
    op.create_table(
        "guarantee_terms",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("beneficiary", sa.String(length=200), nullable=False),
        sa.Column("project_number", sa.String(length=24), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["deposit_requirement.lot_id"], name=op.f("fk_guarantee_terms_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_guarantee_terms")),
    )
    op.create_table(
        "guarantee_file",
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["guarantee_id"], ["guarantee.id"], name=op.f("fk_guarantee_file_guarantee_id")),
        sa.PrimaryKeyConstraint("guarantee_id", name=op.f("pk_guarantee_file")),
    )
    op.create_index(op.f("ix_guarantee_file_sha256"), "guarantee_file", ["sha256"])


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

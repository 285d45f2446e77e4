"""Fees of experts: the rule of a lot, each member's fee, orders to the bank, and accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expert_account",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=34), nullable=False),
        sa.Column("bank", sa.String(length=100), nullable=False),
        sa.Column("given_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_account_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_expert_account")),
    )
    op.create_table(
        "fee_payer_account",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("number", sa.String(length=34), nullable=False),
        sa.Column("bank", sa.String(length=100), nullable=False),
        sa.Column("given_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_fee_payer_account_org_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_fee_payer_account")),
    )
    op.create_table(
        "fee_rule",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("payer_org", sa.Uuid(), nullable=False),
        sa.Column("fixed_at", db.UtcDateTime(), nullable=False),
        sa.Column("calculated_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_fee_rule_lot_id")),
        sa.ForeignKeyConstraint(["payer_org"], ["organisation.id"], name=op.f("fk_fee_rule_payer_org")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_fee_rule")),
    )
    op.create_index(op.f("ix_fee_rule_payer_org"), "fee_rule", ["payer_org"], unique=False)
    op.create_table(
        "fee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("payer_org", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "calculated",
                "objected",
                "corrected",
                "confirmed",
                "ordered",
                "in_doubt",
                "accepted",
                "paid",
                "returned",
                name="fee_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("calculation", db.JsonText(), nullable=False),
        sa.Column("fee", db.Fen(), nullable=False),
        sa.Column("travel", db.Fen(), nullable=False),
        sa.Column("objection", sa.String(length=500), nullable=False),
        sa.Column("correction", sa.String(length=500), nullable=False),
        sa.Column("calculated_at", db.UtcDateTime(), nullable=False),
        sa.Column("objected_at", db.UtcDateTime(), nullable=True),
        sa.Column("corrected_at", db.UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", db.UtcDateTime(), nullable=True),
        sa.Column("warned_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["fee_rule.lot_id"], name=op.f("fk_fee_lot_id")),
        sa.ForeignKeyConstraint(["payer_org"], ["organisation.id"], name=op.f("fk_fee_payer_org")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_fee_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee")),
        sa.UniqueConstraint("lot_id", "line", name=op.f("uq_fee_lot_id_line")),
    )
    op.create_index(op.f("ix_fee_payer_org"), "fee", ["payer_org"], unique=False)
    op.create_index(op.f("ix_fee_person_id"), "fee", ["person_id"], unique=False)
    op.create_index("ix_fee_state", "fee", ["state"], unique=False)
    op.create_table(
        "fee_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fee_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("payer_org", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("fee", db.Fen(), nullable=False),
        sa.Column("before", db.Fen(), nullable=False),
        sa.Column("withheld", db.Fen(), nullable=False),
        sa.Column("tax", db.Fen(), nullable=False),
        sa.Column("travel", db.Fen(), nullable=False),
        sa.Column("payer_name", sa.String(length=140), nullable=False),
        sa.Column("payer_account", sa.String(length=34), nullable=False),
        sa.Column("payee_name", sa.String(length=140), nullable=False),
        sa.Column("payee_account", sa.String(length=34), nullable=False),
        sa.Column("ordered_at", db.UtcDateTime(), nullable=False),
        sa.Column("asked_at", db.UtcDateTime(), nullable=True),
        sa.Column("paid_at", db.UtcDateTime(), nullable=True),
        sa.Column("returned_at", db.UtcDateTime(), nullable=True),
        sa.Column("cause", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(["fee_id"], ["fee.id"], name=op.f("fk_fee_order_fee_id")),
        sa.ForeignKeyConstraint(["payer_org"], ["organisation.id"], name=op.f("fk_fee_order_payer_org")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_fee_order_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_order")),
        sa.UniqueConstraint("fee_id", "attempt", name=op.f("uq_fee_order_fee_id_attempt")),
    )
    op.create_index(op.f("ix_fee_order_month"), "fee_order", ["month"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

"""Collusion signals: particulars of bids, checks, cards and decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROLES = (
    *("tenderer", "agency", "centre", "supervisor", "bidder", "expert", "award_member", "finance", "officer", "admin"),
    "system",
)
SIGNALS = (
    *("machine_code", "pricing_lock", "source_file", "hardware", "same_payer", "same_signer", "same_contact", "same_staff", "control"),
    *("similar_text", "same_deviation", "same_arithmetic_error", "same_unit_prices", "arithmetic_progression", "geometric_progression"),
    *("price_cluster", "same_metadata"),
)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "bid_particulars",
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        sa.Column("said", db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["envelope_id"], ["bid_envelope.id"], name=op.f("fk_bid_particulars_envelope_id")),
        sa.PrimaryKeyConstraint("envelope_id", name=op.f("pk_bid_particulars")),
    )
    op.create_table(
        "collusion_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("tools", db.JsonText(), nullable=False),
        sa.Column("looked_at", db.JsonText(), nullable=False),
        sa.Column("checked_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_collusion_check_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collusion_check")),
        sa.UniqueConstraint("lot_id", "round", name=op.f("uq_collusion_check_lot_id_round")),
    )
    op.create_index(op.f("ix_collusion_check_lot_id"), "collusion_check", ["lot_id"], unique=False)
    op.create_table(
        "collusion_card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("signal", _choice("signal", *SIGNALS), nullable=False),
        sa.Column("strength", _choice("strength", "high", "medium", "low"), nullable=False),
        sa.Column("state", _choice("card_state", "open", "clarifying", "confirmed", "explained"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["collusion_check.id"], name=op.f("fk_collusion_card_check_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collusion_card")),
        sa.UniqueConstraint("ref", name=op.f("uq_collusion_card_ref")),
        sa.UniqueConstraint("sha256", name=op.f("uq_collusion_card_sha256")),
    )
    op.create_index(op.f("ix_collusion_card_check_id"), "collusion_card", ["check_id"], unique=False)
    op.create_table(
        "collusion_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("action", _choice("card_action", "clarify", "confirm", "explain"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", _choice("role", *ROLES), nullable=False),
        sa.Column("decided_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["collusion_card.id"], name=op.f("fk_collusion_decision_card_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_collusion_decision_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collusion_decision")),
    )
    op.create_index(op.f("ix_collusion_decision_card_id"), "collusion_decision", ["card_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

"""Deposits are held by order, and kept by decision and note."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

DEPOSITS = (
    *("requested", "short", "matched", "locked", "lapsed", "refund_due", "refunding", "refunded", "refund_failed"),
    *("forfeitable", "forfeit_proposed", "forfeited"),
)
REFUNDS = ("scheduled", "sending", "in_doubt", "accepted", "confirmed", "rejected", "cancelled")
REASONS = (
    *("contract_signed", "lot_failed", "lot_terminated", "withdrawn", "award_lost", "no_bid", "short", "platform_failure", "waived"),
    *("forfeited", "over", "late", "wrong_name", "not_basic_account", "duplicate", "split", "unknown"),
)
ACCOUNTS = ("bank", "held", "suspense", "in_transit", "forfeited", "interest_paid", "interest_earned")
ENTRIES = ("receive", "match", "earn", "order", "settle", "undo", "forfeit")
KINDS = ("investigation", "court", "dispute")
HOLDS = ("standing", "lifted", "ended")
FORFEITURES = ("decided", "agreed", "refused")
GROUNDS = ("revoked", "not_decrypted", "contract_refused", "conditions", "no_security", "document")
STANDS = sa.text("state NOT IN ('rejected', 'cancelled')")
REFUSED_NOT = sa.text("state <> 'refused'")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    choose("deposit", "state", "deposit_state", DEPOSITS)
    choose("refund", "state", "refund_state", REFUNDS)
    choose("refund", "reason", "refund_reason", REASONS)
    choose("ledger_account", "kind", "account_kind", ACCOUNTS)
    choose("ledger_entry", "kind", "entry_kind", ENTRIES)
    for column in ("deposit", "bank_entry"):
        op.drop_index(f"uq_refund_{column}", "refund")
        op.create_index(f"uq_refund_{column}", "refund", [f"{column}_id"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS)
    op.create_table(
        "deposit_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("deposit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _one_of("hold_kind", KINDS), nullable=False),
        sa.Column("state", _one_of("hold_state", HOLDS), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=False),
        sa.Column("placed_at", db.UtcDateTime(), nullable=False),
        sa.Column("ends_at", db.UtcDateTime(), nullable=False),
        sa.Column("over_at", db.UtcDateTime(), nullable=True),
        sa.Column("over_reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("fk_deposit_hold_deposit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_hold")),
        sa.UniqueConstraint("sha256", name=op.f("uq_deposit_hold_sha256")),
    )
    op.create_index(op.f("ix_deposit_hold_deposit_id"), "deposit_hold", ["deposit_id"])
    op.create_index("ix_deposit_hold_state_ends_at", "deposit_hold", ["state", "ends_at"])
    op.create_table(
        "deposit_forfeiture",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("deposit_id", sa.Uuid(), nullable=False),
        sa.Column("state", _one_of("forfeiture_state", FORFEITURES), nullable=False),
        sa.Column("ground", _one_of("ground", GROUNDS), nullable=False),
        sa.Column("amount", db.Fen(), nullable=False),
        sa.Column("clause", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("payee_name", sa.String(length=120), nullable=False),
        sa.Column("payee_account", sa.String(length=34), nullable=False),
        sa.Column("payee_bank", sa.String(length=100), nullable=False),
        sa.Column("decided_at", db.UtcDateTime(), nullable=False),
        sa.Column("was_awaited", sa.Boolean(), nullable=False),
        sa.Column("due_reason", _one_of("refund_reason", REASONS), nullable=True),
        sa.Column("due_at", db.UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("noted_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("fk_deposit_forfeiture_deposit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_forfeiture")),
        sa.UniqueConstraint("sha256", name=op.f("uq_deposit_forfeiture_sha256")),
    )
    op.create_index(op.f("ix_deposit_forfeiture_deposit_id"), "deposit_forfeiture", ["deposit_id"])
    op.create_index(
        "uq_deposit_forfeiture_deposit",
        "deposit_forfeiture",
        ["deposit_id"],
        unique=True,
        sqlite_where=REFUSED_NOT,
        postgresql_where=REFUSED_NOT,
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")

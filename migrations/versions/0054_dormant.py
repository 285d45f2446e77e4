"""Dormant deposits: old ledgers, their rows, contacts, claims, payouts; what the ledger and refunds know of them."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

ACCOUNTS = ("old_bank", "moved_in", "dormant", "claimed")
ENTRIES = ("take_over", "move_in", "pay_out", "hand_back", "restore")
OLD_SOURCE = "(deposit_id IS NULL) <> (bank_entry_id IS NULL)"
SOURCE = (
    "(deposit_id IS NOT NULL AND bank_entry_id IS NULL AND payout_id IS NULL)"
    " OR (deposit_id IS NULL AND bank_entry_id IS NOT NULL AND payout_id IS NULL)"
    " OR (deposit_id IS NULL AND bank_entry_id IS NULL AND payout_id IS NOT NULL)"
)


def upgrade() -> None:
    _tables()
    _refunds()
    _widen("ledger_account", "kind", "ck_ledger_account_account_kind", ACCOUNTS)
    _widen("ledger_entry", "kind", "ck_ledger_entry_entry_kind", ENTRIES)
    _widen("deposit", "state", "ck_deposit_deposit_state", ("dormant",))
    _widen("refund", "reason", "ck_refund_refund_reason", ("dormant",))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA writable_schema = RESET")


def _refunds() -> None:
    """A refund may be of a payout."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE refund ADD COLUMN payout_id CHAR(32) CONSTRAINT fk_refund_payout_id REFERENCES dormant_payout (id)")
        _rewrite("refund", lambda written: written.replace(OLD_SOURCE, SOURCE))
    else:
        op.add_column("refund", sa.Column("payout_id", sa.Uuid(), nullable=True))
        op.create_foreign_key("fk_refund_payout_id", "refund", "dormant_payout", ["payout_id"], ["id"])
        op.drop_constraint(op.f("ck_refund_one_source"), "refund", type_="check")
        op.create_check_constraint(op.f("ck_refund_one_source"), "refund", SOURCE)
    op.create_index("uq_refund_payout_id", "refund", ["payout_id"], unique=True)


def _widen(table: str, column: str, constraint: str, more: tuple[str, ...]) -> None:
    """Lets a column hold these values too, beside whatever it may hold by now."""
    added = "".join(f", '{value}'" for value in more)
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(table, lambda written: re.sub(rf"(CONSTRAINT {constraint} CHECK \({column} IN \([^)]*)\)", rf"\1{added})", written))
        return
    query = sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name")
    known = re.findall(r"'([a-z_]+)'::", str(op.get_bind().execute(query, {"name": constraint}).scalar_one()))
    op.drop_constraint(op.f(constraint), table, type_="check")
    op.create_check_constraint(op.f(constraint), table, sa.column(column).in_([*known, *more]))


def _rewrite(table: str, change: object) -> None:
    """Changes a CHECK of SQLite where it is written (sqlite.org/lang_altertable.html, section 7): the table is not made anew, so its triggers
    and what refers to it stay."""
    connection = op.get_bind()
    query = sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :name")
    before = str(connection.execute(query, {"name": table}).scalar_one())
    after = change(before)  # type: ignore[operator]
    if after == before:
        raise RuntimeError(f"{table}: no such CHECK")
    op.execute("PRAGMA writable_schema = ON")
    connection.execute(sa.text("UPDATE sqlite_schema SET sql = :sql WHERE type = 'table' AND name = :name"), {"sql": after, "name": table})


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")


def _tables() -> None:
    for make in (
        _dormant_count,
        _old_ledger,
        _dormant_deposit,
        _old_ledger_row,
        _dormant_claim,
        _dormant_contact,
        _dormant_claim_file,
        _dormant_payout,
        _dormant_payout_row,
    ):
        make()


def _dormant_count() -> None:
    op.create_table(
        "dormant_count",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_dormant_count")),
    )


def _old_ledger() -> None:
    op.create_table(
        "old_ledger",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("imported", "taken_over", name="ledger_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "previewed", "discarded", "confirmed", "booked", name="ledger_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("rows_sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("total", db.Fen(), nullable=False),
        sa.Column("faults", db.JsonText(), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("handed_in_at", db.UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", db.UtcDateTime(), nullable=True),
        sa.Column("booked_at", db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_old_ledger")),
        sa.UniqueConstraint("number", name=op.f("uq_old_ledger_number")),
    )
    op.create_index(op.f("ix_old_ledger_state"), "old_ledger", ["state"], unique=False)
    op.create_index(
        "uq_old_ledger_file_sha256",
        "old_ledger",
        ["file_sha256"],
        unique=True,
        sqlite_where=sa.text("state IN ('confirmed', 'booked') AND file_sha256 <> ''"),
        postgresql_where=sa.text("state IN ('confirmed', 'booked') AND file_sha256 <> ''"),
    )


def _dormant_deposit() -> None:
    op.create_table(
        "dormant_deposit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("ledger_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "listed",
                "paying",
                "refunded",
                "with_notary",
                "with_treasury",
                "recalled",
                name="dormant_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("old_ref", sa.String(length=40), nullable=False),
        sa.Column("payer", sa.String(length=120), nullable=False),
        sa.Column("payer_key", sa.String(length=120), nullable=False),
        sa.Column(
            "payer_kind", sa.Enum("firm", "person", name="payer", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("project_number", sa.String(length=60), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.String(length=600), nullable=False),
        sa.Column("amount", db.Fen(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("bears_interest", sa.Boolean(), nullable=False),
        sa.Column("account", sa.String(length=34), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=36), nullable=False),
        sa.Column("is_here", sa.Boolean(), nullable=False),
        sa.Column("lies_at", sa.String(length=34), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "NO_REFUND_REQUEST",
                "PROJECT_FAILED",
                "PAYER_DEREGISTERED",
                "ACCOUNT_CLOSED",
                "COMPLAINT_HOLD",
                "FORFEIT_PENDING",
                "UNKNOWN_PAYER",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason_note", sa.String(length=500), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("listed_at", db.UtcDateTime(), nullable=False),
        sa.Column("cleared_at", db.UtcDateTime(), nullable=True),
        sa.Column("refunded_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["ledger_id"], ["old_ledger.id"], name=op.f("fk_dormant_deposit_ledger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dormant_deposit")),
        sa.UniqueConstraint("key", name=op.f("uq_dormant_deposit_key")),
        sa.UniqueConstraint("number", name=op.f("uq_dormant_deposit_number")),
    )
    op.create_index(op.f("ix_dormant_deposit_ledger_id"), "dormant_deposit", ["ledger_id"], unique=False)
    op.create_index(op.f("ix_dormant_deposit_payer_key"), "dormant_deposit", ["payer_key"], unique=False)
    op.create_index("ix_dormant_deposit_state_due_on", "dormant_deposit", ["state", "due_on"], unique=False)


def _old_ledger_row() -> None:
    op.create_table(
        "old_ledger_row",
        sa.Column("ledger_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["ledger_id"], ["old_ledger.id"], name=op.f("fk_old_ledger_row_ledger_id")),
        sa.PrimaryKeyConstraint("ledger_id", "row", name=op.f("pk_old_ledger_row")),
    )


def _dormant_claim() -> None:
    op.create_table(
        "dormant_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dormant_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "returned",
                "proposed",
                "approved",
                "refused",
                "withdrawn",
                name="claim_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("org_id", sa.Uuid(), nullable=True),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("submitted_at", db.UtcDateTime(), nullable=False),
        sa.Column("answered_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["dormant_id"], ["dormant_deposit.id"], name=op.f("fk_dormant_claim_dormant_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_dormant_claim_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dormant_claim")),
    )
    op.create_index(op.f("ix_dormant_claim_dormant_id"), "dormant_claim", ["dormant_id"], unique=False)
    op.create_index(op.f("ix_dormant_claim_org_id"), "dormant_claim", ["org_id"], unique=False)
    op.create_index(op.f("ix_dormant_claim_statement_sha256"), "dormant_claim", ["statement_sha256"], unique=False)
    op.create_index(
        "uq_dormant_claim_open",
        "dormant_claim",
        ["dormant_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('submitted', 'returned', 'proposed', 'approved')"),
        postgresql_where=sa.text("state IN ('submitted', 'returned', 'proposed', 'approved')"),
    )


def _dormant_contact() -> None:
    op.create_table(
        "dormant_contact",
        sa.Column("dormant_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["dormant_id"], ["dormant_deposit.id"], name=op.f("fk_dormant_contact_dormant_id")),
        sa.PrimaryKeyConstraint("dormant_id", "no", name=op.f("pk_dormant_contact")),
    )


def _dormant_claim_file() -> None:
    op.create_table(
        "dormant_claim_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("material", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["dormant_claim.id"], name=op.f("fk_dormant_claim_file_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dormant_claim_file")),
        sa.UniqueConstraint("claim_id", "sha256", name=op.f("uq_dormant_claim_file_claim_id_sha256")),
    )


def _dormant_payout() -> None:
    op.create_table(
        "dormant_payout",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ledger_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "rejected",
                "awaited",
                "ordered",
                "paid",
                "failed",
                name="payout_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "way", sa.Enum("refund", "notary", "treasury", name="way", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("total", db.Fen(), nullable=False),
        sa.Column("is_later", sa.Boolean(), nullable=False),
        sa.Column("payee_name", sa.String(length=120), nullable=False),
        sa.Column("payee_account", sa.String(length=34), nullable=False),
        sa.Column("payee_bank", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("proposer", sa.Uuid(), nullable=False),
        sa.Column("approver", sa.Uuid(), nullable=True),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", db.UtcDateTime(), nullable=False),
        sa.Column("decided_at", db.UtcDateTime(), nullable=True),
        sa.Column("settled_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("approver IS NULL OR approver <> proposer", name=op.f("ck_dormant_payout_two_persons")),
        sa.ForeignKeyConstraint(["approver"], ["person.id"], name=op.f("fk_dormant_payout_approver")),
        sa.ForeignKeyConstraint(["claim_id"], ["dormant_claim.id"], name=op.f("fk_dormant_payout_claim_id")),
        sa.ForeignKeyConstraint(["ledger_id"], ["old_ledger.id"], name=op.f("fk_dormant_payout_ledger_id")),
        sa.ForeignKeyConstraint(["proposer"], ["person.id"], name=op.f("fk_dormant_payout_proposer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dormant_payout")),
    )
    op.create_index(op.f("ix_dormant_payout_ledger_id"), "dormant_payout", ["ledger_id"], unique=False)
    op.create_index(op.f("ix_dormant_payout_state"), "dormant_payout", ["state"], unique=False)


def _dormant_payout_row() -> None:
    op.create_table(
        "dormant_payout_row",
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("dormant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["dormant_id"], ["dormant_deposit.id"], name=op.f("fk_dormant_payout_row_dormant_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["dormant_payout.id"], name=op.f("fk_dormant_payout_row_payout_id")),
        sa.PrimaryKeyConstraint("payout_id", "dormant_id", name=op.f("pk_dormant_payout_row")),
    )
    op.create_index(op.f("ix_dormant_payout_row_dormant_id"), "dormant_payout_row", ["dormant_id"], unique=False)

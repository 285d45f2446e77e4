"""Tables of dormant deposits: old ledgers, their rows, attempts to find payers, claims with their files, and payouts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from core.kernel.money import Money
from deposits.domain.dormant import ClaimState, DormantState, Payer, PayoutState, Reason, Way
from deposits.domain.dormant_ledger import LedgerKind, LedgerState

_OPEN = text("state IN ('submitted', 'returned', 'proposed', 'approved')")
_CONFIRMED = text("state IN ('confirmed', 'booked') AND file_sha256 <> ''")


class DormantCount(Base):
    """How many old ledgers a Beijing year has seen."""

    __tablename__ = "dormant_count"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(Integer)


class OldLedger(Base):
    """An old ledger of the centre, as it was handed in; or what was taken over of this platform's own."""

    __tablename__ = "old_ledger"
    __table_args__ = (
        # The same file is booked once.
        Index("uq_old_ledger_file_sha256", "file_sha256", unique=True, sqlite_where=_CONFIRMED, postgresql_where=_CONFIRMED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[LedgerKind] = state_column(LedgerKind)
    state: Mapped[LedgerState] = state_column(LedgerState, index=True)
    title: Mapped[str] = mapped_column(String(120))
    file_sha256: Mapped[str] = mapped_column(String(64))
    rows_sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    total: Mapped[Money]
    faults: Mapped[JSON] = mapped_column(JsonText)
    statement_sha256: Mapped[str] = mapped_column(String(64))
    handed_in_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    booked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OldLedgerRow(Base):
    """A row of a sheet that holds, until it is booked; `row` counts those that hold from 1 on."""

    __tablename__ = "old_ledger_row"

    ledger_id: Mapped[UUID] = mapped_column(ForeignKey("old_ledger.id"), primary_key=True)
    row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    content: Mapped[JSON] = mapped_column(JsonText)


class DormantDeposit(Base):
    """An old deposit on the ledger. `is_here`: its money lies on the present account."""

    __tablename__ = "dormant_deposit"
    __table_args__ = (Index("ix_dormant_deposit_state_due_on", "state", "due_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    ledger_id: Mapped[UUID] = mapped_column(ForeignKey("old_ledger.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[DormantState] = state_column(DormantState)
    old_ref: Mapped[str] = mapped_column(String(40))
    payer: Mapped[str] = mapped_column(String(120))
    payer_key: Mapped[str] = mapped_column(String(120), index=True)  # as names are compared
    payer_kind: Mapped[Payer] = state_column(Payer)
    uscc: Mapped[str] = mapped_column(String(18))
    project_number: Mapped[str] = mapped_column(String(60))
    project: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(String(600))
    amount: Mapped[Money]
    received_on: Mapped[date]
    due_on: Mapped[date]
    bears_interest: Mapped[bool]
    account: Mapped[str] = mapped_column(String(34))
    note: Mapped[str] = mapped_column(String(500))
    source: Mapped[str] = mapped_column(String(36))
    is_here: Mapped[bool]
    lies_at: Mapped[str] = mapped_column(String(34))  # the sub-account that it lies on when it is here
    reason: Mapped[Reason] = state_column(Reason)
    reason_note: Mapped[str] = mapped_column(String(500))
    published_on: Mapped[date | None]
    contacts: Mapped[int]
    listed_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # first
    refunded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DormantContact(Base):
    """An attempt to find a payer."""

    __tablename__ = "dormant_contact"

    dormant_id: Mapped[UUID] = mapped_column(ForeignKey("dormant_deposit.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    body: Mapped[JSON] = mapped_column(JsonText)  # Contact, as signed
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))


class DormantClaim(Base):
    """A claim as its newest statement has it; one is open for each deposit."""

    __tablename__ = "dormant_claim"
    __table_args__ = (Index("uq_dormant_claim_open", "dormant_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dormant_id: Mapped[UUID] = mapped_column(ForeignKey("dormant_deposit.id"), index=True)
    state: Mapped[ClaimState] = state_column(ClaimState)
    org_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # None: finance filed it for who came in person
    statement_sha256: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[JSON] = mapped_column(JsonText)  # Claim, as signed
    answer: Mapped[str] = mapped_column(String(500))
    submitted_at: Mapped[datetime]
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DormantClaimFile(Base):
    """A file that came with a claim; its bytes lie in the content store."""

    __tablename__ = "dormant_claim_file"
    __table_args__ = (UniqueConstraint("claim_id", "sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("dormant_claim.id"))
    material: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)


class DormantPayout(Base):
    """What one finance person proposes and another decides: one payment to one account, of one or several deposits."""

    __tablename__ = "dormant_payout"
    __table_args__ = (CheckConstraint("approver IS NULL OR approver <> proposer", name="two_persons"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ledger_id: Mapped[UUID] = mapped_column(ForeignKey("old_ledger.id"), index=True)
    state: Mapped[PayoutState] = state_column(PayoutState, index=True)
    way: Mapped[Way] = state_column(Way)
    claim_id: Mapped[UUID | None] = mapped_column(ForeignKey("dormant_claim.id"))
    total: Mapped[Money]
    is_later: Mapped[bool]  # a holder had it
    payee_name: Mapped[str] = mapped_column(String(120))
    payee_account: Mapped[str] = mapped_column(String(34))
    payee_bank: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(500))
    answer: Mapped[str] = mapped_column(String(500))
    proposer: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    approver: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    statement_sha256: Mapped[str] = mapped_column(String(64))
    refund_id: Mapped[UUID | None]
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DormantPayoutRow(Base):
    """A deposit of a payout."""

    __tablename__ = "dormant_payout_row"

    payout_id: Mapped[UUID] = mapped_column(ForeignKey("dormant_payout.id"), primary_key=True)
    dormant_id: Mapped[UUID] = mapped_column(ForeignKey("dormant_deposit.id"), primary_key=True, index=True)

"""Tables of what the bank has told, of refunds, and of how far we have read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from core.kernel.money import Money
from deposits.domain.matching import Outcome
from deposits.domain.refund import RefundReason, RefundState

_STANDS = text("state NOT IN ('rejected', 'cancelled')")


class BankEntryRow(Base):
    """An entry of the bank, stored once for each of its references, with what it means."""

    __tablename__ = "bank_entry"
    __table_args__ = (CheckConstraint("taken + returned <= amount", name="no_more_than_came"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(35), unique=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    credit: Mapped[bool]
    amount: Mapped[Money]
    booked_at: Mapped[datetime]
    value_at: Mapped[datetime]
    sub_account: Mapped[str] = mapped_column(String(34))
    party_name: Mapped[str] = mapped_column(String(140))
    party_account: Mapped[str] = mapped_column(String(34))
    end_to_end_id: Mapped[str] = mapped_column(String(35))
    received_at: Mapped[datetime]
    outcome: Mapped[Outcome] = state_column(Outcome, index=True)
    deposit_id: Mapped[UUID | None] = mapped_column(ForeignKey("deposit.id"), index=True)
    taken: Mapped[Money]  # by the deposit
    returned: Mapped[Money]  # or to be returned


class Refund(Base):
    """Money that goes back: of a deposit, a bank entry that was none, or dormant deposits. By its id the bank pays once."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint(
            "(deposit_id IS NOT NULL AND bank_entry_id IS NULL AND payout_id IS NULL)"
            " OR (deposit_id IS NULL AND bank_entry_id IS NOT NULL AND payout_id IS NULL)"
            " OR (deposit_id IS NULL AND bank_entry_id IS NULL AND payout_id IS NOT NULL)",
            name="one_source",
        ),
        # One refund stands for each deposit and for each payment that goes back; a rejected one makes room for the next.
        Index("uq_refund_deposit", "deposit_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index("uq_refund_bank_entry", "bank_entry_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index("uq_refund_payout_id", "payout_id", unique=True),
        Index("ix_refund_state_due_at", "state", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    deposit_id: Mapped[UUID | None] = mapped_column(ForeignKey("deposit.id"))
    bank_entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("bank_entry.id"))
    payout_id: Mapped[UUID | None] = mapped_column(ForeignKey("dormant_payout.id"))  # of dormant deposits
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("refund_batch.id"), index=True)
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("deposit_requirement.lot_id"), index=True)
    org_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # whose deposit or sub-account it was
    state: Mapped[RefundState] = state_column(RefundState)
    reason: Mapped[RefundReason] = state_column(RefundReason)
    principal: Mapped[Money]
    interest: Mapped[Money]  # from the moment it is sent
    from_account: Mapped[str] = mapped_column(String(34))
    payee_name: Mapped[str] = mapped_column(String(140))
    payee_account: Mapped[str] = mapped_column(String(34))
    due_at: Mapped[datetime]
    scheduled_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the bank was last asked without an answer
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cause: Mapped[str] = mapped_column(String(4))  # the bank's code for a rejection
    replaced: Mapped[bool]  # rejected, and another refund stands in its place


class BankPosition(Base):
    """How far the bank's notices have been read, and how its balance and the ledger's compared when last seen at the same number."""

    __tablename__ = "bank_position"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bank_balance: Mapped[Money | None]
    ledger_balance: Mapped[Money | None]

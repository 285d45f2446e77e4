"""What happens to deposits, in the past tense, on the chain of their lot: `D-<lot number>`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import DepositId, OrgId, RefundId
from core.kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class DepositRequested(Event):
    """A bidder has a sub-account to pay into."""

    KIND: ClassVar[str] = "deposit.request"
    deposit: DepositId
    sub_account: str
    bidder: OrgId
    amount_fen: Money


@dataclass(frozen=True, slots=True)
class Noticed:
    """A payment that the bank told of, and what it means; nobody's payment has no deposit and no bidder."""

    ref: str  # the bank's
    deposit: DepositId | None
    bidder: OrgId | None
    sub_account: str
    amount_fen: Money
    value_at: datetime
    outcome: str
    taken_fen: Money
    returned_fen: Money


@dataclass(frozen=True, kw_only=True)
class PaymentsNoticed(Event):
    """Payments for one lot that were taken in together, in the bank's order: one statement, however many the bank told of at once."""

    KIND: ClassVar[str] = "payment.notice"
    payments: tuple[Noticed, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """A deposit that is complete."""

    deposit: DepositId
    bidder: OrgId
    paid_fen: Money
    outcome: str  # of the payment that completed it


@dataclass(frozen=True, kw_only=True)
class DepositsMatched(Event):
    """Deposits of one lot that payments taken in together have made complete."""

    KIND: ClassVar[str] = "deposit.match"
    deposits: tuple[Matched, ...]


@dataclass(frozen=True, kw_only=True)
class DepositLocked(Event):
    """The deadline has passed, and the deposit stands with its bid."""

    KIND: ClassVar[str] = "deposit.lock"
    deposit: DepositId
    bidder: OrgId


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Money that is to go back, by `due_at` at the latest."""

    refund: RefundId
    deposit: DepositId | None
    bidder: OrgId | None
    payment: str  # the bank's reference of the payment that goes back, "" for a deposit
    principal_fen: Money
    reason: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundsScheduled(Event):
    """Refunds of one lot that one use case has made due: one statement, however many they are."""

    KIND: ClassVar[str] = "refund.schedule"
    refunds: tuple[Scheduled, ...]


@dataclass(frozen=True, kw_only=True)
class RefundSent(Event):
    """A refund is promised in the ledger and ordered of the bank."""

    KIND: ClassVar[str] = "refund.send"
    refund: RefundId
    deposit: DepositId | None
    bidder: OrgId | None
    principal_fen: Money
    interest_fen: Money
    total_fen: Money
    interest_until: str  # Beijing day, not counted; "" without interest


@dataclass(frozen=True, kw_only=True)
class RefundConfirmed(Event):
    """The bank has booked a refund."""

    KIND: ClassVar[str] = "refund.confirm"
    refund: RefundId
    deposit: DepositId | None
    bidder: OrgId | None
    total_fen: Money
    ref: str  # the bank's
    booked_at: datetime


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Event):
    """The bank would not pay a refund."""

    KIND: ClassVar[str] = "refund.fail"
    refund: RefundId
    deposit: DepositId | None
    bidder: OrgId | None
    cause: str  # the bank's code

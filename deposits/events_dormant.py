"""What happens to dormant deposits, in the past tense, on the chain of their old ledger: `D-DORMANT-<ledger>`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import RefundId
from core.kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class OldLedgerImported(Event):
    """Finance answers for an old ledger, row by row."""

    KIND: ClassVar[str] = "dormant.import"


@dataclass(frozen=True, kw_only=True)
class OrphansTakenOver(Event):
    """Finance took over money of this platform's own that nobody had: payments of nobody's, refunds that no bank would pay."""

    KIND: ClassVar[str] = "dormant.take_over"


@dataclass(frozen=True, kw_only=True)
class OldLedgerBooked(Event):
    """All rows of an old ledger stand on the platform's ledger."""

    KIND: ClassVar[str] = "dormant.book"
    statement_sha256: str
    rows: int
    total_fen: Money


@dataclass(frozen=True, kw_only=True)
class DormantPublished(Event):
    """Rows stand in the public list."""

    KIND: ClassVar[str] = "dormant.publish"


@dataclass(frozen=True, kw_only=True)
class PayerSought(Event):
    """Somebody looked for a payer."""

    KIND: ClassVar[str] = "dormant.contact"


@dataclass(frozen=True, kw_only=True)
class ReasonGiven(Event):
    """Why rows lie here was put on record."""

    KIND: ClassVar[str] = "dormant.reason"


@dataclass(frozen=True, kw_only=True)
class DormantClaimed(Event):
    """A firm asks for its deposit."""

    KIND: ClassVar[str] = "dormant.claim"


@dataclass(frozen=True, kw_only=True)
class ClaimReturned(Event):
    """Something is missing of a claim."""

    KIND: ClassVar[str] = "dormant.return"


@dataclass(frozen=True, kw_only=True)
class ClaimRefused(Event):
    """A claim is not well founded."""

    KIND: ClassVar[str] = "dormant.refuse"


@dataclass(frozen=True, kw_only=True)
class ClaimWithdrawn(Event):
    """The claimant gave a claim up."""

    KIND: ClassVar[str] = "dormant.withdraw"


@dataclass(frozen=True, kw_only=True)
class PayoutProposed(Event):
    """The first person proposes where deposits go."""

    KIND: ClassVar[str] = "dormant.propose"


@dataclass(frozen=True, kw_only=True)
class PayoutApproved(Event):
    """The second person agrees."""

    KIND: ClassVar[str] = "dormant.approve"


@dataclass(frozen=True, kw_only=True)
class PayoutRejected(Event):
    """The second person does not."""

    KIND: ClassVar[str] = "dormant.reject"


@dataclass(frozen=True, kw_only=True)
class HolderPaidBack(Event):
    """A notary or the finance office sent back what a later claim is to be paid from."""

    KIND: ClassVar[str] = "dormant.restore"


@dataclass(frozen=True, kw_only=True)
class OldMoneyMovedIn(Event):
    """Money of an earlier account has come to the present one."""

    KIND: ClassVar[str] = "dormant.move_in"


@dataclass(frozen=True, kw_only=True)
class PayoutOrdered(Event):
    """A decided payout is promised in the ledger and scheduled as this refund, whose own events follow."""

    KIND: ClassVar[str] = "dormant.order"
    payout: str
    refund: RefundId
    rows: Sequence[str]
    total_fen: Money


@dataclass(frozen=True, kw_only=True)
class PayoutSettled(Event):
    """The bank has paid a payout, or would not: then its deposits are owed as before."""

    KIND: ClassVar[str] = "dormant.settle"
    payout: str
    refund: RefundId
    paid: bool

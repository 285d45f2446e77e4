"""What happens to held deposits and to those that somebody may keep, in the past tense, on the chain of their lot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import DepositId, OrgId, RefundId


@dataclass(frozen=True, kw_only=True)
class HoldPlaced(Event):
    """A deposit waits, by order of the supervisor, a court or the tenderer. `subject` is the digest of the order."""

    KIND: ClassVar[str] = "hold.place"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class HoldLifted(Event):
    """Who ordered a hold has lifted it."""

    KIND: ClassVar[str] = "hold.lift"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class HoldEnded(Event):
    """The last day of a hold has passed."""

    KIND: ClassVar[str] = "hold.end"
    deposit: DepositId
    bidder: OrgId
    hold_sha256: str


@dataclass(frozen=True, kw_only=True)
class DecisionAwaited(Event):
    """A bid could not be opened by its bidder's own doing: its deposit waits for the tenderer's decision."""

    KIND: ClassVar[str] = "forfeit.await"
    deposit: DepositId
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class ForfeitureDecided(Event):
    """The tenderer has decided to keep a deposit."""

    KIND: ClassVar[str] = "forfeit.decide"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class RefundCancelled(Event):
    """A refund that was not sent yet is not made, since the tenderer decided to keep the deposit."""

    KIND: ClassVar[str] = "refund.cancel"
    refund: RefundId
    deposit: DepositId
    bidder: OrgId
    decision_sha256: str


@dataclass(frozen=True, kw_only=True)
class ForfeitureNoted(Event):
    """The supervisor has spoken to a decision."""

    KIND: ClassVar[str] = "forfeit.note"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class ForfeitureWaived(Event):
    """The tenderer does not keep a deposit that waited for its decision."""

    KIND: ClassVar[str] = "forfeit.waive"
    bidder: OrgId

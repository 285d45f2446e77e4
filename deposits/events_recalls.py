"""What happens to recalled refunds, in the past tense, on the chain of the lot's deposits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import OrgId, RefundId


@dataclass(frozen=True, kw_only=True)
class RecallProposed(Event):
    """A person of finance proposes that the bank be asked not to carry a refund out. `subject` is the statement's digest."""

    KIND: ClassVar[str] = "recall.propose"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class RecallApproved(Event):
    """Another one agrees: the bank is asked. `subject` is the proposal's digest."""

    KIND: ClassVar[str] = "recall.approve"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class RecallDropped(Event):
    """The bank is not asked. `subject` is the proposal's digest."""

    KIND: ClassVar[str] = "recall.drop"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class RecallAnswered(Event):
    """The bank's resolution; where it stopped the order, `refund.fail` follows unless the bank had told of it before."""

    KIND: ClassVar[str] = "recall.answer"
    proposal_sha256: str
    refund: RefundId
    bidder: OrgId
    stopped: bool
    cause: str

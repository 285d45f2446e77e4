"""What the replay of an old ledger keeps of a deposit, a claim, a proposal and an order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app.verify.entries import Entry
from deposits.domain.dormant import ClaimState, DormantState, Reason
from deposits.domain.dormant_said import Claim, Proposal
from deposits.domain.dormant_sheet import OldDeposit


@dataclass
class Claimed:
    """A claim by its newest statement, and in which role it was filed."""

    said: Claim
    role: str
    state: ClaimState


@dataclass
class Row:
    """A deposit; `claim` is the open one, `is_decided`: a proposal about it is open or carried out."""

    line: OldDeposit
    is_here: bool
    state: DormantState = DormantState.LISTED
    reason: Reason = field(init=False)
    published_on: date | None = None
    contacts: int = 0
    claim: Claimed | None = None
    is_decided: bool = False
    cleared_on: date | None = None

    def __post_init__(self) -> None:
        self.reason = self.line.reason


@dataclass
class Proposed:
    """What one person proposed; `waits`: for a holder's money, after another has approved."""

    said: Proposal
    proposer: str
    is_later: bool
    is_over: bool = False
    is_approved: bool = False
    waits: bool = False
    is_ordered: bool = False


@dataclass
class Ordered:
    """A refund of a payout: what was sent, and what the bank said."""

    proposal: Proposed
    sent: Entry | None = None
    paid: bool | None = None
    is_settled: bool = False

"""What happens in a case of trading, from its registration to its close; bids and the opening have `events_opening.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import OrgId
from core.kernel.money import Money
from trading.domain.publicity import PublishedCandidate


@dataclass(frozen=True, kw_only=True)
class ProjectRegistered(Event):
    """The agency registered the project: event 0 of its case."""

    KIND: ClassVar[str] = "project.register"
    title: str
    lots: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ProjectCountersigned(Event):
    """The tenderer took the registration as its own."""

    KIND: ClassVar[str] = "project.countersign"
    register_sha256: str


@dataclass(frozen=True, kw_only=True)
class AwardPlanFixed(Event):
    """The tenderer fixed the award plan of a lot."""

    KIND: ClassVar[str] = "award_plan.fix"
    plan_sha256: str
    method: str


@dataclass(frozen=True, kw_only=True)
class DocumentPublished(Event):
    """The agency laid down the tender document; the public gets it from the release on."""

    KIND: ClassVar[str] = "document.publish"
    document_sha256: str


@dataclass(frozen=True, kw_only=True)
class NoticePublished(Event):
    """The tenderer published the tender notice."""

    KIND: ClassVar[str] = "notice.publish"
    number: str
    title: str
    release_at: datetime
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class BiddingOpened(Event):
    """The release came: the tender document can be had, bids are taken."""

    KIND: ClassVar[str] = "bidding.open"
    release_at: datetime
    document_sha256: str


@dataclass(frozen=True, kw_only=True)
class FailurePublished(Event):
    """The lot has failed, and the platform published it."""

    KIND: ClassVar[str] = "failure.publish"
    number: str
    reason: str  # too_few, all_rejected
    article: str


@dataclass(frozen=True, kw_only=True)
class CandidatesPublished(Event):
    """The tenderer published the candidates."""

    KIND: ClassVar[str] = "candidates.publish"
    number: str
    candidates: Sequence[PublishedCandidate]
    first: str  # Beijing dates, YYYY-MM-DD
    until: str


@dataclass(frozen=True, kw_only=True)
class PublicityEnded(Event):
    """The publicity ran out; the award may be decided, or rank one has won."""

    KIND: ClassVar[str] = "publicity.end"
    until: datetime
    winner: str  # org id of rank one; "" where an award committee decides, or the tenderer between several of rank one


@dataclass(frozen=True, kw_only=True)
class FirstChosen(Event):
    """The tenderer chose one of those who share the first place; why stays in the statement."""

    KIND: ClassVar[str] = "award.choose"
    winner: OrgId


@dataclass(frozen=True, kw_only=True)
class AwardNoticeSent(Event):
    """The tenderer signed the award notice; all who lost are told by the same act."""

    KIND: ClassVar[str] = "award.notice"
    number: str
    winner: OrgId
    winner_name: str
    price: Money
    bidders: Sequence[OrgId]  # all who took part: each hears it on the own stream


@dataclass(frozen=True, kw_only=True)
class ContractSigned(Event):
    """A party signed the contract; `complete` once both have, and then `number` is the contract notice's."""

    KIND: ClassVar[str] = "contract.sign"
    contract_sha256: str
    party: str  # "tenderer" or "winner"
    complete: bool
    number: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """Centre and supervisor closed the case; `events` is how many it had before this one."""

    KIND: ClassVar[str] = "case.close"
    events: int

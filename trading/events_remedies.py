"""What happens to objections and complaints, and what they stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import OrgId


@dataclass(frozen=True, kw_only=True)
class ObjectionFiled(Event):
    """Somebody objected to the tender document or its result, or challenged a procurement."""

    KIND: ClassVar[str] = "objection.file"
    org: OrgId
    number: str
    stage: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ObjectionReplied(Event):
    """The tenderer or its agency answered; to the document for all to read."""

    KIND: ClassVar[str] = "objection.answer"
    org: OrgId
    number: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class ObjectionWithdrawn(Event):
    """The filer took the objection back."""

    KIND: ClassVar[str] = "objection.withdraw"
    org: OrgId
    number: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class ObjectionOverdue(Event):
    """The legal day passed without an answer."""

    KIND: ClassVar[str] = "objection.overdue"
    org: OrgId
    number: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class ObjectionClosed(Event):
    """Nothing more comes of it: answered and nobody complained in time, or its lot has ended."""

    KIND: ClassVar[str] = "objection.close"
    org: OrgId
    number: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class BiddingHalted(Event):
    """An objection to the tender document stops the tendering activity until it is answered (招标投标法实施条例 art. 22)."""

    KIND: ClassVar[str] = "bidding.halt"
    number: str


@dataclass(frozen=True, kw_only=True)
class BiddingGoesOn(Event):
    """Nothing stops the activity any more; the days on which it stood still are added to the deadline."""

    KIND: ClassVar[str] = "bidding.go_on"
    number: str
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class ComplaintFiled(Event):
    """Somebody complained to an authority."""

    KIND: ClassVar[str] = "complaint.file"
    org: OrgId
    authority: OrgId
    number: str
    matter: str


@dataclass(frozen=True, kw_only=True)
class _OfComplaint:
    """Whose complaint it is, and its number."""

    org: OrgId
    number: str


@dataclass(frozen=True, kw_only=True)
class ComplaintAccepted(_OfComplaint, Event):
    """The authority takes it on."""

    KIND: ClassVar[str] = "complaint.accept"
    decision_due: datetime


@dataclass(frozen=True, kw_only=True)
class ComplaintRefused(_OfComplaint, Event):
    """The authority does not take it on."""

    KIND: ClassVar[str] = "complaint.refuse"
    ground: str


@dataclass(frozen=True, kw_only=True)
class ComplaintHandedOver(_OfComplaint, Event):
    """To the authority that received the same complaint first (条例 art. 61)."""

    KIND: ClassVar[str] = "complaint.hand_over"
    first: str


@dataclass(frozen=True, kw_only=True)
class ComplaintInvestigated(_OfComplaint, Event):
    """The authority looks into it."""

    KIND: ClassVar[str] = "complaint.investigate"


@dataclass(frozen=True, kw_only=True)
class SuspensionOrdered(_OfComplaint, Event):
    """The authority orders the activity suspended; `until` is None where its decision will end it."""

    KIND: ClassVar[str] = "complaint.suspend"
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class SuspensionLifted(_OfComplaint, Event):
    """The authority lifts its order."""

    KIND: ClassVar[str] = "complaint.lift"


@dataclass(frozen=True, kw_only=True)
class SuspensionEnded(_OfComplaint, Event):
    """The order ran out, or ended with the complaint."""

    KIND: ClassVar[str] = "complaint.lapse"


@dataclass(frozen=True, kw_only=True)
class ComplaintOverdue(_OfComplaint, Event):
    """The legal day for the acceptance or the decision passed."""

    KIND: ClassVar[str] = "complaint.overdue"
    what: str


@dataclass(frozen=True, kw_only=True)
class ComplaintDecided(_OfComplaint, Event):
    """The authority decided."""

    KIND: ClassVar[str] = "complaint.decide"
    outcome: str


@dataclass(frozen=True, kw_only=True)
class DecisionPublished(_OfComplaint, Event):
    """The decision is public, without the complainant's name."""

    KIND: ClassVar[str] = "complaint.publish"


@dataclass(frozen=True, kw_only=True)
class ComplaintWithdrawn(_OfComplaint, Event):
    """The filer took the complaint back."""

    KIND: ClassVar[str] = "complaint.withdraw"

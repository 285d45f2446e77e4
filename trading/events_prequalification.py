"""What happens in a round of prequalification; its applications are sealed and opened by events of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import OrgId
from trading.domain.prequalification_review import Failure


@dataclass(frozen=True, kw_only=True)
class RoundDocumentLaidDown(Event):
    """The agency laid down the prequalification document; the public gets it from its release on."""

    KIND: ClassVar[str] = "prequalification.document"
    document_sha256: str


@dataclass(frozen=True, kw_only=True)
class RoundPublished(Event):
    """The tenderer published the prequalification notice."""

    KIND: ClassVar[str] = "prequalification.publish"
    number: str
    title: str
    release_at: datetime
    release_until: datetime
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class RoundHalted(Event):
    """An objection to the document waits for its answer: no application is taken meanwhile."""

    KIND: ClassVar[str] = "prequalification.halt"
    number: str


@dataclass(frozen=True, kw_only=True)
class RoundGoesOn(Event):
    """Nothing stops the round any more; its deadline moved by as long as it stood still."""

    KIND: ClassVar[str] = "prequalification.go_on"
    number: str
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class RoundAmended(Event):
    """The tenderer changed the document while applications are taken; `deadline` is the one from now on."""

    KIND: ClassVar[str] = "prequalification.amend"
    number: str
    document_sha256: str
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class CommitteeNamed(Event):
    """The tenderer named who reviews the applications; secret like any committee."""

    KIND: ClassVar[str] = "prequalification.committee"
    members: int


@dataclass(frozen=True, kw_only=True)
class SheetSigned(Event):
    """A reviewer signed the own sheet; nobody else learns what it says until the bids are opened."""

    KIND: ClassVar[str] = "prequalification.review"


@dataclass(frozen=True, kw_only=True)
class RoundConcluded(Event):
    """The tenderer signed what every applicant is told; `passed` is how many may bid."""

    KIND: ClassVar[str] = "prequalification.conclude"
    passed: int


@dataclass(frozen=True, kw_only=True)
class ResultTold(Event):
    """One applicant's letter (资格预审结果通知书): the platform's word for it alone, with the reasons where it did not pass."""

    KIND: ClassVar[str] = "prequalification.result"
    ALONE: ClassVar[bool] = True
    org: OrgId
    name: str
    passed: bool
    failures: Sequence[Failure]
    result_sha256: str

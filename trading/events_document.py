"""What happens to a tender document while bids are taken: it is amended, questions are answered, and the deadline follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event, as_json
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from trading.domain.document import FileEntry


@dataclass(frozen=True, kw_only=True)
class DocumentAmended(Event):
    """The tenderer amended the tender document; `bidders` have sealed a bid for an earlier version and hear it on the own stream."""

    KIND: ClassVar[str] = "document.amend"
    number: str  # of the notice
    version: int
    document_sha256: str
    deadline: datetime
    bidders: Sequence[OrgId]


@dataclass(frozen=True, kw_only=True)
class DeadlineExtended(Event):
    """The deadline, and with it the opening, moved; `cause` is the digest of the statement that made it move."""

    KIND: ClassVar[str] = "deadline.extend"
    before: datetime
    deadline: datetime
    cause: str
    rule: str  # the period that moved it, "" where the tenderer wished it
    bidders: Sequence[OrgId]

    def body(self) -> dict[str, JSON]:
        """What the platform says of it."""
        return {name: as_json(getattr(self, name)) for name in ("before", "deadline", "cause", "rule")}


@dataclass(frozen=True, kw_only=True)
class DocumentClarified(Event):
    """The agency answered questions to everybody at once; `bidders` have a sealed bid and hear it on the own stream."""

    KIND: ClassVar[str] = "clarification.publish"
    number: str  # of the notice
    answers: int
    deadline: datetime
    bidders: Sequence[OrgId]


@dataclass(frozen=True, kw_only=True)
class DownloadReceipted(Event):
    """A firm had a version of the tender document and asked for the platform's word for it. It stands in a chain that the firm shares with
    nobody, outside the case: no package, no stream and no number tells that there was a download."""

    KIND: ClassVar[str] = "download.receipt"
    ALONE: ClassVar[bool] = True
    number: str
    tender: str  # the sayable number of the lot
    org: OrgId
    name: str
    version: int
    document_sha256: str
    files: Sequence[FileEntry]
    given_at: datetime

"""What happens to all applications of a lot at once; each one's seal, receipt, shares and opening are events of `events_opening.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event, as_json
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON


@dataclass(frozen=True, kw_only=True)
class ApplicationsClosed(Event):
    """The round's deadline came; the list of what was accepted is made, for those alone who open and review. `subject` is the lot."""

    KIND: ClassVar[str] = "application.close"
    deadline: datetime
    accepted: Sequence[str]
    bidders: Sequence[OrgId]  # each hears on the own stream, and nobody of another

    def body(self) -> dict[str, JSON]:
        """The closing list."""
        return {"lot": self.lot, "deadline": as_json(self.deadline), "accepted": list(self.accepted)}


@dataclass(frozen=True, kw_only=True)
class ApplicationsOpening(Event):
    """The host has the offices open the applications; no list is public, nothing is read out."""

    KIND: ClassVar[str] = "application.open"
    bidders: Sequence[OrgId]
    until: datetime  # the offices' time to release their shares

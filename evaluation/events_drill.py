"""That a drill began, what was injected and lifted, and that it ended, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON


@dataclass(frozen=True, kw_only=True)
class DrillBegun(Event):
    """The centre began a drill: the tender is invented."""

    KIND: ClassVar[str] = "drill.begin"
    title: str


@dataclass(frozen=True, kw_only=True)
class BidsInvented(Event):
    """The platform invented the bids of a drill and the method by which they are scored."""

    KIND: ClassVar[str] = "drill.bids"
    method: Mapping[str, JSON]
    envelopes: Sequence[Mapping[str, JSON]]
    bids: Sequence[Mapping[str, JSON]]


@dataclass(frozen=True, kw_only=True)
class FaultInjected(Event):
    """The centre injected a fault. `subject` is the digest of the statement."""

    KIND: ClassVar[str] = "drill.inject"
    fault: str
    seat: str
    site: str


@dataclass(frozen=True, kw_only=True)
class FaultLifted(Event):
    """A fault that lasted is over."""

    KIND: ClassVar[str] = "drill.lift"


@dataclass(frozen=True, kw_only=True)
class DrillEnded(Event):
    """The drill is over, and so is its room."""

    KIND: ClassVar[str] = "drill.end"

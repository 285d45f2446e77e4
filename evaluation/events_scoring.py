"""What happens between the technical lock and the report, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class BlindOpeningSigned(Event):
    """An office signed that the code names be opened."""

    KIND: ClassVar[str] = "blind.open"
    office: str  # centre, supervisor


@dataclass(frozen=True, kw_only=True)
class ConsistencyChecked(Event):
    """The signed sheets were compared after the summary; nothing found is said too."""

    KIND: ClassVar[str] = "consistency.result"
    findings: Sequence[Mapping[str, JSON]]  # [{kind, seats, bid, criterion, figures}]


@dataclass(frozen=True, kw_only=True)
class FindingAnswered(AtSeat, Event):
    """A member answered to an objective item that differs; score and reason stay in the statement."""

    KIND: ClassVar[str] = "finding.answer"
    bid: str
    criterion: str

"""What happens between the technical lock and the report, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON


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

"""That an evaluation stood still, why, and how it went on, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class FaultReported(Event):
    """The host reported a fault: the room stands still. `subject` is the digest of the statement."""

    KIND: ClassVar[str] = "halt.fault"
    phase: str


@dataclass(frozen=True, kw_only=True)
class SeatUnfilled(Event):
    """A member cannot go on and nobody is left to follow: all is sealed for another committee. `subject` is the digest of the statement."""

    KIND: ClassVar[str] = "halt.vacancy"
    seat: str


@dataclass(frozen=True, kw_only=True)
class NightSealed(Event):
    """The host sealed the room for the night."""

    KIND: ClassVar[str] = "halt.night"
    until: str


@dataclass(frozen=True, kw_only=True)
class FaultRepaired(Event):
    """It is repaired, and the work goes on."""

    KIND: ClassVar[str] = "halt.repair"


@dataclass(frozen=True, kw_only=True)
class FaultDecided(Event):
    """The tenderer waits on, or gives up."""

    KIND: ClassVar[str] = "halt.decide"


@dataclass(frozen=True, kw_only=True)
class MaterialSealed(Event):
    """All is sealed, and a new committee is to be formed."""

    KIND: ClassVar[str] = "halt.sealed"
    halt_sha256: str
    material_sha256: str


@dataclass(frozen=True, kw_only=True)
class CommitteeReformed(Event):
    """Nobody of the old committee sits there any more: the work begins again."""

    KIND: ClassVar[str] = "halt.reformed"
    halt_sha256: str


@dataclass(frozen=True, kw_only=True)
class NightOpened(Event):
    """The host opened the room in the morning, the seals whole."""

    KIND: ClassVar[str] = "halt.open"

"""Who sits at which workstation, that they sat down there, and that a desk was left, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class SeatsCommitted(Event):
    """The platform fixed its value for the next draw of workstations."""

    KIND: ClassVar[str] = "seats.commit"
    no: int
    commit: str


@dataclass(frozen=True, kw_only=True)
class SeatDrawSigned(Event):
    """The centre had the workstations drawn."""

    KIND: ClassVar[str] = "seats.draw"
    no: int


@dataclass(frozen=True, kw_only=True)
class SeatsDrawn(Event):
    """What was drawn: the platform's value, each seat's workstation, and the bookings of the lot that keep what it was drawn among."""

    KIND: ClassVar[str] = "seats.drawn"
    no: int
    secret: str
    seats: Sequence[Mapping[str, JSON]]
    bookings: Sequence[Mapping[str, JSON]]


@dataclass(frozen=True, kw_only=True)
class SeatCheckedIn(AtSeat, Event):
    """A member sat down at the workstation that was drawn, whose device signed too."""

    KIND: ClassVar[str] = "seat.check_in"


@dataclass(frozen=True, kw_only=True)
class SeatLeft(AtSeat, Event):
    """Nobody is at a desk, or nothing is heard from it: an alarm."""

    KIND: ClassVar[str] = "seat.left"
    no: int
    why: str


@dataclass(frozen=True, kw_only=True)
class SeatBack(AtSeat, Event):
    """Somebody is there again."""

    KIND: ClassVar[str] = "seat.back"
    no: int

"""Who is at their seat: told from what a line answers, so that a line which is cut is noticed, and not only one that is closed."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from time import monotonic

from core.kernel import clock

BEAT = 1.0
"""Seconds between two beats; the server asks, so that a page in the background, whose timers sleep, still answers."""
SILENT = 3.0
"""A seat from which nothing has come for so many seconds has lost its line; with a beat and the sending that makes less than five."""
FORGOTTEN = 100.0
"""Seconds after which nobody asks a silent line any more: by then the transport itself has closed it."""
KEPT = 50
"""Absences remembered for each case."""


@dataclass(frozen=True, slots=True)
class Chair:
    """A seat of one lot's room."""

    case: str
    lot: str
    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a connection listens; whether it hears of the seats; the seats of the person behind it."""

    namespace: str
    case: str
    audience: str
    hears_seats: bool = False
    seats: tuple[Chair, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody is at the seat, since when that is so, and when anything was last heard from there: by the clock that people see,
    and in seconds of one that nobody moves. `is_ours`: it was this process that heard it."""

    is_here: bool
    since: datetime
    heard: datetime
    tick: float
    is_ours: bool = True


@dataclass(frozen=True, slots=True)
class Absence:
    """A seat that lost its line, and when it was back, None while it is not."""

    chair: Chair
    since: datetime
    until: datetime | None = None


class Presence:
    """Who is on the line in this process, by connection, and which seats sibling processes hear from; nothing is stored here, and what
    is an event is asked for by `changes`."""

    def __init__(self, now: Callable[[], datetime], tick: Callable[[], float] = monotonic) -> None:
        self._now, self._tick = now, tick
        self._lock = Lock()
        self._at: dict[str, dict[str, Place]] = {}  # by connection and case: a wall listens to many cases over one line
        self._standing: dict[Chair, Standing] = {}
        self._absences: dict[str, deque[Absence]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._away: set[Chair] = set()  # as `changes` has told it
        self.hears_siblings: Callable[[], bool] = lambda: True  # while they are not heard of nothing is concluded from their silence

    def come(self, sid: str, place: Place) -> None:
        """A connection listens here now."""
        self._at.setdefault(sid, {})[place.case] = place
        self.heard(sid)

    def go(self, sid: str, case: str = "") -> None:
        """A connection is gone, or listens to one case no more. Its seat is away once it has been silent for long enough: who turns a page
        comes back before."""
        if case:
            self._at.get(sid, {}).pop(case, None)
        else:
            self._at.pop(sid, None)

    def heard(self, sid: str) -> str:
        """Something came from this connection; returns the case whose seats have changed thereby, "" for none."""
        held, now = self.held(sid), self._now()
        with self._lock:
            arrived = [chair for chair in held if self._arrive(chair, now)]
        return arrived[0].case if arrived else ""

    def heard_elsewhere(self, told: Iterable[Chair]) -> set[str]:
        """Another process heard from these seats; returns the cases in which one has changed thereby."""
        now = self._now()
        with self._lock:
            return {chair.case for chair in told if self._arrive(chair, now, is_ours=False)}

    def held(self, sid: str) -> tuple[Chair, ...]:
        """The seats of the person behind a connection."""
        return tuple(chair for place in list(self._at.get(sid, {}).values()) for chair in place.seats)

    def _arrive(self, chair: Chair, now: datetime, *, is_ours: bool = True) -> bool:
        known = self._standing.get(chair)
        if known is not None and known.is_here:
            self._standing[chair] = replace(known, heard=now, tick=self._tick(), is_ours=is_ours)
            return False
        if known is None:
            self._away.add(chair)  # an absence from before this process may be over now
        self._standing[chair] = Standing(True, now, now, self._tick(), is_ours)
        held = self._absences[chair.case]
        self._absences[chair.case] = deque((replace(one, until=one.until or now) if one.chair == chair else one for one in held), KEPT)
        return True

    def sweep(self) -> set[str]:
        """Looks for seats that have been silent too long; returns the cases in which one was found."""
        tick, changed = self._tick(), set()
        with self._lock:
            for chair, known in self._standing.items():
                if known.is_here and tick - known.tick > SILENT:
                    self._standing[chair] = Standing(False, known.heard, known.heard, known.tick, known.is_ours)
                    self._absences[chair.case].append(Absence(chair, known.heard))
                    changed.add(chair.case)
        return changed

    def changes(self, is_told_otherwise: Callable[[Chair], bool]) -> tuple[tuple[Chair, bool], ...]:
        """Seats whose line fell silent or came back since this was last asked, True with those that are back. One that something else tells
        of waits until it does no more."""
        hears, found = self.hears_siblings(), []
        with self._lock:
            for chair, known in self._standing.items():
                is_known = known.is_here != (chair in self._away) or not (known.is_ours or hears)
                if not is_known and not is_told_otherwise(chair):
                    self._away.symmetric_difference_update({chair})
                    found.append((chair, known.is_here))
        return tuple(found)

    def is_watched(self) -> bool:
        """Whether there is a seat to be asked: taken, or silent for a little while."""
        with self._lock:
            return any(self._tick() - known.tick < FORGOTTEN for known in self._standing.values())

    def lines(self) -> list[tuple[str, str]]:
        """The connections of seats, with their namespaces."""
        return [(sid, place.namespace) for sid, place in self._places() if place.seats]

    def hearing(self, case: str) -> set[tuple[str, str]]:
        """Namespace and audience of those who hear of this case's seats."""
        return {(place.namespace, place.audience) for _, place in self._places() if place.hears_seats and place.case == case}

    def _places(self) -> list[tuple[str, Place]]:
        return [(sid, place) for sid, places in list(self._at.items()) for place in list(places.values())]

    def told(self, case: str) -> dict[str, object]:
        """What they hear of a case: each seat that has ever been taken, and the absences, newest first."""
        with self._lock:
            seats = [_seat(chair, known) for chair, known in self._standing.items() if chair.case == case]
            absences = [_absence(one) for one in reversed(self._absences.get(case, ()))]
        return {"case": case, "seats": sorted(seats, key=_order), "absences": absences}


def _order(seat: Mapping[str, object]) -> tuple[str, int]:
    return str(seat["lot"]), int(str(seat["seat"]))


def _seat(chair: Chair, known: Standing) -> dict[str, object]:
    return {"lot": chair.lot, "seat": chair.code, "here": known.is_here, "since": clock.text(known.since)}


def _absence(one: Absence) -> dict[str, object]:
    until = None if one.until is None else clock.text(one.until)
    return {"lot": one.chair.lot, "seat": one.chair.code, "since": clock.text(one.since), "until": until}


def chairs(case: str, seats: Iterable[tuple[str, str]], lot: str = "") -> tuple[Chair, ...]:
    """The chairs behind pairs of lot and code, of one lot alone where it is named."""
    return tuple(Chair(case, number, code) for number, code in seats if lot in ("", number))

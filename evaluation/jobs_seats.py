"""The clock of seats: a desk that was left, or from which nothing is heard, becomes an event; so does that somebody is back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import Refusal
from core.kernel.ticks import Tick
from core.kernel.work import Door, Work
from core.web.live import presence_of
from core.web.platform import Platform
from core.web.presence import Chair, Presence
from core.web.siblings import Siblings
from evaluation.domain.seat_health import Why
from evaluation.gateway_seats import SeatHealth
from evaluation.services import seating

log = logging.getLogger(__name__)
EVERY = 1.0  # s


def registry(platform: Platform) -> SeatHealth:
    """What the workstations said, to this process or a sibling."""
    found: SeatHealth = platform.parts.setdefault("seat_health", SeatHealth())
    return found


def ticks(platform: Platform) -> tuple[Tick, ...]:
    """Looks each second; in a process that hears of no workstation there is nothing to see."""
    return (Tick("evaluation.seats_left", EVERY, lambda door: look(door, platform)),)


def watch(platform: Platform, sleep: Callable[[float], object]) -> None:
    """The same look each second for ever, in each of several web processes: the one that holds the clock may be the one that was killed."""
    while True:
        sleep(EVERY)
        try:
            look(platform.door, platform)
        except Exception:
            log.exception("desks could not be looked at")


def join(platform: Platform, siblings: Siblings) -> None:
    """What one process hears of workstations the others hear too."""
    seats = registry(platform)
    presence_of(platform).hears_siblings = lambda: siblings.is_heard
    seats.tell_siblings, seats.hears_siblings = partial(siblings.tell, "health"), lambda: siblings.is_heard
    siblings.on("health", seats.hear_elsewhere)


def look(door: Door, platform: Platform) -> int:
    """Both kinds of sign: what workstations signal, and the lines of those that signal nothing."""
    health = registry(platform)
    return tell(door, health) + tell_silent(door, health, presence_of(platform))


def tell_silent(door: Door, health: SeatHealth, presence: Presence) -> int:
    """Writes down which lines fell silent, or are heard again, of seats whose workstations signal nothing of themselves; how many."""
    found = presence.changes(lambda chair: health.knows(number_of(chair), chair.code))
    for chair, is_back in found:
        why = None if is_back else Why.SILENT
        with suppress(Refusal):  # the room is gone meanwhile
            door.perform(SYSTEM_ACTOR, partial(_note, lot=number_of(chair), seat=chair.code, why=why, by_line=True))
    return len(found)


def number_of(chair: Chair) -> str:
    """The number of the lot whose room a chair stands in."""
    return f"{chair.case}-{chair.lot}"


def tell(door: Door, health: SeatHealth) -> int:
    """Writes down which desks were left or taken again since the last look; returns how many."""
    found = health.changes()
    for lot, seat, why in found:
        try:
            door.perform(SYSTEM_ACTOR, partial(_note, lot=lot, seat=seat, why=why))
        except Refusal:  # the room is gone meanwhile
            continue
    return len(found)


def _note(work: Work, lot: str, seat: str, why: Why | None, *, by_line: bool = False) -> None:
    if why is None:
        seating.note_back(work, lot, seat)
    else:
        seating.note_left(work, lot, seat, why, by_line=by_line)

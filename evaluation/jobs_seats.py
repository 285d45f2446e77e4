"""The clock of seats: a desk that was left, or from which nothing is heard, becomes an event; so does that somebody is back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import Refusal
from core.kernel.ticks import Tick
from core.kernel.work import Door, Work
from core.web.platform import Platform
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
    return (Tick("evaluation.seats_left", EVERY, lambda door: tell(door, registry(platform))),)


def watch(platform: Platform, sleep: Callable[[float], object]) -> None:
    """The same look each second for ever, in each of several web processes: the one that holds the clock may be the one that was killed."""
    while True:
        sleep(EVERY)
        try:
            tell(platform.door, registry(platform))
        except Exception:
            log.exception("desks could not be looked at")


def join(platform: Platform, siblings: Siblings) -> None:
    """What one process hears of workstations the others hear too."""
    seats = registry(platform)
    seats.tell_siblings, seats.hears_siblings = partial(siblings.tell, "health"), lambda: siblings.is_heard
    siblings.on("health", seats.hear_elsewhere)


def tell(door: Door, health: SeatHealth) -> int:
    """Writes down which desks were left or taken again since the last look; returns how many."""
    found = health.changes()
    for lot, seat, why in found:
        try:
            door.perform(SYSTEM_ACTOR, partial(_note, lot=lot, seat=seat, why=why))
        except Refusal:  # the room is gone meanwhile
            continue
    return len(found)


def _note(work: Work, lot: str, seat: str, why: Why | None) -> None:
    if why is None:
        seating.note_back(work, lot, seat)
    else:
        seating.note_left(work, lot, seat, why)

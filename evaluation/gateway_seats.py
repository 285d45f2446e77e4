"""What the workstations of this process's rooms last said of themselves; nothing of it is stored, only that a desk was left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from evaluation.domain.seat_health import Health, Signals, Why, has_left, health

FORGOTTEN = 300.0
"""Seconds after which a silent workstation is asked about no more."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A seat's last word, how long ago that is in seconds, and what it comes to."""

    lot: str
    seat: str
    signals: Signals
    ago: float
    health: Health


class SeatHealth:
    """By lot and seat; answers at once, since a silent seat is told by the clock and not by a message."""

    def __init__(self, tick: Callable[[], float] = monotonic) -> None:
        self._tick, self._lock = tick, Lock()
        self._last: dict[tuple[str, str], tuple[Signals, float]] = {}
        self._gone: set[tuple[str, str]] = set()

    def hear(self, lot: str, seat: str, signals: Signals) -> None:
        """A workstation's word."""
        with self._lock:
            if (lot, seat) not in self._last:
                self._gone.add((lot, seat))  # an absence from before this process may be over now
            self._last[lot, seat] = (signals, self._tick())

    def of_lot(self, lot: str) -> tuple[Heard, ...]:
        """Every seat of a lot that was ever heard, by number."""
        with self._lock:
            rows = [(key, *found) for key, found in self._last.items() if key[0] == lot]
        return tuple(sorted((self._heard(*row) for row in rows), key=lambda one: int(one.seat)))

    def changes(self) -> tuple[tuple[str, str, Why | None], ...]:
        """Lot and seat of desks that were left since this was last asked, with why; None where somebody is back."""
        found: list[tuple[str, str, Why | None]] = []
        with self._lock:
            rows = [(key, *said) for key, said in self._last.items()]
            for row in rows:
                one = self._heard(*row)
                why, key = has_left(one.health), row[0]
                if (why is None) == (key in self._gone):
                    self._gone.symmetric_difference_update({key})
                    found.append((*key, why))
                if one.ago > FORGOTTEN:
                    self._last.pop(key)
                    self._gone.discard(key)
        return tuple(found)

    def _heard(self, key: tuple[str, str], signals: Signals, at: float) -> Heard:
        ago = self._tick() - at
        return Heard(*key, signals, ago, health(signals, ago))

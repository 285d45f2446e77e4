"""What workstations last said of themselves, to this process or another; nothing of it is stored, only that a desk was left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from evaluation.domain.seat_health import Device, Health, Present, Screen, Signals, Why, has_left, health

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
    """By lot and seat; answers at once, since a silent seat is told by the clock and not by a message. What one web process hears it tells
    the others, so that each knows every seat; while they are not heard of, nothing is concluded from their silence."""

    def __init__(self, tick: Callable[[], float] = monotonic) -> None:
        self._tick, self._lock = tick, Lock()
        self._last: dict[tuple[str, str], tuple[Signals, float]] = {}
        self._elsewhere: set[tuple[str, str]] = set()  # seats that were last heard by another process
        self._gone: set[tuple[str, str]] = set()
        self.tell_siblings: Callable[[Any], object] = bool  # nobody, where this process is alone
        self.hears_siblings: Callable[[], bool] = lambda: True

    def hear(self, lot: str, seat: str, signals: Signals) -> None:
        """A workstation's word to this process."""
        self._take((lot, seat), signals)
        said = (signals.camera.value, signals.microphone.value, signals.screen.value, signals.present.value, signals.latency)
        self.tell_siblings([lot, seat, *said])

    def hear_elsewhere(self, told: Any) -> None:
        """What `hear` told of one that another process took."""
        lot, seat, camera, microphone, screen, present, latency = told
        said = Signals(Device(camera), Device(microphone), Screen(screen), Present(present), int(latency))
        self._take((str(lot), str(seat)), said, is_ours=False)

    def _take(self, key: tuple[str, str], signals: Signals, *, is_ours: bool = True) -> None:
        with self._lock:
            if key not in self._last:
                self._gone.add(key)  # an absence from before this process may be over now
            self._last[key] = (signals, self._tick())
            (self._elsewhere.discard if is_ours else self._elsewhere.add)(key)

    def _known(self) -> list[tuple[tuple[str, str], Signals, float]]:
        """What may be judged, under the lock."""
        unheard = set() if self.hears_siblings() else self._elsewhere
        return [(key, *found) for key, found in self._last.items() if key not in unheard]

    def of_lot(self, lot: str) -> tuple[Heard, ...]:
        """Every seat of a lot that was ever heard, by number."""
        with self._lock:
            rows = [row for row in self._known() if row[0][0] == lot]
        return tuple(sorted((self._heard(*row) for row in rows), key=lambda one: int(one.seat)))

    def knows(self, lot: str, seat: str) -> bool:
        """Whether a workstation of that seat signals, or did not long ago."""
        with self._lock:
            return (lot, seat) in self._last

    def changes(self) -> tuple[tuple[str, str, Why | None], ...]:
        """Lot and seat of desks that were left since this was last asked, with why; None where somebody is back."""
        found: list[tuple[str, str, Why | None]] = []
        with self._lock:
            for row in self._known():
                one = self._heard(*row)
                why, key = has_left(one.health), row[0]
                if (why is None) == (key in self._gone):
                    self._gone.symmetric_difference_update({key})
                    found.append((*key, why))
                if one.ago > FORGOTTEN:
                    self._last.pop(key)
                    self._gone.discard(key)
                    self._elsewhere.discard(key)
        return tuple(found)

    def _heard(self, key: tuple[str, str], signals: Signals, at: float) -> Heard:
        ago = self._tick() - at
        return Heard(*key, signals, ago, health(signals, ago))

"""What goes wrong at the sandbox bank: on request, so many times or by chance, and the same again under the same seed."""

from __future__ import annotations

import random
import sqlite3
import time

COUNTED = {
    "lose_answers": "the connection breaks where the answer to orders or a recall was due; what was asked is done",
    "lose_statuses": "the answer to several orders leaves one of them out",
    "refuse_orders": "an order is refused, for good",
    "pend_orders": "an order is answered `pending` and carried out `pend_ms` later",
    "duplicate_notices": "an entry is told twice, and once more with the next page",
    "reorder_notices": "a page of notices comes in another order",
    "hold_notices": "there are said to be no news",
    "down": "any request is answered by 503",
}
SET = {
    "delay_ms": "how late every answer is",
    "delay_up_to_ms": "and by how much more, drawn anew each time",
    "pend_ms": "how long a pending order waits",
    "down_ms": "from now on for so long, every request is answered by 503",
}
FAULTS = (*COUNTED, *(f"{name}_percent" for name in COUNTED), *SET)
"""Each of COUNTED goes wrong the next so many times, or, as `…_percent`, by chance that often."""


class Faults:
    """The faults asked for, in the bank's own database: they outlive it."""

    def __init__(self, database: sqlite3.Connection, seed: int) -> None:
        database.execute("CREATE TABLE IF NOT EXISTS fault (name TEXT PRIMARY KEY, left INTEGER NOT NULL)")
        self._database = database
        lives = self.get("lives") + 1
        self._put("lives", lives)
        self._chance = random.Random(f"{seed}/{lives}")  # noqa: S311 - what goes wrong shall go wrong again

    def set(self, name: str, value: int) -> None:
        """Asks for a fault, or with 0 for no more of it. Raises ValueError."""
        if name not in FAULTS or value < 0 or (name.endswith("_percent") and value > 100):
            raise ValueError(f"no such fault: {name}={value}")
        self._put("down_until", _now_ms() + value) if name == "down_ms" else self._put(name, value)

    def get(self, name: str) -> int:
        """How many times are left, or what was set; of `down_ms`, what remains."""
        if name == "down_ms":
            return max(self.get("down_until") - _now_ms(), 0)
        row = self._database.execute("SELECT left FROM fault WHERE name = ?", (name,)).fetchone()
        return 0 if row is None else int(row[0])

    def strikes(self, name: str) -> bool:
        """Whether it goes wrong this time."""
        if self._database.execute("UPDATE fault SET left = left - 1 WHERE name = ? AND left > 0", (name,)).rowcount == 1:
            return True
        percent = self.get(f"{name}_percent")
        return percent > 0 and self._chance.randrange(100) < percent

    def is_down(self) -> bool:
        """Whether this request meets nobody."""
        return self.get("down_ms") > 0 or self.strikes("down")

    def delay(self) -> float:
        """How many seconds this answer is late."""
        return (self.get("delay_ms") + self._chance.randint(0, self.get("delay_up_to_ms"))) / 1000

    def shuffle(self, things: list[sqlite3.Row]) -> None:
        """Another order."""
        self._chance.shuffle(things)

    def pick(self, count: int) -> int:
        """One of so many."""
        return self._chance.randrange(count)

    def _put(self, name: str, value: int) -> None:
        self._database.execute("INSERT INTO fault VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET left = excluded.left", (name, value))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000

"""The server is killed at random moments while the play goes on, and started again each time."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.demo.stage import Stage, StageFault

LONGEST = 7.0  # seconds that a server is let live: what the clock looks at every five seconds gets its turn now and then


@dataclass
class Crashes:
    """How often the server was killed."""

    done: int = 0
    fault: StageFault | None = None


@contextmanager
def killing(stage: Stage, times: int, seed: int) -> Iterator[Crashes]:
    """Kills the server `times` times while the block runs, or as often as there is time for; it serves when the block ends."""
    crashes, over, chance = Crashes(), threading.Event(), random.Random(seed)  # noqa: S311 - moments, no secrets

    def run() -> None:
        try:
            while crashes.done < times and not over.wait(chance.uniform(0.05, LONGEST)):
                stage.kill_server()
                crashes.done += 1
                stage.start_server()
        except StageFault as fault:
            crashes.fault = fault

    killer = threading.Thread(target=run, name="killer")
    if times:
        killer.start()
    try:
        yield crashes
    finally:
        over.set()
        if times:
            killer.join()
    if crashes.fault is not None:
        raise crashes.fault

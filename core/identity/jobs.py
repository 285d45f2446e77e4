"""What identity does by itself: the file of the demonstration's clock follows its table."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from core.identity.services import clockwork
from core.kernel import clock
from core.kernel.outbox import Outside, Payload
from core.kernel.work import Door

TICKS: tuple[Any, ...] = ()


def _show(door: Door, payload: Payload) -> None:
    """Writes the offset unless the file is ahead already: messages may come late and twice, and the clock never goes back."""
    show(door.clock_file, timedelta(milliseconds=int(payload["offset_ms"])))


def show(clock_file: Path | None, offset: timedelta) -> None:
    """Sets the file that all processes read to this offset, unless it stands further ahead."""
    if clock_file is not None and clock.read_offset(clock_file) < offset:
        clock.write_offset(clock_file, offset)


SUBSCRIPTIONS = {clockwork.TOPIC: Outside(_show)}

"""What identity does by itself: the file of the demonstration's clock follows its table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.identity.gateway import show
from core.identity.services import clockwork
from core.kernel.outbox import Outside, Payload
from core.kernel.work import Door

TICKS: tuple[Any, ...] = ()


def _show(door: Door, payload: Payload) -> None:
    """Writes the offset unless the file is ahead already: messages may come late and twice, and the clock never goes back."""
    show(door.clock_file, timedelta(milliseconds=int(payload["offset_ms"])))


SUBSCRIPTIONS = {clockwork.TOPIC: Outside(_show)}

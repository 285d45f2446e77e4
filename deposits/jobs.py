"""What deposits do by themselves."""

from __future__ import annotations

from core.kernel.outbox import Subscriber
from core.kernel.ticks import Tick
from core.web.platform import Platform


def ticks(platform: Platform) -> tuple[Tick, ...]:
    """What the clock looks after: the bank's notices, refunds that are due, and those the bank has not answered."""
    return ()


def subscriptions(platform: Platform) -> dict[str, Subscriber]:
    """Who carries a refund to the bank."""
    return {}

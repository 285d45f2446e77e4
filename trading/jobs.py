"""What the clock does for trading, and what trading hears from others; the opening's part is in `jobs_opening.py`."""

from __future__ import annotations

from core.kernel.outbox import Subscriptions
from core.kernel.ticks import Tick, each
from core.web.platform import Platform
from trading import jobs_collusion, jobs_opening, jobs_practice, jobs_remedies
from trading.queries import due, duties
from trading.services import contract_reminders, lots, publicity, telling

TICKS: tuple[Tick, ...] = (
    Tick("trading.open_bidding", 5.0, each(due.released, lots.open_bidding)),
    Tick("trading.end_publicity", 5.0, each(due.publicity_over, publicity.end)),
    Tick("trading.contracts_due", 60.0, each(duties.to_remind, contract_reminders.remind)),
    *jobs_opening.TICKS,
    *jobs_collusion.TICKS,
    *jobs_remedies.TICKS,
)


def ticks(platform: Platform) -> tuple[Tick, ...]:
    """All of trading's in this process."""
    return (*TICKS, *jobs_practice.ticks(platform.files))


def subscriptions(platform: Platform) -> Subscriptions:
    """What trading subscribes to in this process."""
    outside = {**jobs_opening.subscriptions(platform.files), **jobs_collusion.subscriptions(platform.files)}
    return {**outside, telling.TOPIC: telling.tell}

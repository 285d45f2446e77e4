"""What the clock does about collusion signals: once all files of an opening have been read, its bids are compared."""

from __future__ import annotations

from core.kernel.files import FileStore
from core.kernel.outbox import Outside, Subscriptions
from core.kernel.ticks import Tick, each
from trading.queries import collusion as queries
from trading.services import collusion
from trading.services.comparison import Comparison

TICKS = (Tick("trading.compare_bids", 5.0, each(queries.due, collusion.ask_check)),)


def subscriptions(files: FileStore) -> Subscriptions:
    """The comparison runs outside the door, with the store that this process keeps; what fails is tried again, later and later."""
    return {collusion.CHECK: Outside(Comparison(files).run)}

"""A lot's deadline is moved: by an order, or by what the law makes of an amendment."""

from __future__ import annotations

from datetime import datetime

from core.kernel.work import Work
from trading.models.lot import Lot
from trading.services import orders


def move_deadline(work: Work, lot: Lot, deadline: datetime) -> None:
    """Sets the deadline of a held lot, and with it the opening and the last moment for deposits. The caller has held the law against it,
    and records the event that tells of it, of a kind that the verifier's `MOVES_DEADLINE` names."""
    lot.deadline = deadline
    orders.ask_deposit(work, lot)

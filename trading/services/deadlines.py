"""A lot's deadline is stopped, or moved: by an order, by a remedy, or by what the law makes of an amendment. Here alone.

Whoever halts a held lot calls `stop`. When it goes on, `domain.lot_order.earliest_deadline` says the first deadline that leaves bidders the
time they had, and `move_deadline` sets it or a later one.
"""

from __future__ import annotations

from datetime import datetime

from core.kernel.ids import LotId
from core.kernel.work import Work
from deposits.services import requirements
from trading.models.lot import Lot
from trading.services import orders


def stop(work: Work, lot: Lot) -> None:
    """A held lot stands still: its deadline runs against nobody, nor does the one for deposits, until `move_deadline` sets the next.
    Harmless for a lot that stands still already."""
    requirements.stand_still(work, LotId(lot.id))


def move_deadline(work: Work, lot: Lot, deadline: datetime) -> None:
    """Sets the deadline of a held lot, and with it the opening and the last moment for deposits, which runs again. The caller has held the
    law against it, and records the event that tells of it, of a kind that the verifier's `MOVES_DEADLINE` names."""
    lot.deadline = deadline
    orders.ask_deposit(work, lot)

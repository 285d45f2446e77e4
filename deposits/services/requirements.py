"""Requirements: which deposit a lot asks for."""

from __future__ import annotations

from datetime import datetime

from core.kernel.ids import LotId
from core.kernel.money import Money
from core.kernel.work import Work


def require(work: Work, lot: LotId, number: str, amount: Money, deadline: datetime) -> None:
    """From now on a bid for this lot asks for a deposit of `amount` by `deadline`; zero asks for none."""

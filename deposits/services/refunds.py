"""Refunds of deposits: what trading orders, and what the bank confirms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.kernel.ids import LotId, OrgId
from core.kernel.work import Work


def schedule(work: Work, lot: LotId, bidders: Sequence[OrgId], reason: str, due_at: datetime) -> None:
    """Makes the deposits of these bidders for this lot due for refund by `due_at`, with interest; a bidder without one is passed over."""

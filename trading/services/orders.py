"""What trading orders of deposits, in one place: what a lot asks for, and what is to be refunded, to whom, by when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from core.kernel.ids import LotId, OrgId
from core.kernel.work import Work
from deposits.services import refunds, requirements
from trading.domain.bid import BidState
from trading.domain.clock import Law
from trading.models.bid import Bid
from trading.models.lot import Lot

PROMPTLY = timedelta(days=5)  # where no period binds: as quick as the law is elsewhere


def ask_deposit(work: Work, lot: Lot) -> None:
    """Tells deposits what this lot, whose notice is going out, asks for."""
    if lot.deposit is not None and lot.deadline is not None:
        requirements.require(work, LotId(lot.id), lot.number, lot.deposit, lot.deadline)


def refund_after_contract(work: Work, lot: Lot, law: Law, at: datetime) -> None:
    """All who were in the bidding get their deposits back within T14 of the contract (Regulation art. 57)."""
    standing = select(Bid.org_id).where(Bid.lot_id == lot.id, Bid.ver > 0, Bid.state != BidState.WITHDRAWN).order_by(Bid.org_id)
    bidders = [OrgId(org) for org in work.session.scalars(standing)]
    refunds.schedule(work, LotId(lot.id), bidders, "contract_signed", law.ends_at("T14", at) or at + PROMPTLY)


def refund_after_failure(work: Work, lot: Lot, bidders: Sequence[OrgId], at: datetime) -> None:
    """A lot that failed at its deadline keeps nobody's deposit; no period is set for it, so the contract's is kept (T14)."""
    refunds.schedule(work, LotId(lot.id), bidders, "lot_failed", at + PROMPTLY)

"""All deposits of one firm, for that firm alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId
from core.kernel.money import Money
from deposits.domain.deposit import STANDS_STILL
from deposits.models.bank import Refund
from deposits.models.requirement import Deposit, Requirement
from deposits.models.waivers import WaiverUse
from deposits.queries.requirements import WAIVED, RefundView, refund_view
from deposits.queries.terms import terms_of


@dataclass(frozen=True, slots=True)
class OwnDeposit:
    """One deposit of the firm, or a lot in which its waiver leaves nothing of it. `refund`: that of the deposit itself, None while none is
    due; `deadline` None: the lot stands still."""

    lot: str
    title: str
    state: str
    required: Money
    paid: Money
    deadline: datetime | None
    refund: RefundView | None


def all_of(session: Session, org: OrgId) -> tuple[OwnDeposit, ...]:
    """The firm's deposits, the youngest first, and before them the lots in which a waiver leaves nothing to be paid."""
    query = select(Deposit, Requirement).join(Requirement, Requirement.lot_id == Deposit.lot_id).where(Deposit.org_id == org)
    rows = session.execute(query.order_by(Deposit.requested_at.desc(), Deposit.id)).all()
    ids = [deposit.id for deposit, _ in rows]
    refunds = session.scalars(select(Refund).where(Refund.deposit_id.in_(ids)).order_by(Refund.scheduled_at, Refund.id))
    last = {refund.deposit_id: refund_view(refund) for refund in refunds}
    return _waived(session, org) + tuple(
        OwnDeposit(
            asked.number,
            terms_of(session, LotId(asked.lot_id)).title,
            deposit.state.value,
            deposit.required,
            deposit.paid,
            _deadline(asked),
            last.get(deposit.id),
        )
        for deposit, asked in rows
    )


def _waived(session: Session, org: OrgId) -> tuple[OwnDeposit, ...]:
    query = select(Requirement).join(WaiverUse, WaiverUse.lot_id == Requirement.lot_id)
    rows = session.scalars(query.where(WaiverUse.org_id == org, WaiverUse.asked == Money(0)).order_by(WaiverUse.used_at.desc()))
    titles = ((asked, terms_of(session, LotId(asked.lot_id)).title) for asked in rows)
    return tuple(OwnDeposit(asked.number, title, WAIVED, Money(0), Money(0), _deadline(asked), None) for asked, title in titles)


def _deadline(asked: Requirement) -> datetime | None:
    return None if asked.deadline == STANDS_STILL else asked.deadline

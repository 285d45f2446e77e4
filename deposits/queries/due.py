"""What the clock looks after: refunds to be sent, refunds without an answer, deposits that nothing completes any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.kernel.ids import DepositId, RefundId
from deposits.domain.account import COLLECTING
from deposits.domain.deposit import BANK_LAG, PAST_DEADLINE, TAKES_PAYMENTS
from deposits.domain.messages import PaymentOrder
from deposits.domain.refund import UNANSWERED, RefundState
from deposits.models.bank import BankPosition, Refund
from deposits.models.requirement import Deposit, Requirement
from deposits.queries import holds

AT_ONCE = 500  # how many a tick takes on
PATIENCE = timedelta(seconds=10)  # before the bank is asked again under the same key


def to_send(session: Session, _now: datetime) -> Sequence[RefundId]:
    """Scheduled refunds, the most urgent first: they go out as soon as they may, not on their last day."""
    query = (
        select(Refund.id)
        .where(Refund.state == RefundState.SCHEDULED, ~holds.waits(Refund.deposit_id))
        .order_by(Refund.due_at, Refund.id)
        .limit(AT_ONCE)
    )
    return [RefundId(found) for found in session.scalars(query)]


def unanswered(session: Session, now: datetime) -> Sequence[RefundId]:
    """Refunds that were ordered, and the bank has not said whether it has them."""
    asked = func.coalesce(Refund.asked_at, Refund.sent_at)
    waiting = or_(asked.is_(None), asked < now - PATIENCE)
    query = select(Refund.id).where(Refund.state.in_(UNANSWERED), waiting).order_by(asked, Refund.id).limit(AT_ONCE)
    return [RefundId(found) for found in session.scalars(query)]


def incomplete(session: Session, now: datetime) -> Sequence[DepositId]:
    """Deposits not completed, of lots whose deadline has passed by so much that the bank has nothing more to tell."""
    query = (
        select(Deposit.id)
        .join(Requirement, Requirement.lot_id == Deposit.lot_id)
        .where(Requirement.state.in_(PAST_DEADLINE), Requirement.deadline < now - BANK_LAG, Deposit.state.in_(TAKES_PAYMENTS))
        .limit(AT_ONCE)
    )
    return [DepositId(found) for found in session.scalars(query)]


def order(session: Session, refund_id: RefundId) -> PaymentOrder | None:
    """The order of a refund, the same bytes each time; None when the bank has answered it."""
    refund = session.get(Refund, refund_id)
    if refund is None or refund.state not in UNANSWERED or refund.sent_at is None:
        return None
    return PaymentOrder(
        key=refund.id.hex,
        ordered_at=refund.sent_at,
        debtor_name=COLLECTING.name,
        debtor_account=refund.from_account,
        creditor_name=refund.payee_name,
        creditor_account=refund.payee_account,
        amount=refund.principal + refund.interest,
        text=f"DEPOSIT REFUND {refund.principal} INTEREST {refund.interest}",
    )


def position(session: Session) -> int:
    """The number of the bank's last entry that we have read."""
    return session.scalar(select(BankPosition.seq)) or 0

"""What the clock looks after: refunds to be sent, refunds without an answer, deposits that nothing completes any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from core.kernel.ids import DepositId, RefundId
from deposits.domain.account import COLLECTING
from deposits.domain.batch import LARGEST, BatchState
from deposits.domain.deposit import BANK_LAG, KNOWN_TO_FINANCE, PAST_DEADLINE, TAKES_PAYMENTS
from deposits.domain.messages import PaymentOrder
from deposits.domain.refund import UNANSWERED, RefundState
from deposits.models.bank import BankPosition, Refund
from deposits.models.batches import RefundBatch
from deposits.models.requirement import Deposit, Requirement
from deposits.queries import holds

TOGETHER = 100  # refunds that one transaction promises
AT_ONCE = 500  # how many a tick takes on
PATIENCE = timedelta(seconds=10)  # before the bank is asked again under the same key


def to_send(session: Session, _now: datetime) -> Sequence[RefundId]:
    """Scheduled refunds that go out alone, since nobody may hear of them: of lots still sealed, and of no lot; the most urgent first. They
    go as soon as they may, not on their last day."""
    query = select(Refund.id).where(_waiting(), ~_is_open()).order_by(Refund.due_at, Refund.id).limit(AT_ONCE)
    return [RefundId(found) for found in session.scalars(query)]


def to_gather(most: int) -> Select[Refund]:
    """Scheduled refunds of opened lots that are in no batch yet, the most urgent first."""
    return select(Refund).where(_waiting(), _is_open()).order_by(Refund.due_at, Refund.id).limit(most)


def _waiting() -> ColumnElement[bool]:
    return (Refund.state == RefundState.SCHEDULED) & Refund.batch_id.is_(None) & ~holds.waits(Refund.deposit_id)


def _is_open() -> ColumnElement[bool]:
    return exists().where(Requirement.lot_id == Refund.lot_id, Requirement.state.in_(KNOWN_TO_FINANCE))


def released(session: Session, _now: datetime) -> Sequence[tuple[UUID, Sequence[RefundId]]]:
    """Refunds of released batches that are not promised yet, as many at a time as one transaction takes."""
    query = select(Refund.batch_id, Refund.id).join(RefundBatch, RefundBatch.id == Refund.batch_id)
    query = query.where(RefundBatch.state == BatchState.RELEASED, Refund.state == RefundState.SCHEDULED, ~holds.waits(Refund.deposit_id))
    found: dict[UUID, list[RefundId]] = {}
    for batch, refund in session.execute(query.order_by(RefundBatch.number, Refund.id).limit(10 * LARGEST)):
        assert batch is not None  # it was joined
        found.setdefault(batch, []).append(RefundId(refund))
    return [(batch, refunds[start : start + TOGETHER]) for batch, refunds in found.items() for start in range(0, len(refunds), TOGETHER)]


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
    return next(iter(orders(session, [refund_id])), None)


def orders(session: Session, refunds: Sequence[RefundId]) -> list[PaymentOrder]:
    """The orders of those of these refunds that the bank has not answered."""
    rows = session.scalars(select(Refund).where(Refund.id.in_(refunds), Refund.state.in_(UNANSWERED)).order_by(Refund.id))
    return [_order(row, row.sent_at) for row in rows if row.sent_at is not None]


def _order(refund: Refund, sent_at: datetime) -> PaymentOrder:
    return PaymentOrder(
        key=refund.id.hex,
        ordered_at=sent_at,
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

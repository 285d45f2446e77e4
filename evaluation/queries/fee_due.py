"""What the clock looks after: rooms whose fees are to be calculated, fees to be ordered, orders without an answer, fees that are late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId
from deposits.domain.messages import PaymentOrder
from evaluation.domain.fee_body import RuleBody
from evaluation.domain.fee_life import NAMES_OPEN, OPEN, TO_ORDER, UNANSWERED, UNPAID, FeeState, due_on, is_overdue
from evaluation.domain.room import State
from evaluation.models.fees import ExpertAccount, Fee, FeeOrder, FeeRule, PayerAccount
from evaluation.models.rooms import Evaluation
from trading.domain.lot import LotState
from trading.domain.project import ProjectState
from trading.models.lot import Lot
from trading.models.project import Project

AT_ONCE = 200
PATIENCE = timedelta(seconds=10)  # before the bank is asked again under the same key
LONG_PATIENCE = timedelta(minutes=10)  # the same once it has said that it has the order
GIVEN_UP = (LotState.TERMINATED, LotState.FAILED)


def to_calculate(session: Session, _now: datetime) -> Sequence[LotId]:
    """Lots with a rule whose committee has handed in its report, or whose tender ended before."""
    ended = or_(Evaluation.state == State.SUBMITTED, Lot.state.in_(GIVEN_UP))
    query = (
        select(FeeRule.lot_id)
        .join(Lot, Lot.id == FeeRule.lot_id)
        .join(Project, Project.id == Lot.project_id)
        .join(Evaluation, Evaluation.lot_id == Lot.id)
        .where(FeeRule.calculated_at.is_(None), ended, Project.state.not_in((ProjectState.CLOSING, ProjectState.CLOSED)))
        .limit(AT_ONCE)
    )
    return [LotId(found) for found in session.scalars(query)]


def to_order(session: Session, _now: datetime) -> Sequence[UUID]:
    """Confirmed fees of lots whose experts may be known, and fees that came back and have a new account; both accounts are there."""
    newest = select(FeeOrder.payee_account).where(FeeOrder.fee_id == Fee.id).order_by(FeeOrder.attempt.desc()).limit(1)
    went_to = newest.correlate(Fee).scalar_subquery()
    query = (
        select(Fee.id)
        .join(Lot, Lot.id == Fee.lot_id)
        .join(ExpertAccount, ExpertAccount.person_id == Fee.person_id)
        .join(PayerAccount, PayerAccount.org_id == Fee.payer_org)
        .where(Fee.state.in_(TO_ORDER), Lot.state.in_(NAMES_OPEN))
        .where(or_(Fee.state == FeeState.CONFIRMED, went_to != ExpertAccount.number))
        .order_by(Fee.confirmed_at, Fee.id)
        .limit(AT_ONCE)
    )
    return list(session.scalars(query))


def unanswered(session: Session, now: datetime) -> Sequence[UUID]:
    """Orders of which the bank has not said that they are paid or not."""
    asked = func.coalesce(FeeOrder.asked_at, FeeOrder.ordered_at)
    waiting = or_(
        and_(Fee.state.in_(UNANSWERED), asked < now - PATIENCE), and_(Fee.state == FeeState.ACCEPTED, asked < now - LONG_PATIENCE)
    )
    open_ = select(FeeOrder.id).join(Fee, Fee.id == FeeOrder.fee_id).where(FeeOrder.returned_at.is_(None), FeeOrder.paid_at.is_(None))
    return list(session.scalars(open_.where(waiting).order_by(asked, FeeOrder.id).limit(AT_ONCE)))


def order(session: Session, order_id: UUID) -> PaymentOrder | None:
    """The order as the bank gets it, the same bytes each time; None when the bank has paid or returned it."""
    found = session.execute(select(FeeOrder, Fee.state).join(Fee, Fee.id == FeeOrder.fee_id).where(FeeOrder.id == order_id)).one_or_none()
    if found is None or found[1] not in OPEN or found[0].returned_at is not None:
        return None
    row = found[0]
    return PaymentOrder(
        key=row.id.hex,
        ordered_at=row.ordered_at,
        debtor_name=row.payer_name,
        debtor_account=row.payer_account,
        creditor_name=row.payee_name,
        creditor_account=row.payee_account,
        amount=row.fee - row.tax + row.travel,
        text=f"EXPERT FEE {row.fee} TAX {row.tax} TRAVEL {row.travel}",
    )


def overdue(session: Session, now: datetime) -> Sequence[LotId]:
    """Lots with a fee that is not paid after its term, of which nobody was told yet."""
    query = (
        select(Fee.lot_id, Fee.calculated_at, Lot.award_notice_at, Lot.ended_at, FeeRule.body)
        .join(Lot, Lot.id == Fee.lot_id)
        .join(FeeRule, FeeRule.lot_id == Fee.lot_id)
        .where(Fee.state.in_(UNPAID), Fee.warned_at.is_(None), Lot.state.in_(NAMES_OPEN))
    )
    late = {}
    for lot, calculated_at, notice_at, ended_at, body in session.execute(query):
        named_at = notice_at or ended_at or calculated_at
        if is_overdue(due_on(calculated_at, named_at, _term(body)), now):
            late[LotId(lot)] = True
    return list(late)[:AT_ONCE]


def _term(body: object) -> int:
    return RuleBody.read(cast("Mapping[str, object]", body)).term_days

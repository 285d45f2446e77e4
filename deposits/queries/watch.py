"""What finance and supervisors watch: refunds past their day, holds that stand, decisions to keep deposits. Of opened lots alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from core.kernel.errors import NotAllowed, NotFound
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain.deposit import KNOWN_TO_FINANCE, READS, DepositState, See
from deposits.domain.forfeiture import ForfeitureState, Ground
from deposits.domain.hold import last_day
from deposits.domain.performance import asked_number
from deposits.domain.refund import OPEN, RefundState
from deposits.models.bank import Refund
from deposits.models.holds import DepositHold, Forfeiture
from deposits.models.requirement import Deposit, Requirement
from deposits.queries.holds import HoldView, hold_view, holds_of
from deposits.queries.requirements import DepositView, view_of

MOST = 2_000  # rows of a list; the filter finds the rest


@dataclass(frozen=True, slots=True)
class Late:
    """A refund past its day. `held_until`: the last day of a hold that it waits for, which is no fault."""

    lot: str
    org_name: str
    deposit: UUID | None
    reason: str
    principal: Money
    state: str
    cause: str
    due_at: datetime
    days: int
    held_until: date | None


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold with whose deposit it is."""

    lot: str
    org_name: str
    deposit: UUID
    amount: Money
    hold: HoldView


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision to keep a deposit, and the note to it."""

    sha256: str
    state: ForfeitureState
    ground: Ground
    amount: Money
    clause: str
    reason: str
    payee: str
    decided_at: datetime
    note: str
    noted_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision with whose deposit it is about; `decision` None: the deposit waits for one, since `since`."""

    lot: str
    org_name: str
    deposit: UUID
    amount: Money
    since: datetime
    decision: DecisionView | None


@dataclass(frozen=True, slots=True)
class DepositStory:
    """One deposit with all that was ordered about it, the newest first."""

    id: UUID
    deposit: DepositView
    holds: tuple[HoldView, ...]
    decisions: tuple[DecisionView, ...]


def late(session: Session, now: datetime, sought: str = "") -> tuple[Late, ...]:
    """Refunds that were due and are not booked, the oldest first; `sought`: part of a lot's number or a firm's name."""
    waiting = or_(Refund.state.in_(OPEN | {RefundState.SCHEDULED}), (Refund.state == RefundState.REJECTED) & Refund.replaced.is_(False))
    query = (
        select(Refund, Requirement.number, Deposit.org_name)
        .join(Requirement, Requirement.lot_id == Refund.lot_id)
        .join(Deposit, Deposit.id == Refund.deposit_id, isouter=True)
        .where(Requirement.state.in_(KNOWN_TO_FINANCE), Refund.due_at <= now, waiting)
    )
    rows = session.execute(query.where(_sought(sought)).order_by(Refund.due_at, Refund.id).limit(MOST)).all()
    until = _held_until(session, [refund.deposit_id for refund, _, _ in rows if refund.deposit_id is not None])
    return tuple(
        Late(
            lot=number,
            org_name=name or refund.payee_name,
            deposit=refund.deposit_id,
            reason=refund.reason.value,
            principal=refund.principal,
            state=refund.state.value,
            cause=refund.cause,
            due_at=refund.due_at,
            days=(now - refund.due_at).days + 1,
            held_until=None if refund.deposit_id is None else until.get(refund.deposit_id),
        )
        for refund, number, name in rows
    )


def _held_until(session: Session, deposits: list[UUID]) -> dict[UUID, date]:
    query = select(DepositHold.deposit_id, DepositHold.ends_at).where(DepositHold.deposit_id.in_(deposits))
    found: dict[UUID, date] = {}
    for deposit, ends_at in session.execute(query.where(DepositHold.over_at.is_(None))):
        found[deposit] = max(last_day(ends_at), found.get(deposit, last_day(ends_at)))
    return found


def holds(session: Session, sought: str = "", standing: bool = False) -> tuple[HoldLine, ...]:
    """Holds, the newest first; `standing`: those alone that stand."""
    query = (
        select(DepositHold, Deposit, Requirement.number)
        .join(Deposit, Deposit.id == DepositHold.deposit_id)
        .join(Requirement, Requirement.lot_id == Deposit.lot_id)
        .where(Requirement.state.in_(KNOWN_TO_FINANCE))
    )
    if standing:
        query = query.where(DepositHold.over_at.is_(None))
    rows = session.execute(query.where(_sought(sought)).order_by(DepositHold.placed_at.desc()).limit(MOST))
    return tuple(HoldLine(number, deposit.org_name, deposit.id, deposit.paid, hold_view(row)) for row, deposit, number in rows)


def decisions(session: Session, sought: str = "", standing: bool = False) -> tuple[DecisionLine, ...]:
    """Deposits that wait for a decision, then decisions, the newest first; `standing`: without those that were noted."""
    opened = Requirement.state.in_(KNOWN_TO_FINANCE)
    waiting = select(Deposit, Requirement.number).join(Requirement, Requirement.lot_id == Deposit.lot_id)
    waiting = waiting.where(opened, Deposit.state == DepositState.FORFEITABLE)
    lines = [
        DecisionLine(number, row.org_name, row.id, row.paid, row.changed_at, None)
        for row, number in session.execute(waiting.where(_sought(sought)).order_by(Deposit.changed_at).limit(MOST))
    ]
    query = select(Forfeiture, Deposit, Requirement.number).join(Deposit, Deposit.id == Forfeiture.deposit_id)
    query = query.join(Requirement, Requirement.lot_id == Deposit.lot_id).where(opened)
    if standing:
        query = query.where(Forfeiture.noted_at.is_(None))
    rows = session.execute(query.where(_sought(sought)).order_by(Forfeiture.decided_at.desc()).limit(MOST))
    lines += [DecisionLine(number, row.org_name, row.id, told.amount, told.decided_at, _decision(told)) for told, row, number in rows]
    return tuple(lines)


def story(session: Session, number: str, deposit_id: UUID, roles: frozenset[Role]) -> DepositStory:
    """One deposit of a lot, or its winner's security, for those of `roles` (computed for this lot) who may see the list. Raises
    NotAllowed before the opening."""
    found = select(Deposit, Requirement).join(Requirement, Requirement.lot_id == Deposit.lot_id)
    numbers = (number, asked_number(number))
    row = session.execute(found.where(Requirement.number.in_(numbers), Deposit.id == deposit_id)).one_or_none()
    if row is None:
        asked = session.scalar(select(Requirement).where(Requirement.number == number))
        _may_see(asked, roles)
        raise NotFound("deposit.not_found")
    _may_see(row.Requirement, roles)
    return _story(session, row.Requirement, row.Deposit)


def own_story(session: Session, deposit_id: UUID) -> DepositStory:
    """The same for its own bidder. Raises NotFound."""
    found = select(Deposit, Requirement).join(Requirement, Requirement.lot_id == Deposit.lot_id).where(Deposit.id == deposit_id)
    row = session.execute(found).one_or_none()
    if row is None:
        raise NotFound("deposit.not_found")
    return _story(session, row.Requirement, row.Deposit)


def _may_see(asked: Requirement | None, roles: frozenset[Role]) -> None:
    if asked is None:
        raise NotFound("deposit.not_asked")
    if not READS.may(See.LIST, asked.state, roles):
        raise NotAllowed("deposit.sealed")


def _story(session: Session, asked: Requirement, row: Deposit) -> DepositStory:
    told = session.scalars(select(Forfeiture).where(Forfeiture.deposit_id == row.id).order_by(Forfeiture.decided_at.desc()))
    return DepositStory(row.id, view_of(session, asked, row), holds_of(session, row.id), tuple(map(_decision, told)))


def _decision(row: Forfeiture) -> DecisionView:
    payee = f"{row.payee_name} {row.payee_account}"
    return DecisionView(
        row.sha256, row.state, row.ground, row.amount, row.clause, row.reason, payee, row.decided_at, row.note, row.noted_at
    )


def _sought(text: str) -> ColumnElement[bool]:
    """A condition: the lot's number or the firm's name has this part; none for nothing."""
    part = text.strip()
    if not part:
        return true()
    return Requirement.number.contains(part, autoescape=True) | Deposit.org_name.contains(part, autoescape=True)

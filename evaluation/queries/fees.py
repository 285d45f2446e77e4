"""Fees as each viewer may see them: names only once they may be known, account numbers never whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.identity.models.people import Organisation, Person
from core.kernel.calendar import legal_day
from core.kernel.ids import OrgId, PersonId
from core.kernel.money import Money
from evaluation.domain.committee import code_name
from evaluation.domain.fee_body import RuleBody
from evaluation.domain.fee_life import UNPAID, FeeState, due_on, is_overdue, masked, names_are_open
from evaluation.models.fees import ExpertAccount, Fee, FeeOrder, FeeRule, PayerAccount
from trading.models.lot import Lot
from trading.models.project import Project

MOST = 2_000  # lines of a list; more is no page any more, and a month has fewer


@dataclass(frozen=True, slots=True)
class Account:
    """An account as pages show it."""

    name: str
    number: str  # masked
    bank: str
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """One member's fee for one viewer; `person` is "" while names are secret from them."""

    id: UUID
    number: str
    case: str
    lot: str
    title: str
    line: str
    name: str
    person: str
    payer: str
    state: FeeState
    minutes: int
    begin: str
    end: str
    wasted: bool
    fee: Money
    travel: Money
    steps: tuple[Mapping[str, Any], ...]
    objection: str
    correction: str
    calculated_at: datetime
    confirmed_at: datetime | None
    due_on: date | None
    is_late: bool
    tax: Money | None  # of the newest order
    before: Money | None
    net: Money | None
    account: str  # masked; "" while names are secret, and where nothing was ordered
    ordered_at: datetime | None
    paid_at: datetime | None
    cause: str
    month: str

    @property
    def total(self) -> Money:
        """What the payer pays for it, tax included."""
        return self.fee + self.travel


def code_of(line: str) -> str:
    """A line as people say it: 专家3, and the turn where somebody else sat there before."""
    seat, _, turn = line.partition("-")
    return code_name(seat) if turn == "1" else f"{code_name(seat)}-{turn}"


def of_person(session: Session, person: PersonId, now: datetime) -> tuple[FeeLine, ...]:
    """One's own fees, the newest first."""
    return _lines(session, Fee.person_id == person, now=now, own=True)


def of_payer(session: Session, org: OrgId, now: datetime, month: str = "") -> tuple[FeeLine, ...]:
    """What an organisation pays its experts, of a month if one is given."""
    return _of_month(_lines(session, Fee.payer_org == org, now=now), month)


def of_all(session: Session, now: datetime, month: str = "") -> tuple[FeeLine, ...]:
    """Everybody's, for finance."""
    return _of_month(_lines(session, now=now), month)


def of_lot(session: Session, lot_id: UUID, now: datetime) -> tuple[FeeLine, ...]:
    """A lot's, by seat."""
    found = _lines(session, Fee.lot_id == lot_id, now=now)
    return tuple(sorted(found, key=lambda one: tuple(int(part) for part in one.line.split("-"))))


def one(session: Session, fee: UUID, now: datetime) -> tuple[FeeLine, PersonId, OrgId] | None:
    """A fee as its payer sees it, with whose it is and who pays it."""
    row = session.get(Fee, fee)
    found = _lines(session, Fee.id == fee, now=now)
    return None if row is None else (found[0], PersonId(row.person_id), OrgId(row.payer_org))


def own(session: Session, fee: UUID, person: PersonId, now: datetime) -> FeeLine | None:
    """One's own fee."""
    found = _lines(session, Fee.id == fee, Fee.person_id == person, now=now, own=True)
    return found[0] if found else None


def expert_account(session: Session, person: PersonId) -> Account | None:
    """The account that an expert has given, masked."""
    row = session.get(ExpertAccount, person)
    return None if row is None else Account(row.name, masked(row.number), row.bank, row.given_at)


def payer_account(session: Session, org: OrgId) -> Account | None:
    """The account from which an organisation pays, masked."""
    row = session.get(PayerAccount, org)
    return None if row is None else Account(row.name, masked(row.number), row.bank, row.given_at)


def _of_month(found: Iterable[FeeLine], month: str) -> tuple[FeeLine, ...]:
    return tuple(one for one in found if month in ("", one.month))


def _lines(session: Session, *where: ColumnElement[bool], now: datetime, own: bool = False) -> tuple[FeeLine, ...]:
    query = (
        select(Fee, FeeRule, Lot, Project, Person.name, Organisation.name)
        .join(FeeRule, FeeRule.lot_id == Fee.lot_id)
        .join(Lot, Lot.id == Fee.lot_id)
        .join(Project, Project.id == Lot.project_id)
        .join(Person, Person.id == Fee.person_id)
        .join(Organisation, Organisation.id == Fee.payer_org)
        .where(*where)
        .order_by(Fee.calculated_at.desc(), Fee.line)
        .limit(MOST)
    )
    rows = session.execute(query).all()
    ids = [fee.id for fee, *_ in rows]
    newest: dict[UUID, FeeOrder] = {}
    for order in session.scalars(select(FeeOrder).where(FeeOrder.fee_id.in_(ids)).order_by(FeeOrder.attempt)):
        newest[order.fee_id] = order
    return tuple(_line(row, newest.get(row[0].id), now, own) for row in rows)


def _line(row: Any, order: FeeOrder | None, now: datetime, own: bool) -> FeeLine:
    fee, rule, lot, project, person, payer = row
    opened = own or names_are_open(lot.state)
    told = cast("Mapping[str, Any]", fee.calculation)
    due = _due(fee, rule, lot)
    same = {name: getattr(fee, name) for name in _SAME}
    return FeeLine(
        number=lot.number,
        case=project.number,
        lot=lot.no,
        title=f"{project.title} {lot.title}",
        name=code_of(fee.line),
        person=person if opened else "",
        payer=payer,
        minutes=told["minutes"],
        begin=told["begin"],
        end=told["end"],
        wasted=told["wasted"],
        steps=tuple(told["steps"]),
        due_on=due,
        is_late=due is not None and fee.state in UNPAID and is_overdue(due, now),
        month=order.month if order is not None else f"{legal_day(fee.calculated_at):%Y-%m}",
        **same,
        **_ordered(order if opened else None),
    )


_SAME = ("id", "line", "state", "fee", "travel", "objection", "correction", "calculated_at", "confirmed_at")


def _due(fee: Fee, rule: FeeRule, lot: Lot) -> date | None:
    """The last day for paying; None while names are secret, for nobody can be paid then."""
    if not names_are_open(lot.state):
        return None
    named_at = lot.award_notice_at or lot.ended_at or fee.calculated_at
    return due_on(fee.calculated_at, named_at, RuleBody.read(cast("Mapping[str, object]", rule.body)).term_days)


def _ordered(order: FeeOrder | None) -> dict[str, Any]:
    """What the newest order says; nothing while there is none, or it may not be shown."""
    if order is None:
        return {"tax": None, "before": None, "net": None, "account": "", "ordered_at": None, "paid_at": None, "cause": ""}
    net = order.fee - order.tax + order.travel
    same = {name: getattr(order, name) for name in ("tax", "before", "ordered_at", "paid_at", "cause")}
    return same | {"net": net, "account": masked(order.payee_account)}

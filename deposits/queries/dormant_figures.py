"""The figures of dormant deposits: what a city publishes of them, and the month's report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.calendar import start_of
from core.kernel.money import Money
from deposits.domain.account import normal_name
from deposits.domain.dormant import CLEARED, Age, DormantState, Figure, PayoutState, Reason, Way, age
from deposits.models.dormant import DormantDeposit, DormantPayout


@dataclass(frozen=True, slots=True)
class _Fact:
    """What is counted of one deposit."""

    payer: str
    project: str
    amount: Money
    due_on: date
    state: DormantState
    reason: Reason
    listed_at: datetime
    cleared_at: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a city publishes: of all old deposits, of those cleared, and of those outstanding by age."""

    on: date
    all: Figure
    cleared: Figure
    outstanding: Figure
    by_age: tuple[tuple[Age, Figure], ...]
    by_state: tuple[tuple[DormantState, Figure], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A Beijing month: what stood at its beginning, came, was cleared by which way, and stands at its end; and why that lies there.

    `later` are claims paid of what a notary or the finance office had: those deposits were cleared before.
    """

    month: str
    opening: Figure
    came: Figure
    cleared: tuple[tuple[Way, Money, int], ...]
    later: tuple[Money, int]
    closing: Figure
    by_reason: tuple[tuple[Reason, Figure], ...]
    by_age: tuple[tuple[Age, Figure], ...]


def figures(session: Session, today: date) -> Figures:
    """Of today. Firms count once whatever they paid for, projects by their number, or by their name where they have none."""
    facts = _facts(session)
    waiting = [fact for fact in facts if fact.state not in CLEARED]
    return Figures(
        on=today,
        all=_figure(facts),
        cleared=_figure(fact for fact in facts if fact.state in CLEARED),
        outstanding=_figure(waiting),
        by_age=_by_age(waiting, today),
        by_state=tuple((state, _figure(fact for fact in facts if fact.state is state)) for state in DormantState),
    )


def report(session: Session, month: str, today: date) -> Report:
    """Of a Beijing month such as `2026-11`."""
    year, number = int(month[:4]), int(month[5:])
    begin = start_of(date(year, number, 1))
    after = date(year + number // 12, number % 12 + 1, 1)
    end = start_of(after)
    facts = _facts(session)
    stood = [fact for fact in facts if _stands(fact, begin)]
    stands = [fact for fact in facts if _stands(fact, end)]
    query = select(DormantPayout.way, DormantPayout.total, DormantPayout.is_later).where(DormantPayout.state == PayoutState.PAID)
    paid = session.execute(query.where(DormantPayout.settled_at >= begin, DormantPayout.settled_at < end)).all()
    later = [total for _, total, is_later in paid if is_later]
    day = min(after, today)
    return Report(
        month=month,
        opening=_figure(stood),
        came=_figure(fact for fact in facts if begin <= fact.listed_at < end),
        cleared=tuple((way, *_sum(total for one, total, is_later in paid if one is way and not is_later)) for way in Way),
        later=_sum(later),
        closing=_figure(stands),
        by_reason=tuple((reason, _figure(fact for fact in stands if fact.reason is reason)) for reason in Reason),
        by_age=_by_age(stands, day),
    )


def _stands(fact: _Fact, at: datetime) -> bool:
    return fact.listed_at < at and (fact.cleared_at is None or fact.cleared_at >= at)


def _facts(session: Session) -> Sequence[_Fact]:
    query = select(
        DormantDeposit.payer,
        DormantDeposit.project_number,
        DormantDeposit.project,
        DormantDeposit.amount,
        DormantDeposit.due_on,
        DormantDeposit.state,
        DormantDeposit.reason,
        DormantDeposit.listed_at,
        DormantDeposit.cleared_at,
    )
    return [
        _Fact(normal_name(payer), number or project, amount, due_on, state, reason, listed_at, cleared_at)
        for payer, number, project, amount, due_on, state, reason, listed_at, cleared_at in session.execute(query)
    ]


def _figure(facts: Iterable[_Fact]) -> Figure:
    found = list(facts)
    firms = {fact.payer for fact in found if fact.payer}
    return Figure(Money(sum(fact.amount.fen for fact in found)), len(firms), len({fact.project for fact in found}), len(found))


def _by_age(facts: Sequence[_Fact], today: date) -> tuple[tuple[Age, Figure], ...]:
    return tuple((bucket, _figure(fact for fact in facts if age(fact.due_on, today) is bucket)) for bucket in Age)


def _sum(amounts: Iterable[Money]) -> tuple[Money, int]:
    found = list(amounts)
    return Money(sum(amount.fen for amount in found)), len(found)

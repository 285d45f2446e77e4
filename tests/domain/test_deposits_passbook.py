"""Statement pages: the balance after each line, and totals that are those of the lines shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.passbook import Booked, Wanted, statement

FIRST = datetime(2026, 9, 1, 1, tzinfo=UTC)


def line(day: int, came: int = 0, went: int = 0, **more: Any) -> Booked:
    said = {"name": "甲方公司"} | more
    return Booked(FIRST + timedelta(days=day), "match", "T2026-000001-1", came=Money(came), went=Money(went), **said)


BOOKED = [
    line(0, came=100),
    line(1, came=50, name="乙方公司", ref="BK7"),
    line(2, went=100, interest=Money(3)),
    line(3, went=50, name="乙方公司"),
]


def test_each_line_has_the_balance_after_it() -> None:
    made = statement(BOOKED, Wanted())
    assert [one.balance.fen for one in made.lines] == [100, 150, 50, 0]
    assert (made.before, made.came, made.went, made.interest, made.after) == (Money(0), Money(150), Money(150), Money(3), Money(0))


def test_a_period_carries_forward_what_came_before_it() -> None:
    made = statement(BOOKED, Wanted(since=date(2026, 9, 2), until=date(2026, 9, 3)))
    assert (made.before, made.after) == (Money(100), Money(50))
    assert [one.balance.fen for one in made.lines] == [150, 50]


def test_a_firm_or_a_reference_is_found_by_a_part_of_it() -> None:
    assert [one.balance.fen for one in statement(BOOKED, Wanted(words="乙方")).lines] == [50, 0]
    assert [one.booked.ref for one in statement(BOOKED, Wanted(words="bk")).lines] == ["BK7"]


def test_days_in_the_wrong_order_are_refused_and_a_hole_in_the_books_is_noticed() -> None:
    with pytest.raises(RuleBroken, match=r"passbook\.days_reversed"):
        Wanted(since=date(2026, 9, 3), until=date(2026, 9, 2))
    with pytest.raises(ValueError, match="-"):
        statement([line(0, went=1)], Wanted())


@given(st.lists(st.integers(1, 500), max_size=30), st.data())
def test_before_and_what_came_and_went_are_after(amounts: list[int], data: st.DataObject) -> None:
    held, booked = 0, []
    for day, amount in enumerate(amounts):
        comes = data.draw(st.booleans()) or amount > held
        booked.append(line(day, came=amount) if comes else line(day, went=amount))
        held += amount if comes else -amount
    since = data.draw(st.none() | st.integers(0, 30).map(lambda n: date(2026, 9, 1) + timedelta(days=n)))
    until = data.draw(st.none() | st.integers(30, 40).map(lambda n: date(2026, 9, 1) + timedelta(days=n)))
    made = statement(booked, Wanted(since=since, until=until))
    assert made.before + made.came == made.after + made.went
    assert made.lines[-1].balance == made.after if made.lines else made.before == made.after
    assert made.after.fen == held

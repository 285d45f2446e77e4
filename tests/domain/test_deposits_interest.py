"""Interest: by dated rates, over any split of its period the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.money import Money
from deposits.domain.interest import RATES, Part, Rate, accrued, interest, simple, to_fen

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def test_the_day_of_the_refund_is_not_counted_and_that_of_the_payment_is() -> None:
    part, rates = Part(Money.yuan("360000.00"), date(2026, 1, 1)), (Rate(date(2000, 1, 1), Decimal("0.01")),)
    assert interest([part], date(2026, 1, 1), rates) == Money(0)
    assert interest([part], date(2026, 1, 2), rates) == Money.yuan("10.00")


def test_each_day_earns_at_the_rate_in_force_that_day() -> None:
    part = Part(Money.yuan("3600000.00"), date(2025, 5, 18))
    assert accrued(part, date(2025, 5, 20)) == Decimal(20)  # two days at 0.10 %
    assert accrued(part, date(2025, 5, 22)) == Decimal(30)  # and two at 0.05 %


def test_money_that_came_after_the_day_earns_nothing() -> None:
    assert interest([Part(Money(100), date(2026, 2, 1))], date(2026, 1, 1)) == Money(0)


@given(DAYS, DAYS, DAYS, st.integers(1, 10**12))
def test_interest_over_split_periods_is_interest_over_the_whole(a: date, b: date, c: date, fen: int) -> None:
    first, middle, last = sorted((a, b, c))
    principal = Money(fen)
    split = accrued(Part(principal, first), middle) + accrued(Part(principal, middle), last)
    assert split == pytest.approx(accrued(Part(principal, first), last), abs=Decimal("1e-12"))


@given(DAYS, st.integers(0, 2000), st.lists(st.integers(1, 10**10), min_size=1, max_size=5))
def test_several_payments_earn_what_one_would_and_are_rounded_once(since: date, days: int, fens: list[int]) -> None:
    until = since + timedelta(days=days)
    parts = [Part(Money(fen), since) for fen in fens]
    assert interest(parts, until) == interest([Part(Money(sum(fens)), since)], until)


def test_a_half_fen_is_rounded_up() -> None:
    assert (to_fen(Decimal("0.005")), to_fen(Decimal("0.00499"))) == (Money(1), Money(0))


def test_days_below_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="days"):
        simple(Money(1), Decimal("0.01"), -1)


def test_the_table_of_rates_is_in_order() -> None:
    assert [rate.since for rate in RATES] == sorted({rate.since for rate in RATES})


RATE_ROWS = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 100_000)), min_size=1, max_size=6, unique_by=lambda row: row[0])


@given(RATE_ROWS, st.integers(1, 10**12), st.integers(0, 2500), st.lists(st.integers(0, 2500), max_size=6))
def test_interest_over_split_periods_is_that_over_the_whole_within_rounding(
    rows: list[tuple[int, int]], fen: int, since: int, cuts: list[int]
) -> None:
    start = date(2020, 1, 1)
    table = tuple(Rate(start + timedelta(days=day), Decimal(yearly) / 10**6) for day, yearly in sorted(rows))
    days = sorted({since, *(cut for cut in cuts if cut >= since), 2500})
    moments = [start + timedelta(days=day) for day in days]
    whole = interest([Part(Money(fen), moments[0])], moments[-1], table)
    parts = [interest([Part(Money(fen), one)], other, table) for one, other in pairwise(moments)]
    assert abs(whole.fen - sum(part.fen for part in parts)) <= (len(parts) + 1) / 2
    exact = sum((accrued(Part(Money(fen), one), other, table) for one, other in pairwise(moments)), Decimal(0))
    assert abs(exact - accrued(Part(Money(fen), moments[0]), moments[-1], table)) < Decimal("1e-9")

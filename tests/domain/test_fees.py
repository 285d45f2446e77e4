"""Experts' fees by values: every standard, band, cap, holiday, half-day, allowance and bracket of tax; and what always holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.calendar import CHINA, start_of
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.money import Money
from evaluation.domain.fee import Extras, Step, WorkedDay, calculate, day_fee
from evaluation.domain.fee_table import BY_ID, TABLES, HalfHour, choose, is_of
from evaluation.domain.fee_tax import due_on, withhold
from evaluation.domain.fee_time import Span, days_of, less
from trading.domain.periods import LegalRegime

DAY = date(2026, 11, 30)  # a Monday
SHANDONG, WEIHAI, GUANGZHOU, SHANXI = (BY_ID[name] for name in ("shandong-2017", "weihai-2025", "guangzhou-2017", "shanxi-2021"))
UP, DOWN = HalfHour.UP, HalfHour.DOWN


def yuan(amount: int) -> Money:
    return Money(amount * 100)


def worked(minutes: int, day: date = DAY, halves: int = 1) -> WorkedDay:
    return WorkedDay(day, minutes, halves)


def fee(table: object, *days: WorkedDay, half_hour: HalfHour = UP, **how: object) -> Money:
    extras = how.pop("extras", Extras())
    return calculate(table, days, half_hour, extras, **how).fee  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("minutes", "due"),
    [(0, 0), (1, 400), (150, 400), (180, 400), (200, 450), (215, 500), (240, 500), (400, 800), (560, 1000), (1000, 1000)],
)
def test_shandong_pays_400_for_three_hours_and_100_for_each_further_one(minutes: int, due: int) -> None:
    assert fee(SHANDONG, worked(minutes)) == yuan(due)


def test_exactly_thirty_minutes_are_undefined_in_shandongs_text_so_the_switch_decides() -> None:
    assert fee(SHANDONG, worked(270)) == yuan(600)
    assert fee(SHANDONG, worked(270), half_hour=DOWN) == yuan(550)
    assert fee(SHANDONG, worked(269), half_hour=UP) == fee(SHANDONG, worked(269), half_hour=DOWN) == yuan(550)
    assert fee(SHANDONG, worked(271), half_hour=DOWN) == yuan(600)
    assert [table.id for table in TABLES if table.asks_half_hour] == ["shandong-2017", "weihai-2025"]


@pytest.mark.parametrize(
    ("minutes", "due"),
    [(45, 200), (60, 200), (61, 400), (120, 400), (121, 500), (300, 700), (480, 1000), (481, 1150), (500, 1150), (541, 1300)],
)
def test_guangzhou_pays_by_started_hours(minutes: int, due: int) -> None:
    assert fee(GUANGZHOU, worked(minutes)) == yuan(due)


def test_guangzhou_pays_half_days_when_the_work_takes_more_than_one() -> None:
    assert fee(GUANGZHOU, worked(400, halves=2), worked(60, DAY + timedelta(1))) == yuan(1800)
    assert fee(GUANGZHOU, worked(400, halves=2), worked(0, DAY + timedelta(1))) == yuan(900)


@pytest.mark.parametrize(
    ("minutes", "due"), [(90, 300), (120, 300), (121, 400), (420, 800), (480, 800), (481, 900), (600, 1000), (900, 1000)]
)
def test_shanxi_pays_800_for_a_working_day_and_1000_at_most(minutes: int, due: int) -> None:
    assert fee(SHANXI, worked(minutes)) == yuan(due)


def test_shanxi_pays_double_on_holidays_its_cap_too() -> None:
    holiday = date(2026, 10, 1)
    assert holiday in CHINA.holidays
    assert fee(SHANXI, worked(120, holiday)) == yuan(600) and fee(SHANXI, worked(900, holiday)) == yuan(2000)
    assert fee(SHANXI, worked(120, holiday), worked(120, date(2026, 10, 8))) == yuan(900)
    assert fee(SHANDONG, worked(120, holiday)) == yuan(400)


def test_shanxi_pays_400_at_most_when_every_bid_was_rejected() -> None:
    assert fee(SHANXI, worked(600), voided=True) == yuan(400) and fee(SHANXI, worked(100), voided=True) == yuan(300)
    assert fee(SHANDONG, worked(400), voided=True) == yuan(800)


@pytest.mark.parametrize(("table", "due"), [(SHANDONG, 200), (WEIHAI, 200), (GUANGZHOU, 100), (SHANXI, 100)])
def test_who_came_in_vain_is_paid_the_small_fee(table: object, due: int) -> None:
    assert fee(table, worked(300), wasted=True) == yuan(due)


def test_each_day_has_its_own_cap() -> None:
    assert fee(SHANDONG, worked(900), worked(900, DAY + timedelta(1))) == yuan(2000)


def test_an_emergency_is_paid_where_the_standard_knows_it() -> None:
    assert fee(GUANGZHOU, worked(60), extras=Extras(emergency=True)) == yuan(400)
    assert fee(GUANGZHOU, worked(60), extras=Extras(emergency=True), wasted=True) == yuan(300)
    with pytest.raises(RuleBroken) as refusal:
        fee(SHANDONG, worked(60), extras=Extras(emergency=True))
    assert refusal.value.code == "fee.extra.unknown" and refusal.value.facts == {"field": "emergency"}


def test_weihai_pays_back_travelling_of_who_came_from_elsewhere() -> None:
    given_ = Extras(travelled=True, nights=2, lodging=yuan(800), days=2, transport=Money(123_45))
    made = calculate(WEIHAI, [worked(200)], UP, given_)
    assert made.fee == yuan(450) and made.travel == Money(760_00 + 200_00 + 160_00 + 123_45)
    assert [step.code for step in made.steps] == ["day", "flat", "halves_short", "lodging", "meals", "local_transport", "transport"]
    peak = calculate(WEIHAI, [worked(200, date(2026, 8, 3))], UP, given_)
    assert peak.travel - made.travel == yuan(40)  # 800 by receipt, 900 allowed
    assert calculate(GUANGZHOU, [worked(60)], UP, Extras(travelled=True)).travel == yuan(200)
    assert calculate(SHANXI, [worked(60)], UP, Extras(travelled=True)).travel == Money(0)


@pytest.mark.parametrize(
    ("extras", "code"),
    [
        (Extras(nights=1, lodging=yuan(1)), "fee.extra.unknown"),
        (Extras(days=1), "fee.extra.unknown"),
        (Extras(transport=yuan(1)), "fee.extra.unknown"),
    ],
)
def test_what_a_standard_does_not_know_is_not_paid(extras: Extras, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        calculate(SHANXI, [worked(60)], UP, extras)
    assert refusal.value.code == code


def test_lodging_needs_nights() -> None:
    with pytest.raises(RuleBroken) as refusal:
        calculate(WEIHAI, [worked(60)], UP, Extras(lodging=yuan(380)))
    assert refusal.value.code == "fee.extra.nights"


def test_the_steps_lead_to_the_sum() -> None:
    made = calculate(SHANDONG, [worked(560)], UP, Extras())
    assert made.steps == (
        Step("day", {"day": "2026-11-30", "minutes": "560"}, 0),
        Step("flat", {"until": "180"}, 400_00),
        Step("halves_short", {"begin": "180", "minutes": "380", "rate": "100.00", "hours": "6", "left": "20", "short": "50.00"}, 650_00),
        Step("cap", {"cap": "1000.00"}, 1000_00),
    )
    assert made.steps[0].to_json() == {"code": "day", "facts": {"day": "2026-11-30", "minutes": "560"}, "fen": 0}


@given(st.sampled_from(TABLES), st.integers(0, 1440), st.integers(0, 1440), st.sampled_from(HalfHour))
def test_more_time_is_never_paid_less_and_no_day_more_than_its_cap(table: object, one: int, other: int, half_hour: HalfHour) -> None:
    less_, more = (day_fee(table, minutes, half_hour)[0] for minutes in sorted((one, other)))  # type: ignore[arg-type]
    assert less_ <= more
    assert table.day_cap is None or more <= table.day_cap  # type: ignore[attr-defined]


@given(st.sampled_from(TABLES), st.lists(st.integers(0, 1440), min_size=1, max_size=4), st.booleans(), st.booleans())
def test_the_fee_of_several_days_stays_under_their_caps(table: object, minutes: list[int], wasted: bool, voided: bool) -> None:
    days = [worked(one, DAY + timedelta(place), 2) for place, one in enumerate(minutes)]
    made = fee(table, *days, wasted=wasted, voided=voided)
    assert table.day_cap is None or made.fen <= len(days) * table.day_cap.fen  # type: ignore[attr-defined]


# Which standard


def test_a_standard_holds_for_its_regime_and_days() -> None:
    assert SHANDONG.holds(LegalRegime.GOVERNMENT_PROCUREMENT, DAY) and not SHANDONG.holds(LegalRegime.CONSTRUCTION, DAY)
    assert GUANGZHOU.holds(LegalRegime.CONSTRUCTION, DAY) and not WEIHAI.holds(LegalRegime.GOVERNMENT_PROCUREMENT, date(2025, 8, 24))
    from dataclasses import replace

    ended = replace(SHANDONG, effective_to=DAY)
    assert ended.holds(LegalRegime.GOVERNMENT_PROCUREMENT, DAY)
    assert not ended.holds(LegalRegime.GOVERNMENT_PROCUREMENT, DAY + timedelta(1))


def test_the_narrowest_standard_of_the_region_comes_first() -> None:
    def ids(region: str) -> list[str]:
        return [table.id for table in choose(region, LegalRegime.GOVERNMENT_PROCUREMENT, DAY)]

    assert ids("山东省威海市文登区")[:2] == ["weihai-2025", "shandong-2017"] and ids("山东省济南市")[0] == "shandong-2017"
    assert ids("广州市")[0] == "guangzhou-2017" and len(ids("临江市")) == 4
    assert is_of(GUANGZHOU, "广州市") and not is_of(GUANGZHOU, "") and not is_of(GUANGZHOU, "临江市")


# Counted time


def at(hour: int, minute: int = 0, second: int = 0, day: int = 30) -> datetime:
    return start_of(date(2026, 11, day)) + timedelta(hours=hour, minutes=minute, seconds=second)


def test_breaks_are_taken_out_once_however_they_overlap() -> None:
    span = Span(at(9), at(18))
    breaks = [Span(at(8), at(9, 10)), Span(at(12), at(13)), Span(at(12, 30), at(13, 30)), Span(at(17, 50), at(20)), Span(at(20), at(21))]
    assert less(span, breaks) == [Span(at(9, 10), at(12)), Span(at(13, 30), at(17, 50))]
    assert less(span, []) == [span] and less(span, [Span(at(8), at(19))]) == []


def test_time_is_counted_by_beijing_days_in_whole_minutes() -> None:
    assert days_of([Span(at(9), at(12, 0, 59))]) == (WorkedDay(DAY, 180, 2),)
    assert days_of([Span(at(9), at(11, 59, 59))]) == (WorkedDay(DAY, 179, 1),)
    assert days_of([Span(at(13), at(14))]) == (WorkedDay(DAY, 60, 1),)
    assert days_of([Span(at(22), at(2, day=29) + timedelta(days=2))]) == (WorkedDay(DAY, 120, 1), WorkedDay(DAY + timedelta(1), 120, 1))
    assert days_of([Span(at(9, 0, 0), at(9, 0, 30)), Span(at(9, 5, 0), at(9, 5, 30))]) == (WorkedDay(DAY, 1, 1),)
    assert days_of([]) == ()
    assert days_of([Span(at(9, 0, 0), at(9, 0, 5))]) == (WorkedDay(DAY, 1, 1),)
    midnight = days_of([Span(at(23, 59, 0), at(0, 0, 5) + timedelta(days=1))])
    assert [day.minutes for day in midnight] == [1, 0]


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 600)), max_size=6))
def test_no_break_lengthens_the_work(breaks: list[tuple[int, int]]) -> None:
    begin = datetime(2026, 11, 30, 1, tzinfo=UTC)
    span = Span(begin, begin + timedelta(minutes=2000))
    rests = [Span(begin + timedelta(minutes=one), begin + timedelta(minutes=one + long)) for one, long in breaks]
    counted = sum(day.minutes for day in days_of(less(span, rests)))
    resting = {minute for one, long in breaks for minute in range(one, one + long) if minute < 2000}
    assert counted == 2000 - len(resting)


# Tax


@pytest.mark.parametrize(
    ("income", "tax"),
    [
        (80_000, 0),
        (80_001, 0),  # a fifth of a fen
        (100_000, 4_000),
        (400_000, 64_000),
        (400_001, 64_000),  # from here on a fifth is deducted instead of 800 yuan
        (1_000_000, 160_000),
        (2_500_000, 400_000),
        (3_000_000, 520_000),
        (6_250_000, 1_300_000),
        (10_000_000, 2_500_000),
    ],
)
def test_tax_of_one_payment_by_brackets(income: int, tax: int) -> None:
    assert due_on(Money(income))[2] == Money(tax)


def test_several_payments_of_a_month_are_one() -> None:
    first = withhold(yuan(700), Money(0), Money(0))
    second = withhold(yuan(500), yuan(700), first.tax)
    assert (first.tax, second.tax) == (Money(0), yuan(80)) and second.net == yuan(420)
    assert due_on(yuan(1200))[2] == first.tax + second.tax
    small = withhold(Money(10_00), yuan(900), Money(0))
    assert small.tax == Money(10_00) and small.net == Money(0)  # never more than is paid


@given(st.lists(st.integers(1, 3_000_000), min_size=1, max_size=8))
def test_what_is_withheld_in_a_month_is_what_the_law_asks_of_its_sum(payments: list[int]) -> None:
    before = held = 0
    for fen in payments:
        made = withhold(Money(fen), Money(before), Money(held))
        before, held = before + fen, held + made.tax.fen
        assert 0 <= made.tax.fen <= fen
        assert held <= due_on(Money(before))[2].fen or made.tax.fen == 0
    assert held <= before


@given(st.integers(0, 20_000_000))
def test_tax_never_falls_with_the_income(income: int) -> None:
    assert due_on(Money(income))[2] <= due_on(Money(income + 100))[2]


def test_refusals_are_known_kinds() -> None:
    assert issubclass(RuleBroken, Refusal)

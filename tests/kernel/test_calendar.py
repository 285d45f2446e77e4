"""Legal days: the rest days of the table against a second opinion, and the counting of periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from core.kernel.calendar import CHINA, Unit, WorkingCalendar, end_of, legal_day, start_of

EVERY_DAY = WorkingCalendar(weekend=frozenset())


@pytest.mark.parametrize("year", range(2020, 2027))
def test_every_day_is_worked_or_not_as_the_second_opinion_says(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    assert [day for day in days if day.year == year and CHINA.is_working(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize("day", ["01-01", "02-08", "04-05", "06-09", "09-15", "10-01"])
def test_the_statutory_days_of_2027_are_rest_days(day: str) -> None:
    assert not CHINA.is_working(date.fromisoformat(f"2027-{day}"))


def test_a_day_begins_and_ends_at_midnight_in_beijing() -> None:
    assert start_of(date(2026, 9, 1)) == datetime(2026, 8, 31, 16, tzinfo=UTC)
    assert end_of(date(2026, 9, 1)) == datetime(2026, 9, 1, 16, tzinfo=UTC)
    assert legal_day(end_of(date(2026, 9, 1)) - timedelta(milliseconds=1)) == date(2026, 9, 1)
    assert legal_day(end_of(date(2026, 9, 1))) == date(2026, 9, 2)


def test_the_start_day_is_not_counted() -> None:
    assert CHINA.after(date(2026, 9, 1), 20, Unit.CALENDAR) == date(2026, 9, 21)


def test_a_last_day_that_is_a_rest_day_rolls_to_the_next_worked_one() -> None:
    assert EVERY_DAY.after(date(2026, 9, 24), 3, Unit.CALENDAR) == date(2026, 9, 27)
    assert CHINA.after(date(2026, 9, 24), 3, Unit.CALENDAR) == date(2026, 9, 28)


def test_a_weekend_that_is_worked_instead_of_a_holiday_does_not_roll() -> None:
    assert date(2026, 9, 20).weekday() == 6
    assert CHINA.after(date(2026, 9, 17), 3, Unit.CALENDAR) == date(2026, 9, 20)


def test_backwards_nothing_rolls() -> None:
    assert date(2026, 9, 13).weekday() == 6
    assert CHINA.before(date(2026, 9, 28), 15, Unit.CALENDAR) == date(2026, 9, 13)
    assert CHINA.before(date(2026, 9, 28), 10, Unit.CALENDAR) == date(2026, 9, 18)


def test_working_days_pass_over_rest_days_in_both_directions() -> None:
    assert CHINA.after(date(2026, 9, 24), 5, Unit.WORKING) == date(2026, 10, 9)  # 28, 29, 30 September, 8, 9 October
    assert CHINA.before(date(2026, 10, 9), 5, Unit.WORKING) == date(2026, 9, 24)

"""Legal days: the Beijing date of a moment, rest days as data, and the counting of periods set by law."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import Enum

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
_DAY = timedelta(days=1)


class Unit(Enum):
    """What a period counts: the tendering family counts calendar days (日), the procurement family working days (工作日)."""

    CALENDAR = "calendar"
    WORKING = "working"


def legal_day(moment: datetime) -> date:
    """The Beijing date of an aware moment."""
    return moment.astimezone(BEIJING).date()


def start_of(day: date) -> datetime:
    """The first moment of a Beijing day, as aware UTC."""
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment after a Beijing day, aware UTC: a period's last day ends at 24:00 (Civil Code General Provisions, art. 203)."""
    return start_of(day + _DAY)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are rest days: those of `weekend` (Monday = 0) and `holidays`, but for the `shifted` days that are worked instead."""

    holidays: frozenset[date] = frozenset()
    shifted: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})

    def is_working(self, day: date) -> bool:
        """Whether offices work on that day."""
        return day in self.shifted or (day.weekday() not in self.weekend and day not in self.holidays)

    def roll(self, day: date) -> date:
        """The day itself, or the first working day after a rest (Civil Code General Provisions, art. 203)."""
        while not self.is_working(day):
            day += _DAY
        return day

    def after(self, start: date, n: int, unit: Unit) -> date:
        """The last day of a period of `n` days from `start`, which is not counted (art. 201); a rest day at the end rolls on (art. 203)."""
        if unit is Unit.CALENDAR:
            return self.roll(start + n * _DAY)
        return self._walk(start, n, _DAY)

    def before(self, end: date, n: int, unit: Unit) -> date:
        """The last day that lies a full period of `n` days before `end`; nothing rolls here, for that would shorten the period."""
        if unit is Unit.CALENDAR:
            return end - n * _DAY
        return self._walk(end, n, -_DAY)

    def _walk(self, day: date, n: int, step: timedelta) -> date:
        while n > 0:
            day += step
            n -= self.is_working(day)
        return day


def _days(year: int, *spans: str) -> Iterable[date]:
    """`"0215-0223"` → its nine days."""
    for span in spans:
        first, last = span.split("-") if "-" in span else (span, span)
        day, end = (date(year, int(mark[:2]), int(mark[2:])) for mark in (first, last))
        while day <= end:
            yield day
            day += _DAY


# 2026: State Council's holiday arrangement for the year. 2027: the statutory days of the Regulation on Public Holidays (2024 text) alone,
# until the arrangement for that year, with its shifted weekends, is entered here.
CHINA = WorkingCalendar(
    holidays=frozenset(
        (
            *_days(2026, "0101-0103", "0215-0223", "0404-0406", "0501-0505", "0619-0621", "0925-0927", "1001-1007"),
            *_days(2027, "0101", "0205-0208", "0405", "0501-0502", "0609", "0915", "1001-1003"),
        )
    ),
    shifted=frozenset(_days(2026, "0104", "0214", "0228", "0509", "0920", "1010")),
)

"""Legal days: the Beijing date of a moment, rest days as data, and the counting of periods set by law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import Enum

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
_DAY = timedelta(days=1)


class Unit(Enum):
    """What a period counts: the tendering family calendar days (日), the procurement family working days (工作日), a few rules hours."""

    CALENDAR = "calendar"
    WORKING = "working"
    HOURS = "hours"


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
        if unit is Unit.WORKING:
            return self._walk(start, n, _DAY)
        return self.roll(start + n * _DAY)

    def before(self, end: date, n: int, unit: Unit) -> date:
        """The last day that lies a full period of `n` days before `end`; nothing rolls here, for that would shorten the period."""
        if unit is Unit.WORKING:
            return self._walk(end, n, -_DAY)
        return end - n * _DAY

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


# The State Council's arrangement of each year (国务院办公厅关于部分节假日安排的通知): its holidays, and the weekends worked instead.
# 2027: the statutory days of the Regulation on Public Holidays (2024 text) alone, until the arrangement for that year is entered here.
_HOLIDAYS: Mapping[int, tuple[str, ...]] = {
    2020: ("0101", "0124-0202", "0404-0406", "0501-0505", "0625-0627", "1001-1008"),  # the Spring Festival prolonged in the epidemic
    2021: ("0101-0103", "0211-0217", "0403-0405", "0501-0505", "0612-0614", "0919-0921", "1001-1007"),
    2022: ("0101-0103", "0131-0206", "0403-0405", "0430-0504", "0603-0605", "0910-0912", "1001-1007", "1231"),
    2023: ("0101-0102", "0121-0127", "0405", "0429-0503", "0622-0624", "0929-1006", "1230-1231"),
    2024: ("0101", "0210-0217", "0404-0406", "0501-0505", "0608-0610", "0915-0917", "1001-1007"),
    2025: ("0101", "0128-0204", "0404-0406", "0501-0505", "0531-0602", "1001-1008"),
    2026: ("0101-0103", "0215-0223", "0404-0406", "0501-0505", "0619-0621", "0925-0927", "1001-1007"),
    2027: ("0101", "0205-0208", "0405", "0501-0502", "0609", "0915", "1001-1003"),
}
_SHIFTED: Mapping[int, tuple[str, ...]] = {
    2020: ("0119", "0426", "0509", "0628", "0927", "1010"),
    2021: ("0207", "0220", "0425", "0508", "0918", "0926", "1009"),
    2022: ("0129-0130", "0402", "0424", "0507", "1008-1009"),
    2023: ("0128-0129", "0423", "0506", "0625", "1007-1008"),
    2024: ("0204", "0218", "0407", "0428", "0511", "0914", "0929", "1012"),
    2025: ("0126", "0208", "0427", "0928", "1011"),
    2026: ("0104", "0214", "0228", "0509", "0920", "1010"),
}
CHINA = WorkingCalendar(
    holidays=frozenset(day for year, spans in _HOLIDAYS.items() for day in _days(year, *spans)),
    shifted=frozenset(day for year, spans in _SHIFTED.items() for day in _days(year, *spans)),
)

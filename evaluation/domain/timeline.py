"""The replay's time line: the moment that is asked for in Beijing's time, and the span around it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from core.kernel.calendar import BEIJING
from core.kernel.errors import RuleBroken

AROUND = timedelta(minutes=3)
"""What is shown before and after a moment that is asked for."""

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：]([0-5]\d))?")


def asked_moment(day: str, clock: str) -> datetime:
    """The moment of a day (2026-11-24) and a time (11:47 or 11:47:30) in Beijing; raises RuleBroken for what is none."""
    found = _CLOCK.fullmatch(clock.strip())
    try:
        on = date.fromisoformat(day.strip())
    except ValueError:
        raise RuleBroken("timeline.moment") from None
    if found is None:
        raise RuleBroken("timeline.moment")
    hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime.combine(on, time(hour, minute, second), BEIJING)


def span_of(moment: datetime, clock: str) -> tuple[datetime, datetime]:
    """From when to when is shown: three minutes either side, of a time without seconds of the whole minute."""
    whole = timedelta(seconds=0) if clock.strip().count(":") + clock.strip().count("：") > 1 else timedelta(minutes=1)
    return moment - AROUND, moment + whole + AROUND


def is_within(at: datetime, moment: datetime, clock: str) -> bool:
    """Whether something happened in the very minute, or second, that was asked for."""
    begin, until = span_of(moment, clock)
    return begin + AROUND <= at < max(until - AROUND, moment + timedelta(seconds=1))

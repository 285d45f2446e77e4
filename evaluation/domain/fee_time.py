"""Counted time: a member's stretch of work less breaks, split by Beijing days, in whole minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.kernel.calendar import end_of, legal_day, start_of
from evaluation.domain.fee import WorkedDay

NOON = timedelta(hours=12)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From one moment to a later one."""

    begin: datetime
    end: datetime


def less(span: Span, breaks: Iterable[Span]) -> list[Span]:
    """What is left of a span without the breaks, which may overlap each other and reach beyond it."""
    left, at = [], span.begin
    for one in sorted(breaks):
        begin, end = max(one.begin, span.begin), min(one.end, span.end)
        if begin >= end:
            continue
        if begin > at:
            left.append(Span(at, begin))
        at = max(at, end)
    if at < span.end:
        left.append(Span(at, span.end))
    return left


def days_of(spans: Sequence[Span]) -> tuple[WorkedDay, ...]:
    """The Beijing days of these spans: seconds of a day that make no whole minute are left out, but who worked at all has one minute."""
    worked: dict[str, list[Span]] = {}
    for span in spans:
        at = span.begin
        while at < span.end:
            day = legal_day(at)
            until = min(span.end, end_of(day))
            worked.setdefault(day.isoformat(), []).append(Span(at, until))
            at = until
    found = [_day(pieces) for _, pieces in sorted(worked.items())]
    if found and not any(day.minutes for day in found):
        found[0] = replace(found[0], minutes=1)
    return tuple(found)


def _day(pieces: list[Span]) -> WorkedDay:
    day = legal_day(pieces[0].begin)
    noon = start_of(day) + NOON
    minutes = sum(((one.end - one.begin) for one in pieces), timedelta()) // MINUTE
    halves = any(one.begin < noon for one in pieces) + any(one.end > noon for one in pieces)
    return WorkedDay(day, minutes, halves)

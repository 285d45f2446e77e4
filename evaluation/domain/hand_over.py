"""By when a partner's site hands over what it has of a use (移交): within five working days."""

from __future__ import annotations

from datetime import date, datetime

from core.kernel.calendar import Unit, WorkingCalendar, end_of, legal_day
from evaluation.domain.booking import Purpose, State

WITHIN = 5
"""Working days after the use (rules of Linyi on remote evaluation, art. 18)."""


def last_day(until: datetime, calendar: WorkingCalendar) -> date:
    """The last day on which a use that ended at `until` is handed over in time."""
    return calendar.after(legal_day(until), WITHIN, Unit.WORKING)


def due(until: datetime, calendar: WorkingCalendar) -> datetime:
    """The first moment after that day."""
    return end_of(last_day(until, calendar))


def is_owed(purpose: Purpose, state: State, handed: str = "") -> bool:
    """Whether something is still to be handed over: of a use that is over, not of a drill."""
    return state is State.USED and purpose is not Purpose.DRILL and not handed

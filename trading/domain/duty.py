"""What a lot still owes after its evaluation, by when, and when its parties are reminded that the contract is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from trading.domain.periods import Direction, PeriodRule
from trading.domain.statutory import Term, TermState

CONTRACT = "T13"  # 招标投标法 art. 46, 政府采购法 art. 46
DUTIES = ("T10", "T15A", "T15B", "T19A", CONTRACT, "T13A", "T15D")
"""The periods after the evaluation in which somebody owes an act. Refunds are the platform's own; contracts are published when signed."""
UNSEEN = frozenset({"T13A", "T15D"})  # reports and filings go to the authority outside the platform
AHEAD_DAYS = 7  # how many days before the last one the parties are first reminded; no law sets it


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that is due on a lot: its rule, the last Beijing day for it, and how many days are left, below zero once it is late."""

    rule: PeriodRule
    day: date
    days: int

    @property
    def is_late(self) -> bool:
        """Whether its last day has passed."""
        return self.days < 0

    @property
    def late_days(self) -> int:
        """How many days it is overdue, 0 for none."""
        return max(0, -self.days)

    @property
    def is_seen(self) -> bool:
        """Whether the platform sees it done."""
        return self.rule.code not in UNSEEN


def duties(terms: Sequence[Term], today: date) -> tuple[Duty, ...]:
    """What is owed of a lot's periods on a Beijing day, the most urgent first; nothing that binds nobody, or that is done."""
    owed = [term for term in terms if term.rule.code in DUTIES and term.binds and term.state in (TermState.RUNNING, TermState.LATE)]
    found = [
        Duty(term.rule, term.day, (term.day - today).days)
        for term in owed
        if term.day is not None and term.rule.direction is Direction.AT_MOST_AFTER
    ]
    return tuple(sorted(found, key=lambda duty: (duty.day, duty.rule.code)))


class Reminder(IntEnum):
    """How far the parties of a contract that is not signed have been reminded of it."""

    NONE = 0
    AHEAD = 1
    LAST_DAY = 2
    OVERDUE = 3


def reminder(last_day: date, today: date) -> Reminder:
    """Which reminder a day calls for; a missed one is made good by the next alone."""
    left = (last_day - today).days
    if left < 0:
        return Reminder.OVERDUE
    if left == 0:
        return Reminder.LAST_DAY
    return Reminder.AHEAD if left <= AHEAD_DAYS else Reminder.NONE

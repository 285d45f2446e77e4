"""The law's periods at work: which rule binds a lot at a moment, when its period ends, and what it has against a plan.

The rules themselves are data, in `periods.py`; all periods of one lot at once are in `statutory.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.kernel.calendar import WorkingCalendar, end_of, legal_day
from core.kernel.errors import NotFound, RuleBroken
from trading.domain.periods import RULES, Anchor, Direction, Force, LegalRegime, PeriodRule

__all__ = ["Anchor", "Direction", "Force", "Law", "LegalRegime", "PeriodRule", "find", "rule"]


def find(code: str, regime: LegalRegime, on: date | None = None, region: str = "") -> PeriodRule | None:
    """The version of a rule that is in force on a Beijing day (None: the newest), or None where the regime has none by then.

    A region's own rule goes before the nation's. `region` is the project's, such as `重庆市渝中区`.
    """
    rows = [row for row in RULES if (row.code, row.regime) == (code, regime) and region.startswith(row.region)]
    in_force = [row for row in rows if on is None or row.effective_from <= on]
    return max(in_force, key=lambda row: (row.region != "", row.effective_from), default=None)


def rule(code: str, regime: LegalRegime) -> PeriodRule:
    """The newest version of a rule; raises NotFound where the regime has no such rule."""
    if (found := find(code, regime)) is None:
        raise NotFound("period.unknown", rule=code, regime=regime.value)
    return found


@dataclass(frozen=True, slots=True)
class Law:
    """The law that a lot is under: its regime, whether it must be tendered by law (依法必须招标), the calendar of rest days, its region.

    An `anchor` is the moment from which a period counts, aware UTC; the version of the rule that binds is the one in force on its day.
    """

    regime: LegalRegime
    mandatory: bool
    calendar: WorkingCalendar
    region: str = ""

    def standing(self, code: str, anchor: datetime | None = None) -> PeriodRule | None:
        """The rule of that code, whether it binds this lot or is only its standard; None where there is none."""
        return find(code, self.regime, None if anchor is None else legal_day(anchor), self.region)

    def binding(self, code: str, anchor: datetime | None = None) -> PeriodRule | None:
        """The rule of that code, if there is one and it binds this lot."""
        found = self.standing(code, anchor)
        return found if found is not None and self.binds(found) else None

    def binds(self, found: PeriodRule) -> bool:
        """Whether a rule binds this lot; what does not may be deviated from with a reason and a named approver."""
        return found.force is Force.BINDING or (found.force is Force.MANDATORY_ONLY and self.mandatory)

    def last_day(self, code: str, anchor: datetime, pause: int = 0) -> date | None:
        """The Beijing day on which the period ends, or the last with time left before the anchor; None where nothing binds.

        `pause`: days that do not count, such as those of an objection before a complaint (招标投标法实施条例 art. 60).
        """
        bound = self.binding(code, anchor)
        return None if bound is None else bound.last_day(legal_day(anchor), self.calendar, pause)

    def ends_at(self, code: str, anchor: datetime, pause: int = 0) -> datetime | None:
        """The first moment after that day, aware UTC."""
        day = self.last_day(code, anchor, pause)
        return None if day is None else end_of(day)

    def too_early(self, code: str, anchor: datetime, planned: datetime) -> RuleBroken | None:
        """What a rule that sets an earliest moment has against `planned`: RuleBroken with article and earliest day, or None."""
        bound = self.binding(code, anchor)
        return None if bound is None else self.misses(bound, anchor, planned)

    def too_late(self, code: str, anchor: datetime, done: datetime, pause: int = 0) -> RuleBroken | None:
        """What a rule that sets a latest moment has against an act at `done`: RuleBroken with article and last day, or None."""
        bound = self.binding(code, anchor)
        return None if bound is None else self.misses(bound, anchor, done, pause)

    def is_late(self, code: str, anchor: datetime, done: datetime, pause: int = 0) -> bool:
        """Whether that rule's last day has passed; False where nothing binds."""
        return self.too_late(code, anchor, done, pause) is not None

    def misses(self, found: PeriodRule, anchor: datetime, at: datetime, pause: int = 0) -> RuleBroken | None:
        """What a rule has against something at `at`, binding or not; None when it keeps to it."""
        edge = found.edge(anchor, self.calendar, pause)
        if found.direction in (Direction.AT_LEAST_AFTER, Direction.LASTS):
            if at >= edge:
                return None
            day = found.last_day(legal_day(anchor), self.calendar, pause)
            return RuleBroken(f"period.{found.what}.too_short", found.article, rule=found.code, days=found.n, earliest=day.isoformat())
        if found.direction is Direction.SAME_MOMENT:
            return None if at == edge else RuleBroken(f"period.{found.what}.another_moment", found.article, rule=found.code)
        if found.direction is Direction.AT_MOST_BEFORE:
            return None if at >= edge else RuleBroken(f"period.{found.what}.too_early", found.article, rule=found.code, hours=found.n)
        if at < edge:
            return None
        latest = legal_day(anchor) if found.direction is Direction.UNTIL else found.last_day(legal_day(anchor), self.calendar, pause)
        return RuleBroken(f"period.{found.what}.too_late", found.article, rule=found.code, days=found.n, latest=latest.isoformat())

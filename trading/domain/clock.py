"""Periods set by law as data: which regime, how many of which days, from which anchor, in which direction, by which article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from core.kernel.calendar import Unit, WorkingCalendar, end_of, legal_day
from core.kernel.errors import NotFound, RuleBroken


class LegalRegime(Enum):
    """The two legal families, which are never mixed."""

    WORKS = "works"  # 招标投标法 and its regulation: calendar days, supervised by the trade's authority
    PROCUREMENT = "procurement"  # 政府采购法 and its regulation: working days, supervised by finance


class Direction(Enum):
    """Which side of the anchor a period binds."""

    AT_LEAST_AFTER = "at_least_after"  # may not come before the period has run
    AT_MOST_AFTER = "at_most_after"  # must be done before the period has run out
    AT_LEAST_BEFORE = "at_least_before"  # must be done a full period before the anchor
    SAME_MOMENT = "same_moment"


class Anchor(Enum):
    """The event from which a period is counted."""

    RELEASE = "release"  # first day on which the tender document can be had
    DEADLINE = "deadline"  # 投标截止时间
    OBJECTION = "objection"  # receipt of an objection
    REPORT = "report"  # receipt of the evaluation report
    PUBLICITY = "publicity"  # publication of the candidates
    AWARD_NOTICE = "award_notice"  # 中标通知书 sent
    DECISION = "decision"  # winner decided
    CONTRACT = "contract"  # contract signed
    WITHDRAWAL = "withdrawal"  # written withdrawal received


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """A period of the law. `mandatory_only`: binds only projects that must be tendered by law (依法必须招标)."""

    code: str
    regime: LegalRegime
    what: str
    n: int
    unit: Unit
    anchor: Anchor
    direction: Direction
    article: str
    mandatory_only: bool = False
    region: str = ""
    effective_from: date = date(2019, 3, 2)

    def last_day(self, anchor: date, calendar: WorkingCalendar) -> date:
        """The day on which the period ends (after the anchor), or the last day on which there is still time (before it)."""
        if self.direction is Direction.AT_LEAST_BEFORE:
            return calendar.before(anchor, self.n, self.unit)
        return calendar.after(anchor, self.n, self.unit)


_W, _P = LegalRegime.WORKS, LegalRegime.PROCUREMENT
_DAYS, _WORKDAYS = Unit.CALENDAR, Unit.WORKING
_NOT_BEFORE, _NOT_AFTER, _AHEAD = Direction.AT_LEAST_AFTER, Direction.AT_MOST_AFTER, Direction.AT_LEAST_BEFORE

RULES: tuple[PeriodRule, ...] = (
    PeriodRule("T2", _W, "document_available", 5, _DAYS, Anchor.RELEASE, _NOT_BEFORE, "招标投标法实施条例第十六条"),
    PeriodRule("T2", _P, "document_available", 5, _WORKDAYS, Anchor.RELEASE, _NOT_BEFORE, "政府采购法实施条例第三十一条"),
    PeriodRule("T3", _W, "bid_time", 20, _DAYS, Anchor.RELEASE, _NOT_BEFORE, "招标投标法第二十四条", mandatory_only=True),
    PeriodRule("T3", _P, "bid_time", 20, _DAYS, Anchor.RELEASE, _NOT_BEFORE, "政府采购法第三十五条"),
    PeriodRule("T4", _W, "amendment", 15, _DAYS, Anchor.DEADLINE, _AHEAD, "招标投标法第二十三条"),
    PeriodRule("T4", _P, "amendment", 15, _DAYS, Anchor.DEADLINE, _AHEAD, "政府采购法实施条例第三十一条"),
    PeriodRule("T5", _W, "document_objection", 10, _DAYS, Anchor.DEADLINE, _AHEAD, "招标投标法实施条例第二十二条"),
    PeriodRule("T5A", _W, "objection_answer", 3, _DAYS, Anchor.OBJECTION, _NOT_AFTER, "招标投标法实施条例第二十二条"),
    PeriodRule("T7", _W, "opening", 0, _DAYS, Anchor.DEADLINE, Direction.SAME_MOMENT, "招标投标法第三十四条"),
    PeriodRule("T7", _P, "opening", 0, _DAYS, Anchor.DEADLINE, Direction.SAME_MOMENT, "政府采购货物和服务招标投标管理办法第三十九条"),
    PeriodRule("T10", _W, "candidates_published", 3, _DAYS, Anchor.REPORT, _NOT_AFTER, "招标投标法实施条例第五十四条", mandatory_only=True),
    PeriodRule("T10A", _W, "publicity", 3, _DAYS, Anchor.PUBLICITY, _NOT_BEFORE, "招标投标法实施条例第五十四条", mandatory_only=True),
    PeriodRule("T11", _W, "result_answer", 3, _DAYS, Anchor.OBJECTION, _NOT_AFTER, "招标投标法实施条例第五十四条", mandatory_only=True),
    PeriodRule("T13", _W, "contract", 30, _DAYS, Anchor.AWARD_NOTICE, _NOT_AFTER, "招标投标法第四十六条"),
    PeriodRule("T13", _P, "contract", 30, _DAYS, Anchor.AWARD_NOTICE, _NOT_AFTER, "政府采购法第四十六条"),
    PeriodRule("T13A", _W, "award_report", 15, _DAYS, Anchor.DECISION, _NOT_AFTER, "招标投标法第四十七条", mandatory_only=True),
    PeriodRule("T14", _W, "deposit_refund", 5, _DAYS, Anchor.CONTRACT, _NOT_AFTER, "招标投标法实施条例第五十七条"),
    PeriodRule("T14", _P, "deposit_refund", 5, _WORKDAYS, Anchor.CONTRACT, _NOT_AFTER, "政府采购法实施条例第三十三条"),
    PeriodRule("T16", _P, "losers_refund", 5, _WORKDAYS, Anchor.AWARD_NOTICE, _NOT_AFTER, "政府采购法实施条例第三十三条"),
    PeriodRule("T14A", _W, "withdrawal_refund", 5, _DAYS, Anchor.WITHDRAWAL, _NOT_AFTER, "招标投标法实施条例第三十五条"),
)
_BY_CODE = {(rule.code, rule.regime): rule for rule in RULES}


def find(code: str, regime: LegalRegime) -> PeriodRule | None:
    """The rule of that code in that regime, or None where the regime has none."""
    return _BY_CODE.get((code, regime))


def rule(code: str, regime: LegalRegime) -> PeriodRule:
    """As `find`; raises NotFound where the regime has no such rule."""
    if (found := find(code, regime)) is None:
        raise NotFound("period.unknown", rule=code, regime=regime.value)
    return found


@dataclass(frozen=True, slots=True)
class Law:
    """The law that a lot is under: its regime, whether it must be tendered by law (依法必须招标), and the calendar of rest days."""

    regime: LegalRegime
    mandatory: bool
    calendar: WorkingCalendar

    def binding(self, code: str) -> PeriodRule | None:
        """The rule of that code, if there is one and it binds this lot."""
        found = find(code, self.regime)
        return None if found is None or (found.mandatory_only and not self.mandatory) else found

    def last_day(self, code: str, anchor: datetime) -> date | None:
        """The Beijing day on which the period ends, or the last with time left before the anchor; None where nothing binds."""
        bound = self.binding(code)
        return None if bound is None else bound.last_day(legal_day(anchor), self.calendar)

    def ends_at(self, code: str, anchor: datetime) -> datetime | None:
        """The first moment after that day, aware UTC."""
        day = self.last_day(code, anchor)
        return None if day is None else end_of(day)

    def too_early(self, code: str, anchor: datetime, planned: datetime) -> RuleBroken | None:
        """What an AT_LEAST_AFTER rule has against `planned`: RuleBroken with the rule's article and the earliest day, or None."""
        bound, first = self.binding(code), self.last_day(code, anchor)
        if bound is None or first is None or legal_day(planned) >= first:
            return None
        return RuleBroken(f"period.{bound.what}.too_short", bound.article, rule=code, days=bound.n, earliest=first.isoformat())

    def is_late(self, code: str, anchor: datetime, done: datetime) -> bool:
        """Whether an AT_MOST_AFTER or AT_LEAST_BEFORE rule's last day has passed; False where nothing binds."""
        end = self.ends_at(code, anchor)
        return end is not None and done >= end

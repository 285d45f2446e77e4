"""Periods set by law, as versioned data: code, regime, region, how many days, from which anchor, in which direction, which article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from core.kernel.calendar import Unit, WorkingCalendar, end_of, legal_day, start_of


class LegalRegime(Enum):
    """The two legal families, which are never mixed."""

    CONSTRUCTION = "construction"  # 招标投标法 and its regulation: calendar days, supervised by the trade's authority
    GOVERNMENT_PROCUREMENT = "government_procurement"  # 政府采购法 and its regulation: working days, supervised by finance

    @classmethod
    def _missing_(cls, value: object) -> LegalRegime | None:
        """Registrations that were signed under the earlier, shorter words keep their meaning."""
        return {"works": cls.CONSTRUCTION, "procurement": cls.GOVERNMENT_PROCUREMENT}.get(str(value))


class Direction(Enum):
    """Which side of the anchor a period binds."""

    AT_LEAST_AFTER = "at_least_after"  # may not come before the period's last day
    LASTS = "lasts"  # must go on to the end of the period's last day
    AT_MOST_AFTER = "at_most_after"  # must be done before the period has run out
    AT_LEAST_BEFORE = "at_least_before"  # must be done a full period before the anchor
    AT_MOST_BEFORE = "at_most_before"  # may not come earlier than the period before the anchor
    UNTIL = "until"  # may be done until the anchor's own moment
    SAME_MOMENT = "same_moment"


class Anchor(Enum):
    """The event from which a period is counted."""

    NOTICE = "notice"  # 招标公告 published
    PREQUALIFICATION_NOTICE = "prequalification_notice"
    PREQUALIFICATION_RELEASE = "prequalification_release"  # first day on which its document can be had
    PREQUALIFICATION_RELEASE_END = "prequalification_release_end"  # last day on which its document can be had
    PREQUALIFICATION_DEADLINE = "prequalification_deadline"
    RELEASE = "release"  # first day on which the tender document can be had
    DEADLINE = "deadline"  # 投标截止时间
    OPENING_END = "opening_end"
    EVALUATION = "evaluation"  # the evaluation begins
    EVALUATION_END = "evaluation_end"
    OBJECTION = "objection"  # receipt of an objection (异议) or challenge (质疑)
    ANSWER = "answer"  # the answer to it, or the end of the time for one
    KNOWING = "knowing"  # who complains knows or should know
    COMPLAINT = "complaint"  # receipt of a complaint
    ACCEPTANCE = "acceptance"  # of a complaint
    SUSPENSION = "suspension"
    TERMINATION = "termination"
    REPORT = "report"  # receipt of the evaluation report
    PUBLICITY = "publicity"  # publication of the candidates
    PUBLICITY_END = "publicity_end"
    DECISION = "decision"  # winner decided
    AWARD_NOTICE = "award_notice"  # 中标通知书 sent
    CONTRACT = "contract"  # contract signed
    WITHDRAWAL = "withdrawal"  # written withdrawal received


class Force(Enum):
    """Whom a rule binds."""

    BINDING = "binding"
    MANDATORY_ONLY = "mandatory_only"  # only projects that must be tendered by law (依法必须招标); the standard of all others
    ADVISED = "advised"  # custom of many places, no rule: shown, never enforced


class By(Enum):
    """Who must act, or may, within the period."""

    TENDERER = "tenderer"
    BIDDER = "bidder"
    SUPERVISOR = "supervisor"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """One version of a period. `region` "" is the nation; `what` names the period in refusals and texts."""

    code: str
    regime: LegalRegime
    what: str
    n: int
    unit: Unit
    anchor: Anchor
    direction: Direction
    article: str
    effective_from: date
    by: By = By.TENDERER
    force: Force = Force.BINDING
    region: str = ""

    def last_day(self, anchor: date, calendar: WorkingCalendar, pause: int = 0) -> date:
        """The day on which the period ends (after the anchor), or the last day on which there is still time (before it)."""
        if self.direction in (Direction.AT_LEAST_BEFORE, Direction.AT_MOST_BEFORE):
            return calendar.before(anchor, self.n, self.unit)
        if self.n == 0:
            return anchor
        return calendar.after(anchor, self.n + pause, self.unit)

    def edge(self, anchor: datetime, calendar: WorkingCalendar, pause: int = 0) -> datetime:
        """The moment that the rule sets, aware UTC: the first one allowed, or the first one too late."""
        if self.direction in (Direction.SAME_MOMENT, Direction.UNTIL):
            return anchor
        if self.unit is Unit.HOURS:
            return anchor - timedelta(hours=self.n)
        day = self.last_day(legal_day(anchor), calendar, pause)
        return start_of(day) if self.direction in (Direction.AT_LEAST_AFTER, Direction.AT_MOST_BEFORE) else end_of(day)


_C, _P = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT
_DAYS, _WORKDAYS, _HOURS = Unit.CALENDAR, Unit.WORKING, Unit.HOURS
_NOT_BEFORE, _LASTS, _WITHIN = Direction.AT_LEAST_AFTER, Direction.LASTS, Direction.AT_MOST_AFTER
_AHEAD, _UNTIL, _SAME = Direction.AT_LEAST_BEFORE, Direction.UNTIL, Direction.SAME_MOMENT
_MUST, _ADVISED = Force.MANDATORY_ONLY, Force.ADVISED
_BIDDER, _SUPERVISOR, _CENTRE = By.BIDDER, By.SUPERVISOR, By.CENTRE

_LAW, _REGULATION = date(2000, 1, 1), date(2012, 2, 1)  # 招标投标法; 招标投标法实施条例
_ORDER_30 = date(2003, 5, 1)  # 工程建设项目施工招标投标办法
_PROCUREMENT_LAW, _PROCUREMENT_REGULATION = date(2003, 1, 1), date(2015, 3, 1)
_ORDER_18, _ORDER_87 = date(2004, 9, 11), date(2017, 10, 1)  # 政府采购货物和服务招标投标管理办法, old and new
_INTENTIONS = date(2020, 7, 1)  # 财库〔2020〕10号, on the publication of procurement intentions
_CHONGQING = date(2018, 1, 1)  # the text of that year

_TB, _TBR = "招标投标法", "招标投标法实施条例"
_GP, _GPR, _GS = "政府采购法", "政府采购法实施条例", "政府采购货物和服务招标投标管理办法"
_GQ, _ORDER_94 = "政府采购质疑和投诉办法", date(2018, 3, 1)
_CQ = "重庆市招标投标条例"
_A = Anchor

RULES: tuple[PeriodRule, ...] = (
    PeriodRule("T1", _C, "plan_ahead", 30, _DAYS, _A.NOTICE, _AHEAD, "招标计划发布制度（各地规定）", _LAW, force=_ADVISED),
    PeriodRule("T1", _P, "plan_ahead", 30, _DAYS, _A.NOTICE, _AHEAD, "政府采购意向公开（财库〔2020〕10号）", _INTENTIONS, force=_ADVISED),
    PeriodRule("T2", _C, "document_available", 5, _DAYS, _A.RELEASE, _NOT_BEFORE, f"{_TBR}第十六条", _REGULATION),
    PeriodRule("T2", _P, "document_available", 5, _WORKDAYS, _A.RELEASE, _NOT_BEFORE, f"{_GPR}第三十一条", _PROCUREMENT_REGULATION),
    PeriodRule("T2B", _C, "prequalification_available", 5, _DAYS, _A.PREQUALIFICATION_RELEASE, _NOT_BEFORE, f"{_TBR}第十六条", _REGULATION),
    PeriodRule("T2B", _P, "prequalification_available", 5, _WORKDAYS, _A.PREQUALIFICATION_NOTICE, _NOT_BEFORE, f"{_GS}第十八条", _ORDER_87),
    PeriodRule("T3", _C, "bid_time", 20, _DAYS, _A.RELEASE, _NOT_BEFORE, f"{_TB}第二十四条", _LAW, force=_MUST),
    PeriodRule("T3", _P, "bid_time", 20, _DAYS, _A.RELEASE, _NOT_BEFORE, f"{_GP}第三十五条", _PROCUREMENT_LAW),
    PeriodRule("T4", _C, "amendment", 15, _DAYS, _A.DEADLINE, _AHEAD, f"{_TB}第二十三条", _LAW),
    PeriodRule("T4", _P, "amendment", 15, _DAYS, _A.DEADLINE, _AHEAD, f"{_GS}第二十七条", _ORDER_18),
    PeriodRule("T4", _P, "amendment", 15, _DAYS, _A.DEADLINE, _AHEAD, f"{_GPR}第三十一条", _PROCUREMENT_REGULATION),
    PeriodRule("T5", _C, "document_objection", 10, _DAYS, _A.DEADLINE, _AHEAD, f"{_TBR}第二十二条", _REGULATION, _BIDDER),
    PeriodRule("T5A", _C, "objection_answer", 3, _DAYS, _A.OBJECTION, _WITHIN, f"{_TBR}第二十二条", _REGULATION),
    PeriodRule(
        "T5B", _C, "prequalification_objection", 2, _DAYS, _A.PREQUALIFICATION_DEADLINE, _AHEAD, f"{_TBR}第二十二条", _REGULATION, _BIDDER
    ),
    PeriodRule(
        "T6",
        _C,
        "prequalification_time",
        5,
        _DAYS,
        _A.PREQUALIFICATION_RELEASE_END,
        _NOT_BEFORE,
        f"{_TBR}第十七条",
        _REGULATION,
        force=_MUST,
    ),
    PeriodRule(
        "T6",
        _P,
        "prequalification_time",
        5,
        _WORKDAYS,
        _A.PREQUALIFICATION_NOTICE,
        _NOT_BEFORE,
        f"{_GPR}第二十一条",
        _PROCUREMENT_REGULATION,
    ),
    PeriodRule("T6A", _C, "prequalification_amendment", 3, _DAYS, _A.PREQUALIFICATION_DEADLINE, _AHEAD, f"{_TBR}第二十一条", _REGULATION),
    PeriodRule("T6A", _P, "prequalification_amendment", 3, _DAYS, _A.PREQUALIFICATION_DEADLINE, _AHEAD, f"{_GS}第二十七条", _ORDER_87),
    PeriodRule("T7", _C, "opening", 0, _DAYS, _A.DEADLINE, _SAME, f"{_TB}第三十四条", _LAW, _CENTRE),
    PeriodRule("T7", _P, "opening", 0, _DAYS, _A.DEADLINE, _SAME, f"{_GS}第三十九条", _ORDER_87, _CENTRE),
    PeriodRule("T8", _C, "opening_objection", 0, _DAYS, _A.OPENING_END, _UNTIL, f"{_TBR}第四十四条", _REGULATION, _BIDDER),
    PeriodRule("T8", _P, "opening_objection", 0, _DAYS, _A.OPENING_END, _UNTIL, f"{_GS}第四十二条", _ORDER_87, _BIDDER),
    PeriodRule(
        "T9", _C, "expert_draw", 24, _HOURS, _A.EVALUATION, Direction.AT_MOST_BEFORE, f"{_CQ}第三十条", _CHONGQING, _CENTRE, region="重庆市"
    ),
    PeriodRule("T10", _C, "candidates_published", 3, _DAYS, _A.REPORT, _WITHIN, f"{_TBR}第五十四条", _REGULATION, force=_MUST),
    PeriodRule("T10A", _C, "publicity", 3, _DAYS, _A.PUBLICITY, _LASTS, f"{_TBR}第五十四条", _REGULATION, force=_MUST),
    PeriodRule("T11", _C, "result_answer", 3, _DAYS, _A.OBJECTION, _WITHIN, f"{_TBR}第五十四条", _REGULATION, force=_MUST),
    PeriodRule("T11A", _C, "result_objection", 0, _DAYS, _A.PUBLICITY_END, _UNTIL, f"{_TBR}第五十四条", _REGULATION, _BIDDER, _MUST),
    PeriodRule("T12", _C, "complaint", 10, _DAYS, _A.KNOWING, _WITHIN, f"{_TBR}第六十条", _REGULATION, _BIDDER),
    PeriodRule("T12A", _C, "complaint_acceptance", 3, _WORKDAYS, _A.COMPLAINT, _WITHIN, f"{_TBR}第六十一条", _REGULATION, _SUPERVISOR),
    PeriodRule("T12B", _C, "complaint_ruling", 30, _WORKDAYS, _A.ACCEPTANCE, _WITHIN, f"{_TBR}第六十一条", _REGULATION, _SUPERVISOR),
    PeriodRule("T13", _C, "contract", 30, _DAYS, _A.AWARD_NOTICE, _WITHIN, f"{_TB}第四十六条", _LAW),
    PeriodRule("T13", _P, "contract", 30, _DAYS, _A.AWARD_NOTICE, _WITHIN, f"{_GP}第四十六条", _PROCUREMENT_LAW),
    PeriodRule("T13A", _C, "award_report", 15, _DAYS, _A.DECISION, _WITHIN, f"{_TB}第四十七条", _LAW, force=_MUST),
    PeriodRule(
        "T14", _C, "deposit_refund", 5, _WORKDAYS, _A.CONTRACT, _WITHIN, "工程建设项目施工招标投标办法（2003年）第六十三条", _ORDER_30
    ),
    PeriodRule("T14", _C, "deposit_refund", 5, _DAYS, _A.CONTRACT, _WITHIN, f"{_TBR}第五十七条", _REGULATION),
    PeriodRule("T14", _P, "deposit_refund", 5, _WORKDAYS, _A.CONTRACT, _WITHIN, f"{_GS}第三十七条", _ORDER_18),
    PeriodRule("T14", _P, "deposit_refund", 5, _WORKDAYS, _A.CONTRACT, _WITHIN, f"{_GPR}第三十三条", _PROCUREMENT_REGULATION),
    PeriodRule("T14A", _C, "withdrawal_refund", 5, _DAYS, _A.WITHDRAWAL, _WITHIN, f"{_TBR}第三十五条", _REGULATION),
    PeriodRule("T14A", _P, "withdrawal_refund", 5, _WORKDAYS, _A.WITHDRAWAL, _WITHIN, f"{_GS}第二十三条", _ORDER_87),
    PeriodRule("T14B", _P, "termination_refund", 5, _WORKDAYS, _A.TERMINATION, _WITHIN, f"{_GS}第二十九条", _ORDER_87),
    PeriodRule(
        "T15", _P, "report_handed_over", 2, _WORKDAYS, _A.EVALUATION_END, _WITHIN, f"{_GPR}第四十三条", _PROCUREMENT_REGULATION, _CENTRE
    ),
    PeriodRule("T15A", _P, "award_decision", 5, _WORKDAYS, _A.REPORT, _WITHIN, f"{_GPR}第四十三条", _PROCUREMENT_REGULATION),
    PeriodRule("T15B", _P, "award_published", 2, _WORKDAYS, _A.DECISION, _WITHIN, f"{_GPR}第四十三条", _PROCUREMENT_REGULATION),
    PeriodRule("T15C", _P, "contract_published", 2, _WORKDAYS, _A.CONTRACT, _WITHIN, f"{_GPR}第五十条", _PROCUREMENT_REGULATION),
    PeriodRule("T15D", _P, "contract_filed", 7, _WORKDAYS, _A.CONTRACT, _WITHIN, f"{_GP}第四十七条", _PROCUREMENT_LAW),
    PeriodRule("T16", _P, "losers_refund", 5, _WORKDAYS, _A.AWARD_NOTICE, _WITHIN, f"{_GS}第三十七条", _ORDER_18),
    PeriodRule("T16", _P, "losers_refund", 5, _WORKDAYS, _A.AWARD_NOTICE, _WITHIN, f"{_GPR}第三十三条", _PROCUREMENT_REGULATION),
    PeriodRule("T17", _P, "challenge", 7, _WORKDAYS, _A.KNOWING, _WITHIN, f"{_GP}第五十二条", _PROCUREMENT_LAW, _BIDDER),
    PeriodRule("T17A", _P, "challenge_answer", 7, _WORKDAYS, _A.OBJECTION, _WITHIN, f"{_GP}第五十三条", _PROCUREMENT_LAW),
    PeriodRule("T17B", _P, "challenge_complaint", 15, _WORKDAYS, _A.ANSWER, _WITHIN, f"{_GP}第五十五条", _PROCUREMENT_LAW, _BIDDER),
    PeriodRule("T17C", _P, "challenge_ruling", 30, _WORKDAYS, _A.COMPLAINT, _WITHIN, f"{_GP}第五十六条", _PROCUREMENT_LAW, _SUPERVISOR),
    PeriodRule("T17D", _P, "suspension", 30, _DAYS, _A.SUSPENSION, _WITHIN, f"{_GP}第五十七条", _PROCUREMENT_LAW, _SUPERVISOR),
    PeriodRule("T17E", _P, "complaint_acceptance", 5, _WORKDAYS, _A.COMPLAINT, _WITHIN, f"{_GQ}第二十一条", _ORDER_94, _SUPERVISOR),
    PeriodRule("T18", _P, "notice_period", 5, _WORKDAYS, _A.NOTICE, _LASTS, f"{_GS}第十六条", _ORDER_87),
    PeriodRule("T18A", _P, "result_period", 1, _WORKDAYS, _A.AWARD_NOTICE, _LASTS, f"{_GS}第六十九条", _ORDER_87),
    PeriodRule("T19", _C, "non_candidates_refund", 5, _DAYS, _A.AWARD_NOTICE, _WITHIN, f"{_CQ}第三十五条", _CHONGQING, region="重庆市"),
    PeriodRule("T19A", _C, "award_notice", 5, _WORKDAYS, _A.PUBLICITY_END, _WITHIN, f"{_CQ}第三十五条", _CHONGQING, region="重庆市"),
)

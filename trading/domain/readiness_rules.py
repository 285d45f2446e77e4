"""The rules of the checks before publication: one row for each thing that plan, document and notice of a lot must say, or should."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, TypeVar

from core.kernel.calendar import Unit, legal_day
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.relief import Freed
from trading.domain import document as documents
from trading.domain import notice as notices
from trading.domain.award import MOST_CANDIDATES
from trading.domain.award_plan import AwardPlan, check_basis
from trading.domain.clock import Law, LegalRegime
from trading.domain.document import Escrow, TenderDocument
from trading.domain.freed import check_freed
from trading.domain.lot import LotAction
from trading.domain.method import benchmarks, check_method
from trading.domain.notice import TenderNotice
from trading.domain.project import Category

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessFacts:
    """What is there of a lot, signed or drafted; None for what is not. `estimate` is the project's, in procurement its budget."""

    now: datetime
    law: Law
    category: Category
    estimate: Money
    plan: AwardPlan | None = None
    document: TenderDocument | None = None
    notice: TenderNotice | None = None
    plan_signed: bool = False
    document_signed: bool = False
    planned_at: datetime | None = None
    freed: Freed | None = None

    @property
    def method(self) -> Mapping[str, Any]:
        """The document's method part where its form is good; empty where there is none to be looked into."""
        found = self.document
        return {} if found is None or _method_form(self) is not None else found.method

    def has(self, step: LotAction | None) -> bool:
        """Whether there is what that step makes, be it signed or drafted; None needs nothing."""
        made = {LotAction.FIX_PLAN: self.plan, LotAction.PUBLISH_DOCUMENT: self.document, LotAction.DRAFT_NOTICE: self.notice}
        return step is None or made[step] is not None

    @property
    def points(self) -> Mapping[str, Any]:
        """The same, of a method by points alone (综合评估法, 综合评分法)."""
        return self.method if self.method.get("method") == "comprehensive" else {}


@dataclass(frozen=True, slots=True)
class Rule:
    """One check. What the step `needs` makes must be there, else it is open; `concerns`: whether it is about this lot at all; `step` and
    `field`: where it is mended. Under the regimes in `blocks` it holds the publication back, under the other it warns. Its article is that
    of the refusal that it finds, else the one given by regime, else its `period`'s."""

    code: str
    step: LotAction
    field: str
    needs: LotAction | None
    look: Callable[[ReadinessFacts], RuleBroken | None]
    article: Mapping[LegalRegime, str]
    blocks: frozenset[LegalRegime] = frozenset(LegalRegime)
    concerns: Callable[[ReadinessFacts], object] = lambda facts: True
    period: str = ""


_C, _P = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT
_TB, _TBR, _GS = "招标投标法", "招标投标法实施条例", "政府采购货物和服务招标投标管理办法"
_LAID_DOWN = {_C: f"{_TB}第十九条", _P: f"{_GS}第二十条"}
_CEILING = {_C: f"{_TBR}第二十七条", _P: f"{_GS}第十二条"}
_SCORING = {_C: f"{_TB}第十九条", _P: f"{_GS}第五十五条"}
_NO_LAW = {_C: "", _P: ""}
LEAST_PRICE_POINTS = {Category.GOODS: 30, Category.SERVICES: 10}
"""政府采购货物和服务招标投标管理办法 art. 55; works that are bought by tender follow the other law."""
FULL_MARKS = 100
AFTER_AWARD = {_C: (30, Unit.WORKING), _P: (30, Unit.CALENDAR)}
"""What must be left of the bids' validity once the award is decided (评标委员会和评标方法暂行规定 art. 40; 政府采购法 art. 46)."""


# What the rows look at, once what they need is there


def _laid(facts: ReadinessFacts) -> TenderDocument:
    assert facts.document is not None  # the row needs it
    return facts.document


def _said(facts: ReadinessFacts) -> TenderNotice:
    assert facts.notice is not None
    return facts.notice


def _unsigned_plan(facts: ReadinessFacts) -> RuleBroken | None:
    return None if facts.plan_signed else RuleBroken("notice.plan_missing")


def _unsigned_document(facts: ReadinessFacts) -> RuleBroken | None:
    return None if facts.document_signed else RuleBroken("notice.document_missing")


def _plan_basis(facts: ReadinessFacts) -> RuleBroken | None:
    assert facts.plan is not None
    return _found(lambda plan: check_basis(plan, facts.law.regime), facts.plan)


def _no_files(facts: ReadinessFacts) -> RuleBroken | None:
    return None if _laid(facts).files else RuleBroken("document.files_missing")


def _envelopes(facts: ReadinessFacts) -> RuleBroken | None:
    return _found(documents.check_envelopes, _laid(facts))


def _deposit(facts: ReadinessFacts) -> RuleBroken | None:
    return _found(lambda it: documents.check_deposit(it, facts.law.regime, facts.estimate), _laid(facts))


def _freed(facts: ReadinessFacts) -> RuleBroken | None:
    return _found(lambda it: check_freed(it.deposit, facts.freed), _laid(facts))


def _ceiling(facts: ReadinessFacts) -> RuleBroken | None:
    return None if _laid(facts).ceiling.fen else RuleBroken("document.ceiling_missing")


def _above_budget(facts: ReadinessFacts) -> RuleBroken | None:
    ceiling = _laid(facts).ceiling
    if ceiling.fen <= facts.estimate.fen:
        return None
    return RuleBroken("document.ceiling_above_estimate", ceiling=str(ceiling), estimate=str(facts.estimate))


def _no_escrow(facts: ReadinessFacts) -> RuleBroken | None:
    return None if _laid(facts).escrow is not Escrow.NONE else RuleBroken("document.escrow_missing")


def _no_validity(facts: ReadinessFacts) -> RuleBroken | None:
    return None if _laid(facts).validity_days else RuleBroken("document.validity_missing")


def _short_validity(facts: ReadinessFacts) -> RuleBroken | None:
    """Publicity and the time for the contract must fit in; how long the evaluation takes nobody knows, so a day is the least."""
    n, unit = AFTER_AWARD[facts.law.regime]
    days, first = _laid(facts).validity_days, legal_day(_said(facts).deadline)
    needed = facts.law.calendar.after(first + timedelta(days=1 + _said(facts).publicity_days), n, unit) - first
    return None if days >= needed.days else RuleBroken("document.validity_short", days=days, needed=needed.days)


def _method_form(facts: ReadinessFacts) -> RuleBroken | None:
    return _found(lambda it: check_method(it.method, it.ceiling, len(it.envelopes)), _laid(facts))


def _weights(facts: ReadinessFacts) -> RuleBroken | None:
    full = _price_points(facts) + sum((_worth(one) for one in facts.points["criteria"]), Fraction(0))
    return None if full == FULL_MARKS else RuleBroken("method.weights_not_full", sum=_plain(full))


def _price_weight(facts: ReadinessFacts) -> RuleBroken | None:
    least, points = LEAST_PRICE_POINTS[facts.category], _price_points(facts)
    return None if points >= least else RuleBroken("method.price_weight_low", least=least, points=_plain(points))


def _price_formula(facts: ReadinessFacts) -> RuleBroken | None:
    """The lowest evaluated price gets all points, the others in proportion; highest and lowest bids are not dropped."""
    return None if facts.points["price"]["kind"] == "lowest_ratio" else RuleBroken("method.price_formula_other")


def _too_many_candidates(facts: ReadinessFacts) -> RuleBroken | None:
    return None if facts.method["candidates"] <= MOST_CANDIDATES else RuleBroken("method.candidates_too_many", most=MOST_CANDIDATES)


def _too_few_candidates(facts: ReadinessFacts) -> RuleBroken | None:
    return None if facts.method["candidates"] > 1 else RuleBroken("method.candidates_too_few")


def _no_reference(facts: ReadinessFacts) -> RuleBroken | None:
    is_said = facts.method.get("reference_price") or _laid(facts).reference_price_commit
    return None if is_said else RuleBroken("method.reference_missing")


def _no_tie_break(facts: ReadinessFacts) -> RuleBroken | None:
    return None if facts.points.get("tie_break") else RuleBroken("method.tie_break_missing")


def _no_rounding(facts: ReadinessFacts) -> RuleBroken | None:
    said = facts.points.get("rounding") or {}
    return None if any(places is not None for name, places in said.items() if name != "mode") else RuleBroken("method.rounding_missing")


def _release_past(facts: ReadinessFacts) -> RuleBroken | None:
    return None if _said(facts).release_at >= facts.now else RuleBroken("notice.release_past")


def _unplanned(facts: ReadinessFacts) -> RuleBroken | None:
    period = facts.law.standing("T1", facts.now)
    if period is None:
        return None
    if facts.planned_at is None:
        return RuleBroken("notice.unplanned", period.article, rule=period.code, days=period.n)
    return facts.law.misses(period, facts.now, facts.planned_at)


def _missed(code: str) -> Callable[[ReadinessFacts], RuleBroken | None]:
    """What a period has against the notice's dates; one that does not bind may be deviated from, with a reason and an approver."""

    def look(facts: ReadinessFacts) -> RuleBroken | None:
        said = _said(facts)
        missed = notices.misses(said.release_at, said.deadline, said.publicity_days, facts.law).get(code)
        if missed is None or facts.law.binding(code, said.release_at) is not None:
            return missed
        days = missed.facts["days"]
        if any(one.rule == code for one in said.deviations):
            return RuleBroken("notice.deviates", missed.article, rule=code, days=days)
        return RuleBroken("notice.deviation_unexplained", missed.article, rule=code, days=days)

    return look


def _found(check: Callable[[T], None], looked_at: T) -> RuleBroken | None:
    try:
        check(looked_at)
    except RuleBroken as refusal:
        return refusal
    return None


def _price_points(facts: ReadinessFacts) -> Fraction:
    price = facts.points["price"]
    return Fraction(0) if price["kind"] == "none" else _worth(price)


def _worth(said: Mapping[str, str]) -> Fraction:
    return Fraction(said["max"]) * Fraction(said["weight"])


def _plain(points: Fraction) -> str:
    """Points to two places, without idle zeros."""
    hundredths = round(points * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")


# Whom a row is about


def _is_freed(facts: ReadinessFacts) -> object:
    return facts.freed


def _is_points(facts: ReadinessFacts) -> object:
    return facts.points


def _is_procurement_by_points(facts: ReadinessFacts) -> bool:
    return facts.law.regime is _P and bool(facts.points) and facts.category in LEAST_PRICE_POINTS


def _scores_price(facts: ReadinessFacts) -> bool:
    return _is_procurement_by_points(facts) and facts.points["price"]["kind"] != "none"


def _leaves_price_out(facts: ReadinessFacts) -> bool:
    return _is_procurement_by_points(facts) and facts.points["price"]["kind"] == "none"


def _price_unscored(facts: ReadinessFacts) -> RuleBroken | None:
    """Only where the state sets the price, or it is fixed beforehand, may it be left out (art. 55)."""
    return RuleBroken("method.price_unscored")


def _separates(facts: ReadinessFacts) -> bool:
    return facts.plan is not None and facts.plan.separation


def _separates_with_method(facts: ReadinessFacts) -> bool:
    return _separates(facts) and bool(facts.method)


def _ranks(facts: ReadinessFacts) -> bool:
    return bool(facts.method) and not _separates(facts)


def _uses_reference(facts: ReadinessFacts) -> bool:
    return bool(facts.method) and "reference" in benchmarks(facts.method)


def _has_validity(facts: ReadinessFacts) -> bool:
    return facts.document is not None and facts.document.validity_days > 0


def _has_period(code: str) -> Callable[[ReadinessFacts], bool]:
    return lambda facts: facts.law.standing(code, facts.now) is not None


def _is_planned(facts: ReadinessFacts) -> bool:
    """A custom is no duty: it is shown to who has begun to keep it, and to whom a region's own rule binds."""
    return facts.law.binding("T1", facts.now) is not None or facts.planned_at is not None


_NEVER: frozenset[LegalRegime] = frozenset()
_IN_PROCUREMENT = frozenset({_P})
_PLAN, _PAPER, _NOTICE = LotAction.FIX_PLAN, LotAction.PUBLISH_DOCUMENT, LotAction.DRAFT_NOTICE
_PERIODS = {"T2": "deadline", "T3": "deadline", "T10A": "publicity_days"}
"""The periods that a notice's dates are held against, with the field of its form."""

RULES: tuple[Rule, ...] = (
    Rule("plan.signed", _PLAN, "", None, _unsigned_plan, _LAID_DOWN),
    Rule("plan.basis", _PLAN, "legal_basis", _PLAN, _plan_basis, {_C: f"{_TBR}第五十五条", _P: ""}, concerns=_separates),
    Rule("document.signed", _PAPER, "", None, _unsigned_document, _LAID_DOWN),
    Rule("document.files", _PAPER, "files", _PAPER, _no_files, _LAID_DOWN),
    Rule("document.envelopes", _PAPER, "envelopes", _PAPER, _envelopes, _LAID_DOWN),
    Rule("document.ceiling", _PAPER, "ceiling", _PAPER, _ceiling, _CEILING),
    Rule("document.budget", _PAPER, "ceiling", _PAPER, _above_budget, {_C: "", _P: f"{_GS}第十二条"}, _IN_PROCUREMENT),
    Rule("document.deposit", _PAPER, "deposit", _PAPER, _deposit, {_C: f"{_TBR}第二十六条", _P: "政府采购法实施条例第三十三条"}),
    Rule("document.freed", _PAPER, "deposit", _PAPER, _freed, _NO_LAW, concerns=_is_freed),
    Rule("document.validity", _PAPER, "validity_days", _PAPER, _no_validity, {_C: f"{_TBR}第二十五条", _P: f"{_GS}第二十条"}),
    Rule(
        "document.validity_long",
        _PAPER,
        "validity_days",
        _NOTICE,
        _short_validity,
        {_C: "评标委员会和评标方法暂行规定第四十条", _P: "政府采购法第四十六条"},
        _NEVER,
        _has_validity,
    ),
    Rule("document.escrow", _PAPER, "escrow", _PAPER, _no_escrow, {_C: "电子招标投标办法第三十一条", _P: ""}, _NEVER),
    Rule("method.form", _PAPER, "method", _PAPER, _method_form, _LAID_DOWN),
    Rule("method.weights", _PAPER, "method", _PAPER, _weights, _SCORING, _IN_PROCUREMENT, _is_points),
    Rule("method.price_weight", _PAPER, "method", _PAPER, _price_weight, _SCORING, concerns=_scores_price),
    Rule("method.price_formula", _PAPER, "method", _PAPER, _price_formula, _SCORING, concerns=_scores_price),
    Rule("method.price_scored", _PAPER, "method", _PAPER, _price_unscored, _SCORING, _NEVER, _leaves_price_out),
    Rule("method.reference", _PAPER, "reference_price_commit", _PAPER, _no_reference, _CEILING, concerns=_uses_reference),
    Rule("method.candidates", _PAPER, "method", _PAPER, _too_many_candidates, {_C: f"{_TBR}第五十三条", _P: ""}, concerns=_ranks),
    Rule("method.choice", _PAPER, "method", _PAPER, _too_few_candidates, _NO_LAW, _NEVER, _separates_with_method),
    Rule("method.ties", _PAPER, "method", _PAPER, _no_tie_break, {_C: "", _P: f"{_GS}第五十七条"}, _NEVER, _is_points),
    Rule("method.rounding", _PAPER, "method", _PAPER, _no_rounding, _NO_LAW, _NEVER, _is_points),
    Rule("notice.planned", _NOTICE, "", None, _unplanned, _NO_LAW, _NEVER, _is_planned, "T1"),
    Rule("notice.release", _NOTICE, "release_at", _NOTICE, _release_past, _NO_LAW),
    *(
        Rule(f"period.{code}", _NOTICE, field, _NOTICE, _missed(code), _NO_LAW, concerns=_has_period(code), period=code)
        for code, field in _PERIODS.items()
    ),
)

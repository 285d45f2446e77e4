"""How each criterion is scored (评分细则): data of the tender document beside its method, with the bound of abnormal scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from trading.domain.method import is_decimal

MOST_PLACES = 4
"""Decimal places of a score; what a sheet takes."""

_ARTICLE = "招标投标法第十九条"


class Mode(StrEnum):
    """How a criterion is scored."""

    RANGE = "range"  # any score within the limits, by steps
    STEPS = "steps"  # one of fixed scores
    PASS_FAIL = "pass_fail"  # noqa: S105 - a mode, no password: full marks or none
    DEDUCTION = "deduction"  # full marks less what is ticked, never below 0


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (优, 良, 中, 差) and the scores that belong to it, edges included."""

    label: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Deduction:
    """What is taken off where it is found in a bid."""

    id: str
    text: str
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRule:
    """The rule of one criterion; `step` None leaves it to the sheet's usual one, `is_objective`: members must agree (87号令 art. 64)."""

    id: str
    mode: Mode = Mode.RANGE
    title: str = ""
    definition: str = ""
    is_objective: bool = False
    step: Decimal | None = None
    steps: tuple[Decimal, ...] = ()
    grades: tuple[Grade, ...] = ()
    deductions: tuple[Deduction, ...] = ()


@dataclass(frozen=True, slots=True)
class Abnormal:
    """When a member's score is shown to the committee: their total of a bid is further than `percent` from the mean of the others' totals,
    or, where `order`, their ranking of the bids is the others' upside down. `places`: what the committee finds abnormal and its member does
    not explain is replaced by the mean of the others, half up to so many decimals (重庆市招标投标条例 art. 32); None: by nothing."""

    percent: Decimal
    order: bool
    places: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """All that a tender document says of its score sheets; a criterion without a rule is scored within its range."""

    criteria: tuple[ScoreRule, ...] = ()
    abnormal: Abnormal | None = None

    @classmethod
    def read(cls, members: Mapping[str, object]) -> ScoreRules:
        """Of the member `score_rules`; raises RuleBroken `body.malformed` naming the member."""
        body = Body(members, "score_rules.")
        criteria = tuple(_rule(one) for one in body.objects("criteria", least=0, most=200))
        abnormal = body.part_if_any("abnormal")
        body.done()
        return cls(criteria, None if abnormal is None else _abnormal(abnormal))

    def of(self, criterion: str) -> ScoreRule:
        """The rule of a criterion."""
        return next((rule for rule in self.criteria if rule.id == criterion), ScoreRule(id=criterion))


def _rule(body: Body) -> ScoreRule:
    rule = ScoreRule(
        id=body.text("id", 60),
        mode=body.choice("mode", Mode),
        title=body.text("title", 60) if body.has("title") else "",
        definition=body.text("definition", 1000) if body.has("definition") else "",
        is_objective=body.flag("objective") if body.has("objective") else False,
        step=_points(body, "step") if body.has("step") else None,
        steps=_all_points(body, "steps"),
        grades=tuple(_grade(one) for one in body.objects("grades", least=1, most=10)) if body.has("grades") else (),
        deductions=tuple(_deduction(one) for one in body.objects("deductions", least=1, most=50)) if body.has("deductions") else (),
    )
    body.done()
    return rule


def _grade(body: Body) -> Grade:
    grade = Grade(body.text("label", 20), _points(body, "from"), _points(body, "to"))
    body.done()
    return grade


def _deduction(body: Body) -> Deduction:
    deduction = Deduction(body.text("id", 20), body.text("text", 200), _points(body, "points"))
    body.done()
    return deduction


def _abnormal(body: Body) -> Abnormal:
    percent, order = _points(body, "deviation_percent"), body.flag("order")
    replace = body.part_if_any("replace")
    body.done()
    if replace is None:
        return Abnormal(percent, order)
    places = replace.count("places", most=MOST_PLACES)
    replace.done()
    return Abnormal(percent, order, places)


def _points(body: Body, name: str) -> Decimal:
    return _decimal(body.text(name, 12), name)


def _all_points(body: Body, name: str) -> tuple[Decimal, ...]:
    return tuple(_decimal(one, name) for one in body.texts(name, most=50, each=12)) if body.has(name) else ()


def _decimal(written: str, name: str) -> Decimal:
    """A score: plain, not below 0, with at most four places."""
    if not is_decimal(written) or written.startswith("-") or len(written.partition(".")[2]) > MOST_PLACES:
        raise RuleBroken("body.malformed", member=f"score_rules.{name}")
    return Decimal(written)


def check_score_rules(rules: ScoreRules, method: Mapping[str, Any]) -> None:
    """Raises RuleBroken for rules that do not fit the criteria of the method, which is of good form."""
    limits = {str(one["id"]): Decimal(str(one["max"])) for one in method["criteria"]}
    if not limits:
        raise RuleBroken("score_rules.unused", _ARTICLE)
    seen: set[str] = set()
    for rule in rules.criteria:
        if rule.id not in limits:
            raise RuleBroken("score_rules.criterion_unknown", _ARTICLE, criterion=rule.id)
        if rule.id in seen:
            raise RuleBroken("score_rules.criterion_twice", _ARTICLE, criterion=rule.id)
        seen.add(rule.id)
        check_rule(rule, limits[rule.id])
    if rules.abnormal is not None and rules.abnormal.percent == 0:
        raise RuleBroken("score_rules.abnormal_percent", _ARTICLE)


def check_rule(rule: ScoreRule, most: Decimal) -> None:
    """Raises RuleBroken for a rule that says what its mode has not, or scores that a bid can't be given."""
    said = {name for name in ("step", "steps", "grades", "deductions") if getattr(rule, name)}
    if foreign := sorted(said - _BELONGS[rule.mode]):
        raise RuleBroken("score_rules.member_unfit", _ARTICLE, criterion=rule.id, member=foreign[0])
    if rule.step is not None and (rule.step == 0 or most % rule.step):
        raise RuleBroken("score_rules.step", _ARTICLE, criterion=rule.id, most=str(most))
    if rule.mode is Mode.STEPS and (len(rule.steps) < 2 or len(set(rule.steps)) < len(rule.steps) or max(rule.steps) > most):
        raise RuleBroken("score_rules.steps", _ARTICLE, criterion=rule.id, most=str(most))
    _check_grades(rule, most)
    ids = [one.id for one in rule.deductions]
    is_deducted = rule.mode is Mode.DEDUCTION
    if is_deducted and (not ids or len(set(ids)) < len(ids) or any(not 0 < one.points <= most for one in rule.deductions)):
        raise RuleBroken("score_rules.deductions", _ARTICLE, criterion=rule.id, most=str(most))


_BELONGS = {
    Mode.RANGE: frozenset({"step", "grades"}),
    Mode.STEPS: frozenset({"steps"}),
    Mode.PASS_FAIL: frozenset[str](),
    Mode.DEDUCTION: frozenset({"deductions"}),
}


def _check_grades(rule: ScoreRule, most: Decimal) -> None:
    """Grades have names of their own and do not overlap; an edge may be shared, and belongs to both."""
    ordered = sorted(rule.grades, key=lambda grade: grade.low)
    fits = all(grade.low <= grade.high <= most for grade in ordered) and all(low.high <= high.low for low, high in pairwise(ordered))
    if not fits or len({grade.label for grade in ordered}) < len(ordered):
        raise RuleBroken("score_rules.grades", _ARTICLE, criterion=rule.id, most=str(most))


def titles(said: Mapping[str, Any]) -> dict[str, str]:
    """Criterion → its title, of the member `score_rules` of a tender document, empty where it has none; only those that have one."""
    return {str(one["id"]): str(one["title"]) for one in said.get("criteria", ()) if one.get("title")}

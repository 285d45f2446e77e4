"""A score sheet: one member's scores of every bid under its code name, typed as a draft, signed once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.kernel.errors import RuleBroken
from evaluation.domain.body import Body
from trading.domain.score_rules import Deduction, Grade, Mode, ScoreRules

STEP = Decimal("0.5")
"""The smallest unit of an expert's score where the tender document names no other."""

_SCORE = re.compile(r"\d{1,6}(\.\d{1,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One item of the sheet: id, the words for people, its maximum, and how it is scored; `is_objective`: members must agree."""

    id: str
    title: str
    max: Decimal
    part: str = "technical"
    mode: Mode = Mode.RANGE
    step: Decimal = STEP
    steps: tuple[Decimal, ...] = ()
    grades: tuple[Grade, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    is_objective: bool = False
    definition: str = ""

    def less(self, ticked: Sequence[str]) -> Decimal:
        """The maximum less the ticked deductions, never below 0; raises RuleBroken for one that is unknown or ticked twice."""
        points = {one.id: one.points for one in self.deductions}
        if len(set(ticked)) < len(ticked) or not set(ticked) <= set(points):
            raise RuleBroken("score.ticks", criterion=self.id)
        return max(Decimal(0), self.max - sum((points[one] for one in ticked), Decimal(0)))


@dataclass(frozen=True, slots=True)
class SheetRules:
    """What a sheet must fill: the code names of the bids in hand and the criteria, all of one part."""

    bids: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    part: str = "technical"

    def criterion(self, bid: str, criterion: str) -> Criterion:
        """The item of a bid in hand; raises RuleBroken for an unknown bid or item."""
        if bid not in self.bids:
            raise RuleBroken("score.bid_unknown", bid=bid)
        item = next((one for one in self.criteria if one.id == criterion), None)
        if item is None:
            raise RuleBroken("score.criterion_unknown", criterion=criterion)
        return item

    def score(self, bid: str, criterion: str, written: str, ticked: Sequence[str] = ()) -> Decimal:
        """A score as written; raises RuleBroken when it is no plain decimal, or none that the criterion's mode gives.

        `ticked`: ids of the deductions found, where the criterion is scored by them.
        """
        item = self.criterion(bid, criterion)
        if not _SCORE.fullmatch(written):
            raise RuleBroken("score.malformed", bid=bid, criterion=criterion)
        value = Decimal(written)
        if value > item.max:
            raise RuleBroken("score.above_maximum", bid=bid, criterion=criterion, most=str(item.max))
        if ticked and item.mode is not Mode.DEDUCTION:
            raise RuleBroken("score.ticks", criterion=criterion)
        _IN_MODE[item.mode](item, bid, value, ticked)
        return value


def _in_range(item: Criterion, bid: str, value: Decimal, ticked: Sequence[str]) -> None:
    if value % item.step:
        raise RuleBroken("score.off_step", bid=bid, criterion=item.id, step=str(item.step))
    if item.grades and not any(grade.low <= value <= grade.high for grade in item.grades):
        raise RuleBroken("score.outside_grades", bid=bid, criterion=item.id)


def _fixed(item: Criterion, bid: str, value: Decimal, ticked: Sequence[str]) -> None:
    if value not in item.steps:
        raise RuleBroken("score.not_fixed", bid=bid, criterion=item.id, steps=" / ".join(str(one) for one in item.steps))


def _passes_or_fails(item: Criterion, bid: str, value: Decimal, ticked: Sequence[str]) -> None:
    if value not in (0, item.max):
        raise RuleBroken("score.not_fixed", bid=bid, criterion=item.id, steps=f"0 / {item.max}")


def _deducted(item: Criterion, bid: str, value: Decimal, ticked: Sequence[str]) -> None:
    if value != item.less(ticked):
        raise RuleBroken("score.deduction_differs", bid=bid, criterion=item.id, score=str(item.less(ticked)))


_IN_MODE = {Mode.RANGE: _in_range, Mode.STEPS: _fixed, Mode.PASS_FAIL: _passes_or_fails, Mode.DEDUCTION: _deducted}


@dataclass(frozen=True, slots=True)
class BidScores:
    """What one member gave one bid, by criterion, as written; reasons where the member gave any, deductions where some were ticked."""

    bid: str
    scores: Mapping[str, str]
    reasons: Mapping[str, str]
    ticks: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetBody:
    """The signed sheet of one member: every bid, every criterion of one part."""

    sheets: tuple[BidScores, ...]

    @classmethod
    def read(cls, body: object, rules: SheetRules) -> SheetBody:
        """From the signed body of `score`; raises RuleBroken for a missing, foreign, malformed or excessive score."""
        fields = Body(body, "part", "sheets")
        if fields.text("part", 20) != rules.part:
            raise RuleBroken("score.part")
        is_deducted = any(criterion.mode is Mode.DEDUCTION for criterion in rules.criteria)
        names = ("bid", "scores", "reasons", "ticks") if is_deducted else ("bid", "scores", "reasons")
        sheets = tuple(_bid_scores(item, rules, is_deducted) for item in fields.objects("sheets", *names))
        named = [sheet.bid for sheet in sheets]
        if len(named) != len(set(named)) or set(named) != set(rules.bids):
            raise RuleBroken("score.bids_differ", wanted=len(rules.bids), given=len(named))
        return cls(sheets)


def _bid_scores(item: Body, rules: SheetRules, is_deducted: bool) -> BidScores:
    bid, scores, reasons = item.text("bid", 20, 1), item.texts("scores", 12), item.texts("reasons", 500)
    ticks = item.lists("ticks", 20) if is_deducted else {}
    wanted = {criterion.id for criterion in rules.criteria}
    for criterion, written in scores.items():
        rules.score(bid, criterion, written, ticks.get(criterion, ()))
    for criterion in sorted(wanted - set(scores)):
        raise RuleBroken("score.missing", bid=bid, criterion=criterion)
    for criterion in sorted(set(reasons) - wanted | set(ticks) - wanted):
        raise RuleBroken("score.criterion_unknown", criterion=criterion)
    return BidScores(bid, scores, reasons, ticks)


def rules_of(method: Mapping[str, object], said: Mapping[str, object], bids: Iterable[str], part: str = "technical") -> SheetRules:
    """The rules of a part's sheet from the method of the tender document and its `score_rules`, `said`, empty where it has none."""
    rows = method.get("criteria", ())
    assert isinstance(rows, Sequence)
    rules = ScoreRules.read(said) if said else ScoreRules()
    return SheetRules(tuple(bids), tuple(_criterion(row, rules) for row in rows if row["part"] == part), part)


def _criterion(row: Mapping[str, object], rules: ScoreRules) -> Criterion:
    rule = rules.of(str(row["id"]))
    return Criterion(
        id=rule.id,
        title=rule.title or rule.id,
        max=Decimal(str(row["max"])),
        part=str(row["part"]),
        mode=rule.mode,
        step=rule.step or STEP,
        steps=rule.steps,
        grades=rule.grades,
        deductions=rule.deductions,
        is_objective=rule.is_objective,
        definition=rule.definition,
    )

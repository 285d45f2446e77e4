"""From the experts' sheets to one score per criterion, part and bid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.domain.methods.averages import average
from evaluation.domain.methods.case import Method, Over, ScoringCase, Sheet
from evaluation.domain.methods.faults import CaseFault
from evaluation.domain.methods.figures import Figure, outcome, rounded, shown, signed, summed
from evaluation.domain.methods.steps import Step

TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Marks:
    """What the experts' scores of one bid came to; `whole` is the aggregated weighted sum where sheets are aggregated as a whole."""

    criteria: Mapping[str, Figure]
    whole: Figure | None
    steps: tuple[Step, ...] = ()


def marks_of(case: ScoringCase, bid: str) -> Marks:
    """The aggregated scores of one bid; raises CaseFault when a trimmed mean leaves nothing."""
    sheets = sorted((sheet for sheet in case.sheets if sheet.bid == bid), key=lambda sheet: sheet.expert)
    method, steps = case.method, list[Step]()
    whole = None
    if method.aggregation.over is Over.SHEET and sheets:
        sums = [_sheet_sum(method, sheet, steps) for sheet in sheets]
        whole, step = _aggregated(method, sums, method.rounding.aggregate, {"bid": bid, "criterion": "∑"})
        steps.append(step)
    places = method.rounding.aggregate if method.aggregation.over is Over.CRITERION else None
    criteria = {}
    for one in method.criteria:
        scores = [sheet.scores[one.id] for sheet in sheets]
        criteria[one.id], step = _aggregated(method, scores, places, {"bid": bid, "criterion": one.id})
        steps.append(step)
    return Marks(criteria, whole, tuple(steps))


def part_of(method: Method, marks: Marks, part: str) -> Fraction:
    """The part of a bid: Σ aggregated criterion × weight, without the rounding of `weighted`."""
    return sum((marks.criteria[one.id].value * one.weight for one in method.criteria if one.part == part), Fraction(0))


def part_formula(method: Method, marks: Marks, part: str) -> str:
    """`12.6 × 1 + 5.9 × 1`: how the part was added up."""
    return " + ".join(f"{shown(marks.criteria[one.id].value)} × {signed(one.weight)}" for one in method.criteria if one.part == part)


def _sheet_sum(method: Method, sheet: Sheet, steps: list[Step]) -> Fraction:
    total = sum((sheet.scores[one.id] * one.weight for one in method.criteria), Fraction(0))
    formula = " + ".join(f"{shown(sheet.scores[one.id])} × {signed(one.weight)}" for one in method.criteria)
    steps.append(Step.of("marks.sheet", bid=sheet.bid, expert=sheet.expert, formula=formula, sum=shown(total)))
    return total


def _aggregated(method: Method, values: Sequence[Fraction], places: int | None, label: dict[str, str]) -> tuple[Figure, Step]:
    taken = average(values, method.aggregation.trim)
    if taken is None:
        raise CaseFault("$.aggregation", "trim_leaves_nothing", count=str(len(values)))
    figure = rounded(taken.value, places, method.rounding.mode)
    facts = {**label, "formula": f"({summed(taken.kept)}) ÷ {len(taken.kept)}", "result": outcome(taken.value, figure)}
    if not taken.low and not taken.high:
        return figure, Step.of("marks.short" if taken.is_short else "marks.mean", **facts)
    high, low = ([shown(one) for one in dropped] for dropped in (taken.high, taken.low))
    return figure, Step.of("marks.trimmed", high=high, low=low, **facts)

"""From an evaluated price to its points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from evaluation.domain.methods.benchmarks import benchmark_of
from evaluation.domain.methods.case import Method, PercentStep, PriceKind
from evaluation.domain.methods.faults import CaseFault
from evaluation.domain.methods.figures import Figure, outcome, rounded, shown, signed, whole
from evaluation.domain.methods.prices import HUNDRED, Price
from evaluation.domain.methods.screening import Field
from evaluation.domain.methods.steps import Step


@dataclass(frozen=True, slots=True)
class PricePoints:
    """The points of one price, before their weight; the deviation is in percent, None where the method has none."""

    score: Figure | None
    deviation: Figure | None = None


@dataclass(frozen=True, slots=True)
class PriceStage:
    """The benchmark and every bid's price points."""

    benchmark: Figure | None
    points: Mapping[str, PricePoints]
    steps: tuple[Step, ...]


def price_stage(method: Method, prices: list[Price], field: Field) -> PriceStage:
    """Points of all `prices`, the benchmark taken over those still counting in `field` (at least one)."""
    steps: list[Step] = []
    score: Callable[[Method, Price, Fraction, list[Step]], PricePoints]
    counting = [price.evaluated for price in field.counting]
    if method.price.kind is PriceKind.NONE:
        return PriceStage(None, {price.bid: PricePoints(None) for price in prices}, ())
    if method.price.kind is PriceKind.LOWEST_RATIO:
        benchmark, score = _lowest(method, counting, steps), _ratio
    else:
        benchmark, score = benchmark_of(method, counting, steps), _deviation
    points = {}
    for price in prices:
        if price.bid in field.fixed:
            points[price.bid] = PricePoints(Figure(field.fixed[price.bid]))
            steps.append(Step.of("points.fixed", bid=price.bid, score=shown(field.fixed[price.bid])))
        else:
            points[price.bid] = score(method, price, benchmark.value, steps)
    return PriceStage(benchmark, points, tuple(steps))


def _lowest(method: Method, counting: Sequence[Fraction], steps: list[Step]) -> Figure:
    """The lowest price that counts; raises CaseFault where rounding takes it to 0."""
    lowest = min(counting)
    benchmark = rounded(lowest, method.rounding.benchmark, method.rounding.mode)
    if benchmark.value <= 0:
        raise CaseFault("$.rounding.benchmark", "benchmark_not_positive", benchmark=benchmark.text)
    steps.append(Step.of("benchmark.ratio", result=outcome(lowest, benchmark)))
    return benchmark


def _ratio(method: Method, price: Price, lowest: Fraction, steps: list[Step]) -> PricePoints:
    exact = lowest / price.evaluated * method.price.max
    score = rounded(exact, method.rounding.price_score, method.rounding.mode)
    formula = f"{shown(lowest)} ÷ {shown(price.evaluated)} × {signed(method.price.max)}"
    steps.append(Step.of("points.ratio", bid=price.bid, formula=formula, result=outcome(exact, score)))
    return PricePoints(score)


def _deviation(method: Method, price: Price, benchmark: Fraction, steps: list[Step]) -> PricePoints:
    """In this order: deviation rounded, step on its size, cap, floor, score rounded."""
    exact = (price.evaluated - benchmark) / benchmark * HUNDRED
    deviation = rounded(exact, method.rounding.deviation, method.rounding.mode)
    formula = f"({shown(price.evaluated)} − {shown(benchmark)}) ÷ {shown(benchmark)} × 100"
    steps.append(Step.of("points.deviation", bid=price.bid, formula=formula, result=outcome(exact, deviation)))
    deduction = _deduction(method, price.bid, deviation.value, steps)
    value = method.price.max - deduction
    formula = f"{shown(method.price.max)} − {signed(deduction)}"
    lowest = method.price.floor
    if lowest is not None and value < lowest:
        steps.append(Step.of("points.floor", bid=price.bid, formula=formula, value=shown(value), floor=shown(lowest)))
        value, formula = lowest, shown(lowest)
    score = rounded(value, method.rounding.price_score, method.rounding.mode)
    steps.append(Step.of("points.score", bid=price.bid, formula=formula, result=outcome(value, score)))
    return PricePoints(score, deviation)


def _deduction(method: Method, bid: str, deviation: Fraction, steps: list[Step]) -> Fraction:
    """Points taken off for a deviation in percent; a negative slope gives a negative deduction, a bonus."""
    rule = method.price
    side = "above" if deviation > 0 else "below"
    slope, cap = (rule.above, rule.max_deduction_above) if deviation > 0 else (rule.below, rule.max_deduction_below)
    if deviation == 0:
        return Fraction(0)
    counted = _stepped(rule.step, abs(deviation))
    deduction = slope * counted
    facts = {"bid": bid, "formula": f"{signed(slope)} × {shown(counted)}"}
    if rule.step is PercentStep.ROUND_POINTS:
        deduction = Fraction(whole(deduction))
    facts |= {"size": shown(abs(deviation)), "exact": shown(slope * counted), "deduction": shown(deduction)}
    steps.append(Step.of(f"deduction.{side}.{rule.step}", **facts))
    if cap is not None and deduction > cap:
        steps.append(Step.of("deduction.cap", bid=bid, deduction=shown(deduction), cap=shown(cap)))
        return cap
    return deduction


def _stepped(step: PercentStep, size: Fraction) -> Fraction:
    """The percent that the slope is multiplied by."""
    if step is PercentStep.CEIL:
        return Fraction(ceil(size))
    return Fraction(floor(size)) if step is PercentStep.FLOOR else size

"""The benchmark price that bids are compared with, of every kind that tender documents use."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from evaluation.domain.methods.averages import Average, average, mean
from evaluation.domain.methods.case import Band, Benchmark, BenchmarkKind, Method
from evaluation.domain.methods.faults import CaseFault
from evaluation.domain.methods.figures import Figure, outcome, rounded, shown, signed, summed
from evaluation.domain.methods.prices import HUNDRED
from evaluation.domain.methods.steps import Step


def benchmark_of(method: Method, prices: Sequence[Fraction], steps: list[Step]) -> Figure:
    """The benchmark over the evaluated prices of the bids that count (at least one), rounded at the point `benchmark`.

    Raises CaseFault when a band is empty, a trimmed mean leaves nothing or the benchmark is not above 0.
    """
    rule = method.price.benchmark
    assert rule is not None, "the reader refuses a deviation without a benchmark"
    exact = _value(rule, method, sorted(prices), steps)
    figure = rounded(exact, method.rounding.benchmark, method.rounding.mode)
    if figure.value <= 0:
        raise CaseFault(rule.path, "benchmark_not_positive", benchmark=figure.text)
    steps.append(Step.of("benchmark.result", result=outcome(exact, figure)))
    return figure


def _value(rule: Benchmark, method: Method, prices: Sequence[Fraction], steps: list[Step]) -> Fraction:
    before = _unfactored(rule, method, prices, steps)
    if rule.factor == 1:
        return before
    after = before * rule.factor
    steps.append(Step.of("benchmark.factor", before=shown(before), factor=signed(rule.factor), after=shown(after)))
    return after


def _unfactored(rule: Benchmark, method: Method, prices: Sequence[Fraction], steps: list[Step]) -> Fraction:
    match rule.kind:
        case BenchmarkKind.MEAN:
            value = _mean(_inside(rule, prices, steps), steps)
        case BenchmarkKind.TRIMMED_MEAN:
            value = _trimmed(rule, prices, steps)
        case BenchmarkKind.TWICE_MEAN:
            value = _twice(_inside(rule, prices, steps), steps)
        case BenchmarkKind.LOWEST:
            value = _stated("benchmark.lowest", prices[0], steps)
        case BenchmarkKind.SECOND_LOWEST:
            value = _stated("benchmark.second_lowest", prices[min(1, len(prices) - 1)], steps)
        case BenchmarkKind.CEILING:
            value = _stated("benchmark.ceiling", method.price_ceiling, steps)
        case BenchmarkKind.REFERENCE:
            value = _stated("benchmark.reference", method.reference_price, steps)
        case _:
            value = _mixed(rule, method, prices, steps)
    return value


def _stated(key: str, price: Fraction | None, steps: list[Step]) -> Fraction:
    assert price is not None, "the reader refuses a benchmark whose ceiling or reference price is missing"
    steps.append(Step.of(key, price=shown(price)))
    return price


def _mean(prices: Sequence[Fraction], steps: list[Step]) -> Fraction:
    value = mean(prices)
    steps.append(Step.of("benchmark.mean", formula=_formula(prices), result=shown(value)))
    return value


def _trimmed(rule: Benchmark, prices: Sequence[Fraction], steps: list[Step]) -> Fraction:
    taken: Average | None = average(prices, rule.trim)
    if taken is None:
        raise CaseFault(rule.path, "trim_leaves_nothing", count=str(len(prices)))
    facts = {"formula": _formula(taken.kept), "result": shown(taken.value)}
    if taken.low or taken.high:
        steps.append(Step.of("benchmark.trimmed", high=[shown(one) for one in taken.high], low=[shown(one) for one in taken.low], **facts))
    else:
        steps.append(Step.of("benchmark.short" if taken.is_short else "benchmark.mean", **facts))
    return taken.value


def _twice(prices: Sequence[Fraction], steps: list[Step]) -> Fraction:
    first, lowest = _mean(prices, steps), prices[0]
    value = (first + lowest) / 2
    steps.append(Step.of("benchmark.twice", mean=shown(first), lowest=shown(lowest), result=shown(value)))
    return value


def _inside(rule: Benchmark, prices: Sequence[Fraction], steps: list[Step]) -> Sequence[Fraction]:
    """The prices inside the band around the plain mean, edges included."""
    if rule.band is None:
        return prices
    middle = _mean(prices, steps)
    low, high = _edges(rule.band, middle)
    inside = [price for price in prices if low <= price <= high]
    if not inside:
        raise CaseFault(f"{rule.path}.band", "empty_band")
    steps.append(Step.of("benchmark.band", mean=shown(middle), low=shown(low), high=shown(high), inside=[shown(price) for price in inside]))
    return inside


def _edges(band: Band, middle: Fraction) -> tuple[Fraction, Fraction]:
    return middle * (HUNDRED - band.below_percent) / HUNDRED, middle * (HUNDRED + band.above_percent) / HUNDRED


def _mixed(rule: Benchmark, method: Method, prices: Sequence[Fraction], steps: list[Step]) -> Fraction:
    parts = [(part.share, _value(part.of, method, prices, steps)) for part in rule.parts]
    value = sum((share * price for share, price in parts), Fraction(0))
    formula = " + ".join(f"{signed(share)} × {shown(price)}" for share, price in parts)
    steps.append(Step.of("benchmark.mix", formula=formula, result=shown(value)))
    return value


def _formula(prices: Sequence[Fraction]) -> str:
    return f"({summed(prices)}) ÷ {len(prices)}"

"""The formula of a price competition: how far each candidate's price is from the lowest, or from the stated benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from core.kernel.errors import RuleBroken
from evaluation.domain.methods.benchmarks import benchmark_of
from evaluation.domain.methods.case import Aggregation, Benchmark, BenchmarkKind, Method, MethodKind, PriceRule, Rounding
from trading.domain.award_plan import AwardPlan, PriceGoal, PriceMark

PLACES = 2
"""A benchmark in yuan is rounded to the fen."""

_KINDS = {
    PriceMark.MEAN: BenchmarkKind.MEAN,
    PriceMark.SECOND_LOWEST: BenchmarkKind.SECOND_LOWEST,
    PriceMark.CEILING: BenchmarkKind.CEILING,
}


def distances(plan: AwardPlan, prices: Sequence[Decimal], ceiling: Decimal | None) -> tuple[str, list[Fraction]]:
    """The benchmark in yuan ("" where the lowest price wins), and each price's distance from it in the order given; exact.

    Raises RuleBroken where the benchmark is the price ceiling and the document has none.
    """
    rule, exact = plan.price, [Fraction(price) for price in prices]
    assert rule is not None, "a plan of price competition has its rule"
    if rule.goal is PriceGoal.LOWEST:
        return "", [price - min(exact) for price in exact]
    assert rule.mark is not None, "the nearest to something"
    if rule.mark is PriceMark.CEILING and ceiling is None:
        raise RuleBroken("award.no_ceiling")
    mark = benchmark_of(_method(rule.mark, Fraction(rule.factor), ceiling), exact, [])
    return mark.text, [abs(price - mark.value) for price in exact]


def _method(mark: PriceMark, factor: Fraction, ceiling: Decimal | None) -> Method:
    """The benchmark rule in the shape in which the evaluation's arithmetic takes it."""
    return Method(
        case="award",
        kind=MethodKind.COMPREHENSIVE,
        price_ceiling=None if ceiling is None else Fraction(ceiling),
        reference_price=None,
        rounding=Rounding(benchmark=PLACES),
        price=PriceRule(benchmark=Benchmark(_KINDS[mark], factor)),
        criteria=(),
        part_minimum={},
        aggregation=Aggregation(),
        tie_break=(),
        candidates=1,
    )

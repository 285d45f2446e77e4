"""The evaluation of a scoring case: screening, price stage, totals, ranks, as one pure function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.domain.methods.case import Bid, Method, Over, PriceKind, ScoringCase, TieKey
from evaluation.domain.methods.faults import CaseFault
from evaluation.domain.methods.figures import Figure, is_endless, outcome, plain, rounded, shown, signed
from evaluation.domain.methods.points import PricePoints, PriceStage, price_stage
from evaluation.domain.methods.prices import Price, price_steps, priced
from evaluation.domain.methods.ranking import Contender, Rank, ranked
from evaluation.domain.methods.screening import Field, Rejection, Review, review, without_outliers
from evaluation.domain.methods.sheets import TECHNICAL, Marks, part_of
from evaluation.domain.methods.steps import Step

FULL_MARKS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A bid that was ranked; what a method does not have is None; `price_score` and `criteria` are before their weights."""

    bid: str
    rank: int
    joint: bool
    evaluated_price: Figure
    contract_price: Figure
    deviation_percent: Figure | None
    price_score: Figure | None
    criteria: Mapping[str, Figure] | None
    total: Figure | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole result: rows in rank order, rejected bids in the order of the tests, candidates, and the worked calculation."""

    benchmark: Figure | None
    rows: tuple[Row, ...]
    rejected: tuple[Rejection, ...]
    candidates: tuple[str, ...]
    steps: tuple[Step, ...]


def evaluate(case: ScoringCase) -> Evaluation:
    """The result of a scoring case, exact and independent of the order of its rows.

    Raises CaseFault where the case has no result: no bid left that counts, an empty band, a trim that leaves nothing, a benchmark
    that is not above 0, a bid that reaches the price stage with its envelope shut.
    """
    steps = list(_opening_steps(case.method))
    reviewed = review(case)
    steps += reviewed.steps
    prices = _prices(reviewed.passed, steps)
    field = without_outliers(case.method.price.outliers, prices)
    steps += field.steps
    if not field.counting:
        raise CaseFault("$.bids", "no_bid_counts")
    out = {rejection.bid for rejection in field.rejected}
    standing = [price for price in prices if price.bid not in out]
    if case.method.is_comprehensive:
        benchmark, rows = _by_points(case, reviewed, standing, field, steps)
    else:
        benchmark, rows = None, _by_price(case, standing, steps)
    candidates = tuple(row.bid for row in rows if row.rank <= case.method.candidates)
    steps.append(Step.of("candidates" if candidates else "candidates.none", count=str(case.method.candidates), bids=candidates))
    steps += _endless_steps(benchmark, rows)
    return Evaluation(benchmark, rows, (*reviewed.rejected, *field.rejected), candidates, tuple(steps))


def _opening_steps(method: Method) -> Iterator[Step]:
    yield Step.of(f"title.{method.kind}", case=method.case)
    rounding = method.rounding
    points = [
        f"{point} {places}"
        for point in ("benchmark", "deviation", "price_score", "aggregate", "weighted", "total")
        if (places := getattr(rounding, point)) is not None
    ]
    yield Step.of(f"rounding.{rounding.mode}" if points else "rounding.none", points=points)
    for one in method.coefficients:
        yield Step.of("coefficient" if one.drawn else "coefficient.open", id=one.id, title=one.title, value=one.drawn or "")
    if method.is_comprehensive:
        price = method.price.max * method.price.weight if method.price.kind is not PriceKind.NONE else Fraction(0)
        full = price + sum((one.max * one.weight for one in method.criteria), Fraction(0))
        if full != FULL_MARKS:
            yield Step.of("warning.weights", sum=shown(full))


def _prices(bids: Sequence[Bid], steps: list[Step]) -> list[Price]:
    """The prices of the bids that reached the price stage, by id."""
    prices = []
    for bid in bids:
        if bid.price is None:
            raise CaseFault(f"{bid.path}.price", "price_needed")
        prices.append(priced(bid, bid.price))
        steps += price_steps(bid, bid.price)
    return prices


def _by_price(case: ScoringCase, prices: Sequence[Price], steps: list[Step]) -> tuple[Row, ...]:
    """Ranked by evaluated price, ascending; of the tie keys only a draw, no criteria."""
    left = tuple(key for key in case.method.tie_break if key is TieKey.DRAW)
    ranks = ranked([Contender(price.bid, price.evaluated) for price in prices], left, steps, case.lots)
    by_bid = {price.bid: price for price in prices}
    return tuple(_row(rank, by_bid[rank.bid], PricePoints(None), None, None) for rank in ranks)


def _by_points(
    case: ScoringCase, reviewed: Review, prices: list[Price], field: Field, steps: list[Step]
) -> tuple[Figure | None, tuple[Row, ...]]:
    """Ranked by total, then by the tie keys."""
    method = case.method
    stage = price_stage(method, prices, field)
    steps += stage.steps
    totals = {price.bid: _total(method, price.bid, stage.points[price.bid].score, reviewed.marks[price.bid], steps) for price in prices}
    ranks = ranked([_contender(method, price, stage, reviewed, totals) for price in prices], method.tie_break, steps, case.lots)
    by_bid = {price.bid: price for price in prices}
    rows = (_row(rank, by_bid[rank.bid], stage.points[rank.bid], reviewed.marks[rank.bid].criteria, totals[rank.bid]) for rank in ranks)
    return stage.benchmark, tuple(rows)


def _contender(method: Method, price: Price, stage: PriceStage, reviewed: Review, totals: Mapping[str, Figure]) -> Contender:
    score = stage.points[price.bid].score
    return Contender(
        bid=price.bid,
        evaluated=price.evaluated,
        total=totals[price.bid].value,
        technical=part_of(method, reviewed.marks[price.bid], TECHNICAL),
        price_score=score.value if score is not None else Fraction(0),
    )


def _total(method: Method, bid: str, price_score: Figure | None, marks: Marks, steps: list[Step]) -> Figure:
    """Weighted price score plus weighted criteria, or plus the aggregated sheets where those were weighted before."""

    def weighted(label: str, score: Fraction, weight: Fraction) -> Fraction:
        product = score * weight
        figure = rounded(product, method.rounding.weighted, method.rounding.mode)
        if weight != 1 or figure.value != product:
            formula = f"{signed(score)} × {signed(weight)}"
            steps.append(Step.of("weighted", bid=bid, label=label, formula=formula, result=outcome(product, figure)))
        return figure.value

    terms: list[Fraction] = []
    if price_score is not None:
        terms.append(weighted("price", price_score.value, method.price.weight))
    if method.aggregation.over is Over.SHEET:
        terms += [marks.whole.value] if marks.whole is not None else []
    else:
        terms += (weighted(one.id, marks.criteria[one.id].value, one.weight) for one in method.criteria)
    exact = sum(terms, Fraction(0))
    total = rounded(exact, method.rounding.total, method.rounding.mode)
    steps.append(Step.of("total", bid=bid, formula=" + ".join(signed(term) for term in terms) or "0", result=outcome(exact, total)))
    return total


def _row(rank: Rank, price: Price, points: PricePoints, criteria: Mapping[str, Figure] | None, total: Figure | None) -> Row:
    return Row(
        bid=rank.bid,
        rank=rank.rank,
        joint=rank.joint,
        evaluated_price=Figure(price.evaluated),
        contract_price=Figure(price.contract),
        deviation_percent=points.deviation,
        price_score=points.score,
        criteria=criteria,
        total=total,
    )


def _endless_steps(benchmark: Figure | None, rows: Sequence[Row]) -> Iterator[Step]:
    """Which figures of the result never end and are therefore given to 12 places."""
    figures: list[tuple[str, Figure | None]] = [("benchmark", benchmark)]
    for row in rows:
        figures += [(f"{row.bid} {name}", getattr(row, name)) for name in ("deviation_percent", "price_score", "total")]
        figures += [(f"{row.bid} {criterion}", figure) for criterion, figure in (row.criteria or {}).items()]
    endless = [f"{name} = {plain(figure.value)}" for name, figure in figures if figure is not None and is_endless(figure.value)]
    if endless:
        yield Step.of("endless", figures=endless)

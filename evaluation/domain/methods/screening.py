"""Which bids count: the four tests that reject a bid, and the outlier tests that leave a price out of the mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from evaluation.domain.methods.case import Bid, OutlierEffect, OutlierSide, OutlierTest, ScoringCase
from evaluation.domain.methods.figures import shown
from evaluation.domain.methods.prices import HUNDRED, Price
from evaluation.domain.methods.sheets import Marks, marks_of, part_formula, part_of
from evaluation.domain.methods.steps import Step


class Code(StrEnum):
    """Why a bid is out, in the order of the tests."""

    REJECTED = "rejected"
    ABOVE_CEILING = "above_ceiling"
    BELOW_MINIMUM = "below_minimum"
    OUTLIER = "outlier"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A bid that is in no row, and the test that took it out."""

    bid: str
    code: Code


@dataclass(frozen=True, slots=True)
class Review:
    """What is known before a price envelope is opened: who passed, who is out and why, and the marks of every bid that was scored."""

    passed: tuple[Bid, ...]
    rejected: tuple[Rejection, ...]
    marks: Mapping[str, Marks]
    steps: tuple[Step, ...]


@dataclass(slots=True)
class Field:
    """The prices through the outlier tests: `counting` ones make the benchmark, `fixed` ones have their points already."""

    counting: list[Price]
    fixed: dict[str, Fraction] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


def review(case: ScoringCase) -> Review:
    """The tests before the price stage: rejected by the committee, read-out price above the ceiling, a part below its minimum.

    Bids are taken in the order of their ids, so that the order of the rows decides nothing.
    A bid whose price envelope is shut passes the ceiling.
    """
    steps: list[Step] = []
    rejected: list[Rejection] = []
    standing = sorted(case.bids, key=lambda bid: bid.id)
    for code, test in ((Code.REJECTED, _declared_out), (Code.ABOVE_CEILING, _above_ceiling)):
        out = {bid.id: step for bid in standing if (step := test(case, bid)) is not None}
        steps += out.values()
        rejected += (Rejection(bid, code) for bid in out)
        standing = [bid for bid in standing if bid.id not in out]
    if not case.method.is_comprehensive:
        return Review(tuple(standing), tuple(rejected), {}, tuple(steps))
    marks = {bid.id: marks_of(case, bid.id) for bid in standing}
    passed = []
    for bid in standing:
        steps += marks[bid.id].steps
        if _reaches_minima(case, bid, marks[bid.id], steps):
            passed.append(bid)
        else:
            rejected.append(Rejection(bid.id, Code.BELOW_MINIMUM))
    return Review(tuple(passed), tuple(rejected), marks, tuple(steps))


def without_outliers(tests: Sequence[OutlierTest], prices: Sequence[Price]) -> Field:
    """The outlier tests in the order given, each once, on the bids still counting."""
    outcome = Field(list(prices))
    for number, test in enumerate(tests, 1):
        if len(outcome.counting) < 2:
            outcome.steps.append(Step.of("outlier.skipped", number=str(number)))
            continue
        _apply(number, test, outcome)
    return outcome


def _declared_out(_case: ScoringCase, bid: Bid) -> Step | None:
    return Step.of("out.rejected", bid=bid.id) if bid.is_rejected else None


def _above_ceiling(case: ScoringCase, bid: Bid) -> Step | None:
    ceiling = case.method.price_ceiling
    if ceiling is None or bid.price is None or bid.price <= ceiling:
        return None
    return Step.of("out.above_ceiling", bid=bid.id, price=shown(bid.price), ceiling=shown(ceiling))


def _reaches_minima(case: ScoringCase, bid: Bid, marks: Marks, steps: list[Step]) -> bool:
    reaches = True
    for part, minimum in sorted(case.method.part_minimum.items()):
        value = part_of(case.method, marks, part)
        is_below = value < minimum
        steps.append(
            Step.of(
                "out.below_minimum" if is_below else "part.reached",
                bid=bid.id,
                part=part,
                formula=part_formula(case.method, marks, part),
                value=shown(value),
                minimum=shown(minimum),
            )
        )
        reaches = reaches and not is_below
    return reaches


def _apply(number: int, test: OutlierTest, outcome: Field) -> None:
    is_high = test.side is OutlierSide.ABOVE_NEXT
    ordered = sorted((price.evaluated for price in outcome.counting), reverse=is_high)
    extreme, following = ordered[0], ordered[1]
    gap = abs(extreme - following) / following * HUNDRED
    is_hit = gap >= test.percent if test.inclusive else gap > test.percent
    # Equal prices share the end of the list: they are hit together or not at all, whatever the order of the rows.
    hit = sorted(price.bid for price in outcome.counting if price.evaluated == extreme) if is_hit else []
    outcome.steps.append(
        Step.of(
            f"outlier.{test.side}",
            number=str(number),
            bids=sorted(price.bid for price in outcome.counting if price.evaluated == extreme),
            formula=f"|{shown(extreme)} − {shown(following)}| ÷ {shown(following)} × 100",
            gap=shown(gap),
            limit=f"{'≥' if test.inclusive else '>'} {shown(test.percent)}",
        )
    )
    outcome.steps.append(_effect_step(test, hit))
    outcome.counting = [price for price in outcome.counting if price.bid not in hit]
    for bid in hit:
        if test.then is OutlierEffect.REJECT:
            outcome.rejected.append(Rejection(bid, Code.OUTLIER))
        elif test.score is not None and test.then is OutlierEffect.FIXED:
            outcome.fixed[bid] = test.score


def _effect_step(test: OutlierTest, hit: Sequence[str]) -> Step:
    if not hit:
        return Step.of("outlier.kept")
    if test.then is OutlierEffect.FIXED and test.score is not None:
        return Step.of("outlier.fixed", bids=hit, score=shown(test.score))
    return Step.of(f"outlier.{test.then}", bids=hit)

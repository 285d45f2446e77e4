"""Abnormally low prices in government procurement: when the committee must ask the bidder to explain; it judges, never the software."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from evaluation.domain.methods.averages import mean
from evaluation.domain.methods.prices import HUNDRED


class Trigger(StrEnum):
    """What a price was found to be too far below."""

    MEAN = "mean"
    SECOND_LOWEST = "second_lowest"
    CEILING = "ceiling"


@dataclass(frozen=True, slots=True)
class LowPriceRule:
    """Percent of the mean, the second lowest price and the ceiling below which a review opens; figures of the tender document."""

    of_mean: Fraction = Fraction(50)
    of_second_lowest: Fraction = Fraction(50)
    of_ceiling: Fraction = Fraction(45)


def reviews_to_open(prices: Mapping[str, Fraction], ceiling: Fraction | None, rule: LowPriceRule) -> dict[str, tuple[Trigger, ...]]:
    """The bids, by id, whose price is strictly below a limit, with the limits they miss; `prices` are those of all conforming bids."""
    if not prices:
        return {}
    ordered = sorted(prices.values())
    limits = {Trigger.MEAN: mean(ordered) * rule.of_mean / HUNDRED}
    if len(ordered) > 1:
        limits[Trigger.SECOND_LOWEST] = ordered[1] * rule.of_second_lowest / HUNDRED
    if ceiling is not None:
        limits[Trigger.CEILING] = ceiling * rule.of_ceiling / HUNDRED
    hit = {bid: tuple(trigger for trigger, limit in limits.items() if prices[bid] < limit) for bid in sorted(prices)}
    return {bid: triggers for bid, triggers in hit.items() if triggers}

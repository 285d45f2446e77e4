"""Ranks: by total or by price, then by the tie keys of the document, never by the order of the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, takewhile

from evaluation.domain.methods.case import TieKey
from evaluation.domain.methods.steps import Step


@dataclass(frozen=True, slots=True)
class Contender:
    """The exact values that ranks are made of; `total` None = ranked by price alone."""

    bid: str
    evaluated: Fraction
    total: Fraction | None = None
    technical: Fraction = Fraction(0)
    price_score: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Rank:
    """A place; `joint` says that another bid has it too."""

    bid: str
    rank: int
    joint: bool


Key = tuple[Fraction, ...]

KEYS: Mapping[TieKey, Callable[[Contender], Fraction]] = {
    TieKey.LOWER_PRICE: lambda one: one.evaluated,
    TieKey.HIGHER_TECHNICAL: lambda one: -one.technical,
    TieKey.HIGHER_PRICE_SCORE: lambda one: -one.price_score,
}
"""What is compared for each key; the lower value is in front."""


def ranked(contenders: Sequence[Contender], tie_break: Sequence[TieKey], steps: list[Step]) -> list[Rank]:
    """Competition ranking (1, 1, 3), joint ones by id; `draw` ends the tie keys, since it is decided elsewhere."""
    keys = [KEYS[key] for key in takewhile(lambda key: key is not TieKey.DRAW, tie_break)]

    def first(one: Contender) -> Fraction:
        return one.evaluated if one.total is None else -one.total

    def whole_key(one: Contender) -> Key:
        return (first(one), *(key(one) for key in keys))

    ordered = sorted(contenders, key=lambda one: (whole_key(one), one.bid))
    for _, equals in groupby(ordered, key=first):
        bids = [one.bid for one in equals]
        if len(bids) > 1 and tie_break:
            steps.append(Step.of("rank.tie", bids=bids, keys=list(tie_break)))
    ranks: list[Rank] = []
    for _, equals in groupby(ordered, key=whole_key):
        bids = [one.bid for one in equals]
        place, joint = len(ranks) + 1, len(bids) > 1
        ranks += (Rank(bid, place, joint) for bid in bids)
        if joint:
            steps.append(Step.of("rank.draw" if TieKey.DRAW in tie_break else "rank.joint", bids=bids, rank=str(place)))
        else:
            steps.append(Step.of("rank.place", bids=bids, rank=str(place)))
    return ranks

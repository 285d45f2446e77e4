"""Ranks: by total or by price, then by the tie keys of the document, never by the order of the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, takewhile

from evaluation.domain.methods.case import Lots, TieKey
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


def ranked(contenders: Sequence[Contender], tie_break: Sequence[TieKey], steps: list[Step], lots: Sequence[Lots] = ()) -> list[Rank]:
    """Competition ranking (1, 1, 3), joint ones by id; `draw` ends the tie keys: what is equal so far stands in the order of the draw of
    lots that was held among it, and is joint before."""
    keys = [KEYS[key] for key in takewhile(lambda key: key is not TieKey.DRAW, tie_break)]

    def first(one: Contender) -> Fraction:
        return one.evaluated if one.total is None else -one.total

    def whole_key(one: Contender) -> Key:
        return (first(one), *(key(one) for key in keys))

    scored = {one.bid for one in contenders if one.total is not None}
    ordered = sorted(contenders, key=lambda one: (whole_key(one), one.bid))
    for _, equals in groupby(ordered, key=first):
        bids = [one.bid for one in equals]
        if len(bids) > 1 and tie_break and bids[0] in scored:
            steps.append(Step.of("rank.tie", bids=bids, keys=list(tie_break)))
    ranks: list[Rank] = []
    for _, equals in groupby(ordered, key=whole_key):
        bids = [one.bid for one in equals]
        drawn = next((one for one in lots if set(bids) <= set(one.order)), None) if len(bids) > 1 else None
        if drawn is not None:
            ranks += _in_order(drawn, bids, len(ranks) + 1, steps)
            continue
        place, joint = len(ranks) + 1, len(bids) > 1
        ranks += (Rank(bid, place, joint) for bid in bids)
        if joint:
            steps.append(Step.of("rank.draw" if TieKey.DRAW in tie_break else "rank.joint", bids=bids, rank=str(place)))
        else:
            steps.append(Step.of("rank.place", bids=bids, rank=str(place)))
    return ranks


def _in_order(drawn: Lots, bids: Sequence[str], first: int, steps: list[Step]) -> list[Rank]:
    """Equal bids in the order that was drawn, each with a place of its own."""
    order = [bid for bid in drawn.order if bid in bids]
    steps.append(Step.of("rank.lots", bids=order, draw=drawn.draw))
    steps += (Step.of("rank.place", bids=[bid], rank=str(place)) for place, bid in enumerate(order, first))
    return [Rank(bid, place, joint=False) for place, bid in enumerate(order, first)]

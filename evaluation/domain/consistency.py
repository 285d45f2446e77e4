"""The consistency checks after the summary: objective items that differ between members, and scores far from everybody else's.

A wrong sum and a score outside its range, which 87号令 art. 64 names too, can't occur: sums are computed, and a sheet refuses such scores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

from core.kernel.jcs import JSON
from evaluation.domain.sheet import BidScores, Criterion
from trading.domain.score_rules import Abnormal

LEAST_BIDS = 3
"""Of fewer bids the other order is no more than another opinion."""


class Kind(StrEnum):
    """What was found."""

    OBJECTIVE_DIFFERS = "objective_differs"
    DEVIATES = "deviates"
    ORDER_REVERSED = "order_reversed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the seats it is about, the bid and the criterion where it is about one, and the figures behind it, by seat or name."""

    kind: Kind
    seats: tuple[str, ...]
    bid: str = ""
    criterion: str = ""
    figures: Mapping[str, str] | None = None

    def to_json(self) -> dict[str, JSON]:
        """As the event says it."""
        said: dict[str, JSON] = {"kind": self.kind.value, "seats": list(self.seats), "bid": self.bid, "criterion": self.criterion}
        return said | {"figures": dict(self.figures or {})}


def check(
    sheets: Mapping[str, Sequence[BidScores]], criteria: Sequence[Criterion], weights: Mapping[str, Decimal], abnormal: Abnormal | None
) -> tuple[Finding, ...]:
    """All findings over the signed sheets (seat → one sheet for each bid), objective items first, then bid by bid; nothing for one member.

    `abnormal` None: the tender document names no bound, so nobody's subjective score is looked into.
    """
    seats = sorted(sheets, key=int)
    if len(seats) < 2:
        return ()
    given = {seat: {sheet.bid: sheet.scores for sheet in sheets[seat]} for seat in seats}
    found = list(_objective(given, [one.id for one in criteria if one.is_objective]))
    if abnormal is not None:
        totals = {seat: {bid: _total(scores, weights) for bid, scores in bids.items()} for seat, bids in given.items()}
        found += _deviating(totals, abnormal.percent)
        found += _reversed(totals) if abnormal.order else ()
    return tuple(found)


def _objective(given: Mapping[str, Mapping[str, Mapping[str, str]]], items: Sequence[str]) -> Iterator[Finding]:
    """Where members differ: those who are not of the most frequent score, all of them where none is."""
    for bid in sorted(next(iter(given.values()))):
        for item in items:
            scores = {seat: bids[bid][item] for seat, bids in given.items() if item in bids[bid]}
            counted = Counter(Decimal(score) for score in scores.values()).most_common()
            if len(counted) > 1:
                usual = counted[0][0] if counted[0][1] > counted[1][1] else None
                seats = tuple(seat for seat, score in scores.items() if Decimal(score) != usual)
                yield Finding(Kind.OBJECTIVE_DIFFERS, seats, bid, item, scores)


def _total(scores: Mapping[str, str], weights: Mapping[str, Decimal]) -> Fraction:
    return sum((Fraction(score) * Fraction(weights[name]) for name, score in scores.items()), Fraction(0))


def _others(totals: Mapping[str, Mapping[str, Fraction]], seat: str) -> dict[str, Fraction]:
    """The mean of the other members' totals of each bid."""
    others = [given for name, given in totals.items() if name != seat]
    return {bid: sum((given[bid] for given in others), Fraction(0)) / len(others) for bid in totals[seat]}


def _deviating(totals: Mapping[str, Mapping[str, Fraction]], percent: Decimal) -> Iterator[Finding]:
    for bid in sorted(next(iter(totals.values()))):
        for seat, given in totals.items():
            mean = _others(totals, seat)[bid]
            if abs(given[bid] - mean) * 100 > mean * Fraction(percent):
                yield Finding(Kind.DEVIATES, (seat,), bid, figures={"total": _plain(given[bid]), "mean": _plain(mean)})


def _reversed(totals: Mapping[str, Mapping[str, Fraction]]) -> Iterator[Finding]:
    """Whoever sees every two bids the other way round than the others in the mean."""
    for seat, given in totals.items():
        mean = _others(totals, seat)
        pairs = list(combinations(sorted(given), 2))
        if len(given) >= LEAST_BIDS and all((given[one] - given[two]) * (mean[one] - mean[two]) < 0 for one, two in pairs):
            yield Finding(Kind.ORDER_REVERSED, (seat,))


def _plain(value: Fraction) -> str:
    """Two decimals, half up: for people; the comparison is exact."""
    cents = (value * 100 + Fraction(1, 2)).__floor__()
    return f"{cents // 100}.{cents % 100:02d}"

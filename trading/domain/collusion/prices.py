"""Prices that follow a rule (规律性差异, art. 40, item 4): constant steps, constant ratios, clusters. Of opened envelopes alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from typing import TypeAlias

from core.kernel.jcs import JSON
from core.kernel.money import Money
from trading.domain.collusion.card import Finding, Signal, Strength
from trading.domain.collusion.material import Material

FEWEST = 3  # bids of which a pattern is made
SURE = 4  # from here on three equal steps or ratios are hardly chance
STEP_TOLERANCE = Fraction(1, 1000)  # of the step itself
RATIO_TOLERANCE = Fraction(1, 100_000)
CLUSTER = Fraction(1, 1000)  # of the lowest of them
UNDER_CEILING = Fraction(1, 100)

Offer: TypeAlias = tuple[int, str]  # fen, organisation


def findings(material: Material) -> Iterator[Finding]:
    """Every pattern in the prices, each at its longest."""
    offers = sorted((bid.price, bid.org) for bid in material.bids if bid.price)
    if len(offers) < FEWEST:
        return
    for chain in _progressions(offers):
        steps = [b[0] - a[0] for a, b in pairwise(chain)]
        raw = _raw(chain) | {"step": str(Money(steps[0])), "bids": len(offers)}
        computed: dict[str, JSON] = {"step_tolerance": "1/1000", "fewest": FEWEST, "medium_from": SURE}
        yield Finding(Signal.ARITHMETIC_PROGRESSION, _strength(chain), _orgs(chain), raw, computed)
    if _is_geometric(offers):
        ratio = Fraction(offers[1][0], offers[0][0])
        raw = _raw(offers) | {"ratio": f"{ratio.numerator}/{ratio.denominator}", "bids": len(offers)}
        computed = {"ratio_tolerance": "1/100000", "fewest": FEWEST, "medium_from": SURE}
        yield Finding(Signal.GEOMETRIC_PROGRESSION, _strength(offers), _orgs(offers), raw, computed)
    yield from _clusters(offers, material.ceiling)


def _progressions(offers: Sequence[Offer]) -> Iterator[Sequence[Offer]]:
    """Chains of equal steps: of all bids where those are three, else of four or more, half of them at least; none inside another."""
    found: list[list[Offer]] = []
    need = len(offers) if len(offers) < SURE else max(SURE, (len(offers) + 1) // 2)
    for first, second in combinations(range(len(offers)), 2):
        if (offers[second][0] - offers[first][0]) * (need - 2) > offers[-1][0] - offers[second][0] + offers[-1][0] // 1000:
            continue  # the chain would run beyond the highest price
        chain = _chain(offers, first, second)
        if len(chain) >= need:
            found.append(chain)
    found.sort(key=len, reverse=True)
    kept: list[list[Offer]] = []
    for chain in found:
        if not any(set(chain) <= set(other) for other in kept):
            kept.append(chain)
            yield chain


def _chain(offers: Sequence[Offer], first: int, second: int) -> list[Offer]:
    step = offers[second][0] - offers[first][0]
    chain = [offers[first], offers[second]]
    if step == 0:
        return chain
    for offer in offers[second + 1 :]:
        if abs(offer[0] - chain[-1][0] - step) <= step * STEP_TOLERANCE:
            chain.append(offer)
    return chain


def _is_geometric(offers: Sequence[Offer]) -> bool:
    ratios = [Fraction(b[0], a[0]) for a, b in pairwise(offers)]
    return ratios[0] > 1 + 10 * RATIO_TOLERANCE and all(abs(ratio - ratios[0]) <= RATIO_TOLERANCE for ratio in ratios)


def _clusters(offers: Sequence[Offer], ceiling: int | None) -> Iterator[Finding]:
    """Prices that lie together closer than independent estimates do, or side by side just under the ceiling: leads, no more."""
    close = max((_within(offers, at) for at in range(len(offers))), key=len)
    if len(close) >= FEWEST:
        yield Finding(Signal.PRICE_CLUSTER, Strength.LOW, _orgs(close), _raw(close) | {"bids": len(offers)}, {"within": "1/1000"})
    if ceiling:
        high = [offer for offer in offers if (1 - UNDER_CEILING) * ceiling <= offer[0] <= ceiling]
        if len(high) >= FEWEST and 2 * len(high) > len(offers) and set(high) != set(close):
            raw = _raw(high) | {"ceiling": str(Money(ceiling)), "bids": len(offers)}
            yield Finding(Signal.PRICE_CLUSTER, Strength.LOW, _orgs(high), raw, {"under_ceiling": "1/100"})


def _within(offers: Sequence[Offer], at: int) -> list[Offer]:
    return [offer for offer in offers[at:] if offer[0] - offers[at][0] <= offers[at][0] * CLUSTER]


def _strength(chain: Sequence[Offer]) -> Strength:
    return Strength.MEDIUM if len(chain) >= SURE else Strength.LOW


def _orgs(chain: Sequence[Offer]) -> tuple[str, ...]:
    return tuple(sorted(org for _, org in chain))


def _raw(chain: Sequence[Offer]) -> dict[str, JSON]:
    return {"prices": [{"bidder": org, "price": str(Money(fen))} for fen, org in chain]}

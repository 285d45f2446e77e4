"""Invented bids on which a method is tried before it is published: prices and levels that somebody makes up, and the sheets that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.kernel.jcs import JSON

EXPERTS = 5
MOST_EXPERTS = 9
LEVELS = ("88", "82", "76", "91", "70")  # percent of the highest score
PRICES = ("0.955", "0.930", "0.902", "0.978", "0.881")  # of the ceiling
NO_CEILING = Decimal(1_000_000)
_HALF, _CENT = Decimal("0.5"), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class InventedBid:
    """A bid for a trial: its price in yuan, and how good its papers are in percent of what can be had."""

    name: str
    price: str
    level: str


def invented(method: Mapping[str, object]) -> tuple[InventedBid, ...]:
    """Five bids to begin with, below the method's ceiling."""
    written = method.get("price_ceiling")
    ceiling = Decimal(str(written)) if isinstance(written, str) and written.replace(".", "", 1).isdigit() else NO_CEILING
    prices = (str((ceiling * Decimal(part)).quantize(_CENT)) for part in PRICES)
    return tuple(InventedBid(f"B{n}", price, level) for n, (price, level) in enumerate(zip(prices, LEVELS, strict=True), 1))


def trial_case(method: Mapping[str, JSON], bids: Sequence[InventedBid], experts: int) -> dict[str, JSON]:
    """The scoring case of a trial. Experts differ by half points around each bid's level, always the same way, so that a trial can be
    repeated; a method without criteria needs no sheets."""
    criteria = [one for one in _list(method.get("criteria")) if isinstance(one, Mapping)]
    rows: list[JSON] = [{"id": bid.name, "price": bid.price} for bid in bids]
    sheets: list[JSON] = [
        {"expert": f"E{expert}", "bid": bid.name, "scores": {str(one.get("id")): _score(one, bid, expert) for one in criteria}}
        for expert in range(1, experts + 1)
        for bid in bids
        if criteria
    ]
    return {**method, "bids": rows, "sheets": sheets}


def _score(criterion: Mapping[str, JSON], bid: InventedBid, expert: int) -> JSON:
    most = Decimal(str(criterion.get("max")))
    meant = most * Decimal(bid.level) / 100 + _HALF * (expert % 3 - 1)
    halves = (meant / _HALF).quantize(Decimal(1), ROUND_HALF_UP) * _HALF
    return f"{min(max(halves, Decimal(0)), most):f}"


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()

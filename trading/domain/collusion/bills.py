"""Priced bills: the same wrong sums, and unit prices that agree to the cent where nobody gave them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from core.kernel.jcs import JSON
from trading.domain.collusion.card import Finding, Signal, Strength, share
from trading.domain.collusion.material import BidMaterial, Material, pairs
from trading.domain.collusion.particulars import Line

CENT = Decimal("0.01")
SAME_ERRORS_SURE = 3  # same wrong totals from which the card is strong
FEWEST_LINES, FEWEST_SHARE = 10, Decimal("0.3")  # same unit prices from which there is a card
SURE_LINES, SURE_SHARE = 20, Decimal("0.8")
MOST_SHOWN = 200


def findings(material: Material) -> Iterator[Finding]:
    """For each two bids: the same arithmetic errors, and the same unit prices."""
    common = _common(material)
    for left, right in pairs(material.bids):
        mine, theirs = _by_item(left), _by_item(right)
        both = sorted(mine.keys() & theirs.keys())
        wrong = [(mine[item], theirs[item]) for item in both if _is_wrong(mine[item]) and _said(mine[item]) == _said(theirs[item])]
        if wrong:
            strength = Strength.HIGH if len(wrong) >= SAME_ERRORS_SURE else Strength.MEDIUM
            lines: list[JSON] = [_shown(line) | {"right": str(_product(line))} for line, _ in wrong[:MOST_SHOWN]]
            raw: dict[str, JSON] = {"lines": lines, "count": len(wrong)}
            yield Finding(Signal.SAME_ARITHMETIC_ERROR, strength, (left.org, right.org), raw, {"high_from": SAME_ERRORS_SURE})
        yield from _same_prices(left, right, [item for item in both if (item, mine[item].unit_price) not in common])


def _same_prices(left: BidMaterial, right: BidMaterial, items: list[str]) -> Iterator[Finding]:
    mine, theirs = _by_item(left), _by_item(right)
    same = [item for item in items if mine[item].unit_price == theirs[item].unit_price != 0]
    if len(same) < FEWEST_LINES or Decimal(len(same)) < FEWEST_SHARE * len(items):
        return
    sure = len(same) >= SURE_LINES and Decimal(len(same)) >= SURE_SHARE * len(items)
    lines: list[JSON] = [{"item": item, "unit_price": str(mine[item].unit_price)} for item in same[:MOST_SHOWN]]
    raw: dict[str, JSON] = {"lines": lines, "count": len(same), "of": len(items), "share": share(len(same), len(items))}
    computed: dict[str, JSON] = {"fewest": FEWEST_LINES, "share_from": str(FEWEST_SHARE), "high_share_from": str(SURE_SHARE)}
    yield Finding(Signal.SAME_UNIT_PRICES, Strength.HIGH if sure else Strength.MEDIUM, (left.org, right.org), raw, computed)


def _common(material: Material) -> set[tuple[str, Decimal]]:
    """Item and unit price that more than half of four bids or more agree on: given by the tender document or by a price list."""
    counted = Counter((item, line.unit_price) for bid in material.bids for item, line in _by_item(bid).items())
    most = max(3, len(material.bids) // 2)
    return {key for key, count in counted.items() if count > most}


def _by_item(bid: BidMaterial) -> dict[str, Line]:
    return {line.item: line for line in bid.particulars.bill}


def _product(line: Line) -> Decimal:
    return (line.quantity * line.unit_price).quantize(CENT)


def _is_wrong(line: Line) -> bool:
    """A cent either way is rounding."""
    return abs(_product(line) - line.total) > CENT


def _said(line: Line) -> tuple[Decimal, Decimal, Decimal]:
    return line.quantity, line.unit_price, line.total


def _shown(line: Line) -> dict[str, JSON]:
    return {"item": line.item, "quantity": str(line.quantity), "unit_price": str(line.unit_price), "total": str(line.total)}

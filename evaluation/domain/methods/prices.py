"""From the price read out to the corrected price of the contract and the evaluated price of the comparison."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from evaluation.domain.methods.case import Adjustment, AdjustmentKind, Bid
from evaluation.domain.methods.figures import shown, signed
from evaluation.domain.methods.steps import Step

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a bid that is compared (`evaluated`) and the one a contract would have (`contract`)."""

    bid: str
    evaluated: Fraction
    contract: Fraction


def contract_price(price: Fraction, adjustments: tuple[Adjustment, ...]) -> Fraction:
    """The price read out with its arithmetic errors mended; nothing else ever touches the contract."""
    return price + sum((one.value for one in adjustments if one.kind is AdjustmentKind.CORRECTION), Fraction(0))


def adjusted_price(price: Fraction, adjustments: tuple[Adjustment, ...]) -> Fraction:
    """The corrected price with its quantified deviations, before any preference."""
    contract = contract_price(price, adjustments)
    return contract + sum((_weighed(one, contract) for one in adjustments), Fraction(0))


def preferred(price: Fraction, percent: Fraction) -> Fraction:
    """The evaluated price of a bidder with a preference of `percent`."""
    return price * (HUNDRED - percent) / HUNDRED


def priced(bid: Bid, price: Fraction) -> Price:
    """Both prices of a bid whose read-out price is `price`."""
    evaluated = preferred(adjusted_price(price, bid.adjustments), bid.preference_percent)
    return Price(bid.id, evaluated, contract_price(price, bid.adjustments))


def price_steps(bid: Bid, price: Fraction) -> Iterator[Step]:
    """How both prices came about, one line per change."""
    contract = running = price
    for one in (one for one in bid.adjustments if one.kind is AdjustmentKind.CORRECTION):
        contract = running + one.value
        yield Step.of("price.correction", why=one.reason, bid=bid.id, before=shown(running), value=signed(one.value), after=shown(contract))
        running = contract
    for one in (one for one in bid.adjustments if one.kind is not AdjustmentKind.CORRECTION):
        delta = _weighed(one, contract)
        facts = {"bid": bid.id, "before": shown(running), "delta": signed(delta), "after": shown(running + delta)}
        if one.kind is AdjustmentKind.PERCENT:
            yield Step.of("price.percent", why=one.reason, contract=shown(contract), percent=shown(one.value), **facts)
        else:
            yield Step.of("price.amount", why=one.reason, **facts)
        running += delta
    if bid.preference_percent:
        after = preferred(running, bid.preference_percent)
        yield Step.of("price.preference", bid=bid.id, before=shown(running), percent=signed(bid.preference_percent), after=shown(after))
        running = after
    yield Step.of("price.evaluated", bid=bid.id, evaluated=shown(running), contract=shown(contract))


def _weighed(one: Adjustment, contract: Fraction) -> Fraction:
    """What an adjustment adds to the evaluated price alone."""
    if one.kind is AdjustmentKind.CORRECTION:
        return Fraction(0)
    return contract * one.value / HUNDRED if one.kind is AdjustmentKind.PERCENT else one.value

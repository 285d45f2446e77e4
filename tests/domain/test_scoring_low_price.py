"""Abnormally low prices: a review is opened, nothing is decided."""

from __future__ import annotations

from fractions import Fraction

from evaluation.domain.methods.low_price import LowPriceRule, Trigger, reviews_to_open


def prices(*amounts: int) -> dict[str, Fraction]:
    return {f"B{number}": Fraction(amount) for number, amount in enumerate(amounts, 1)}


def test_g10_the_lowest_of_four_is_asked_to_explain() -> None:
    given = prices(1_000_000, 960_000, 940_000, 420_000)
    assert reviews_to_open(given, Fraction(1_100_000), LowPriceRule()) == {"B4": (Trigger.SECOND_LOWEST, Trigger.CEILING)}


def test_a_price_exactly_at_the_limit_is_not_below_it() -> None:
    assert reviews_to_open(prices(50, 100), Fraction(111), LowPriceRule()) == {}
    assert reviews_to_open(prices(49, 100), None, LowPriceRule()) == {"B1": (Trigger.SECOND_LOWEST,)}


def test_the_limits_are_those_of_the_tender_document() -> None:
    rule = LowPriceRule(of_mean=Fraction(90), of_second_lowest=Fraction(10))
    assert reviews_to_open(prices(60, 100), None, rule) == {"B1": (Trigger.MEAN,)}


def test_one_bid_or_none_has_nothing_to_be_compared_with() -> None:
    assert reviews_to_open({}, Fraction(100), LowPriceRule()) == {}
    assert reviews_to_open(prices(40), Fraction(100), LowPriceRule()) == {"B1": (Trigger.CEILING,)}

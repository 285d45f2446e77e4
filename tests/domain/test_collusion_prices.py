"""Prices that follow a rule."""

from __future__ import annotations

from tests.builders.collusion import of, priced
from trading.domain.collusion import prices
from trading.domain.collusion.card import Signal, Strength


def found(*amounts, ceiling=None, signal=Signal.ARITHMETIC_PROGRESSION):
    return of(list(prices.findings(priced(*amounts, ceiling=ceiling))), signal)


def test_g16_a_constant_step_of_twelve_thousand_is_an_arithmetic_progression():
    [one] = found(1_000_000, 1_012_000, 1_024_000, 1_036_000)
    assert one.raw["step"] == "12000.00" and one.strength is Strength.MEDIUM
    assert one.bidders == ("a", "b", "c", "d")


def test_the_order_in_which_bids_came_does_not_matter():
    [one] = found(1_024_000, 1_000_000, 1_036_000, 1_012_000)
    assert [line["bidder"] for line in one.raw["prices"]] == ["b", "d", "a", "c"]


def test_a_chain_inside_more_bids_counts_when_it_is_half_of_them():
    assert found(1_000_000, 1_012_000, 1_024_000, 1_036_000, 1_200_017, 1_331_113)[0].raw["bids"] == 6
    assert not found(1_000_000, 1_012_000, 1_024_000, 1_036_000, *(1_400_000 + n * n * 1_371 for n in range(1, 6)))


def test_three_bids_are_a_weak_lead_and_two_are_nothing():
    assert found(1_000_000, 1_012_000, 1_024_000)[0].strength is Strength.LOW
    assert not found(1_000_000, 1_012_000)


def test_uneven_steps_and_equal_prices_are_no_progression():
    assert not found(1_000_000, 1_012_000, 1_024_500, 1_036_000)
    assert not found(1_000_000, 1_000_000, 1_000_000, 1_000_000)


def test_a_constant_ratio_is_a_geometric_progression():
    [one] = found(1_000_000, 1_020_000, 1_040_400, 1_061_208, signal=Signal.GEOMETRIC_PROGRESSION)
    assert one.raw["ratio"] == "51/50" and one.strength is Strength.MEDIUM


def test_prices_within_a_thousandth_are_a_cluster_and_no_more_than_a_lead():
    [one] = found(1_000_000, 1_000_300, 1_000_900, 1_090_000, signal=Signal.PRICE_CLUSTER)
    assert one.bidders == ("a", "b", "c") and one.strength is Strength.LOW


def test_most_bids_just_under_the_ceiling_are_a_lead():
    [one] = found(1_000_000, 1_491_000, 1_493_500, 1_499_100, ceiling=150_000_000, signal=Signal.PRICE_CLUSTER)
    assert one.raw["ceiling"] == "1500000.00" and len(one.bidders) == 3


def test_independent_prices_give_no_card():
    assert not list(prices.findings(priced(4_850_000, 4_920_500, 4_780_200, 5_010_000, 4_655_800, 4_899_900, 4_831_600)))


def test_a_thousand_prices_are_looked_through_at_once():
    assert not found(*(1_000_000 + (n * n * 7_919) % 900_001 for n in range(1, 400)))


def test_a_chain_inside_a_longer_one_is_no_card_of_its_own():
    chains = found(*(1_000_000 + 12_000 * n for n in range(8)))
    assert [len(one.bidders) for one in chains] == [8]


def test_prices_far_below_the_ceiling_are_no_cluster_under_it():
    assert not found(1_000_000, 1_111_000, 1_333_000, ceiling=2_000_000, signal=Signal.PRICE_CLUSTER)

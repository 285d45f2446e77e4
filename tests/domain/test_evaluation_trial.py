"""A method tried on invented bids: the set to begin with, what typed rows come to, where a fault stands, and what a draw would change."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from core.kernel.jcs import JSON
from evaluation.domain.methods import CaseFault, evaluate, parse_case, parse_method, to_json
from evaluation.domain.trial import MOST_BIDS, Place, TrialBid, case_of, place_of, proposed, read_pasted, share_of, wants_reference, what_if
from tests.builders.coefficients import FACTOR, with_factor
from tests.builders.evaluation import TWO_STAGES
from tests.builders.trading import method_part

CEILING = Fraction(150_000_000)
PRICES = {"A": "48500000", "B": "49205000", "C": "47802000", "D": "50100000", "E": "46558000", "F": "48999000", "G": "48316000"}
"""The golden case of a drawn factor, in yuan."""
TRIMMED = {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 4, "factor": "1"}
PRICED: dict[str, JSON] = {
    "method": "comprehensive",
    "price_ceiling": "52000000",
    "rounding": {"mode": "half_up", "benchmark": 2, "deviation": 2, "price_score": 2, "total": 2},
    "price": {"kind": "deviation", "max": "60", "weight": "1", "above": "1.0", "below": "0.5", "benchmark": TRIMMED},
    "candidates": 3,
    "coefficients": [FACTOR | {"values": ["1.00", "0.97"]}],
}


def bids(prices: dict[str, str] = PRICES, **marks: str) -> tuple[TrialBid, ...]:
    return tuple(TrialBid(name, price, "0", marks) for name, price in prices.items())


def run(method: Any, rows: Any, drawn: Any = {}) -> dict[str, Any]:  # noqa: B006 (never changed)
    return to_json(evaluate(parse_case(case_of(method, rows, drawn))))


@pytest.mark.parametrize("method", [method_part(), TWO_STAGES, with_factor(TWO_STAGES), PRICED])
def test_the_proposed_bids_can_be_run_at_once_and_nobody_is_rejected(method: dict[str, Any]) -> None:
    rows = proposed(parse_method(method), Fraction(method["price_ceiling"]))
    result = run(method, rows)
    assert len(result["rows"]) == 5 and result["rejected"] == []


def test_the_proposed_figures_are_shares_of_the_ceiling_and_of_full_marks() -> None:
    first = proposed(parse_method(TWO_STAGES), CEILING)[0]
    assert (first.id, first.price, first.preference) == ("A", "144300000.00", "0")
    assert first.marks["method"] == "13.5 14 13 13.5 13"  # of 15, in halves
    assert first.marks["duration"] == "7.2 7.4 7.0 7.3 7.0"  # of 8, where a half is much
    little = method_part(criteria=[{"id": "a", "part": "technical", "max": "0.5", "weight": "1"}], part_minimum={})
    assert proposed(parse_method(little), CEILING)[0].marks["a"] == "0.45 0.46 0.44 0.46 0.44"
    assert share_of(Fraction("333.33"), "0.90") == "300.00"


def test_a_mark_that_stands_alone_is_every_experts() -> None:
    rows = (TrialBid(" A ", "¥1,000,000", "", {"method": "30、32，34"}), TrialBid("B", "900000", "10%", {"method": "31"}))
    case: Any = case_of(method_part(part_minimum={}), rows, {})
    assert case["bids"][0] == {"id": "A", "price": "1000000", "preference_percent": "0", "rejected": False}
    assert case["bids"][1]["preference_percent"] == "10"
    assert [(one["expert"], one["bid"], one["scores"]["method"]) for one in case["sheets"]] == [
        *(("E1", "A", "30"), ("E1", "B", "31"), ("E2", "A", "32"), ("E2", "B", "31"), ("E3", "A", "34"), ("E3", "B", "31")),
    ]


def test_the_golden_case_is_found_again_with_either_factor() -> None:
    assert run(PRICED, bids(), {"K": "1.00"})["rows"][0] == run(PRICED, bids())["rows"][0]
    first = {value: run(PRICED, bids(), {"K": value})["rows"][0] for value in ("1.00", "0.97")}
    assert {value: (row["bid"], row["price_score"]) for value, row in first.items()} == {"1.00": ("A", "59.94"), "0.97": ("E", "59.42")}


def test_what_if_tells_that_the_draw_alone_decides() -> None:
    (found,) = what_if(PRICED, bids(), {})
    assert (found.id, found.title, found.decides) == ("K", "下浮系数", True)
    assert [(one.value, one.first, one.benchmark) for one in found.outcomes] == [
        ("1.00", ("A",), "48564400.00"),
        ("0.97", ("E",), "47107468.00"),
    ]
    assert found.outcomes[0].ranking[:2] == ("A", "G")
    (same,) = what_if(PRICED, bids({"A": "100"}), {})
    assert not same.decides
    assert what_if(method_part(), bids(method="30"), {}) == ()


def test_a_value_with_which_nothing_can_be_computed_says_so_beside_the_others() -> None:
    broken = PRICED | {"coefficients": [FACTOR | {"values": ["1", "0"]}]}
    (found,) = what_if(broken, bids(), {})
    assert [one.fault and one.fault.code for one in found.outcomes] == [None, "benchmark_not_positive"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"price": "x"}, Place(1, "price")),
        ({"id": ""}, Place(1, "id")),
        ({"id": "A"}, Place(1, "id")),
        ({"preference": "x"}, Place(1, "preference")),
        ({"preference": "100"}, Place(1, "preference")),
        ({"marks": {"method": "41"}}, Place(1, "method")),
        ({"marks": {"method": ""}}, Place(1, "method")),
        ({"marks": {"method": "30 31 32"}}, Place(0, "method")),
    ],
)
def test_a_fault_is_found_in_its_row_and_column(change: dict[str, Any], place: Place) -> None:
    method = method_part(part_minimum={})
    given = {"id": "B", "price": "900", "preference": "0", "marks": {"method": "30 31"}} | change
    rows = (TrialBid("A", "1000", "0", {"method": "30 31"}), TrialBid(**given))
    with pytest.raises(CaseFault) as refused:
        run(method, rows)
    assert place_of(refused.value, parse_method(method), rows) == place


def test_a_criterion_with_an_odd_name_is_found_and_what_is_the_whole_cases_is_nowhere() -> None:
    method = method_part(criteria=[{"id": "a b'c", "part": "technical", "max": "40", "weight": "1"}], part_minimum={})
    rows = (TrialBid("A", "1000", "0", {"a b'c": "99"}),)
    with pytest.raises(CaseFault) as refused:
        run(method, rows)
    assert place_of(refused.value, parse_method(method), rows) == Place(0, "a b'c")
    with pytest.raises(CaseFault) as nobody:
        run(method_part(), ())
    assert place_of(nobody.value, parse_method(method_part()), ()) is None


def test_only_a_reference_price_that_is_kept_secret_is_asked_for() -> None:
    price = method_part()["price"] | {"benchmark": {"kind": "reference"}}
    assert wants_reference(method_part(price=price))
    assert not wants_reference(method_part(price=price, reference_price="1400"))
    assert not wants_reference(method_part())
    assert not wants_reference({"method": "magic"})


def test_rows_are_pasted_from_a_table() -> None:
    method = parse_method(TWO_STAGES)
    rows = read_pasted("甲\t4,850.00\t13 14\t7\t5\t5\t4\t6\t更多\n\n乙；4900；12\n" + "丙;1\n" * 30, method)
    assert len(rows) == MOST_BIDS
    assert rows[0] == TrialBid("甲", "4,850.00", "6", {"method": "13 14", "duration": "7", "quality": "5", "team": "5", "credit": "4"})
    assert rows[1].marks == {"method": "12", "duration": "", "quality": "", "team": "", "credit": ""}
    assert (rows[2].id, rows[2].price, rows[2].preference) == ("丙", "1", "0")
    assert read_pasted(" \n", method) == ()

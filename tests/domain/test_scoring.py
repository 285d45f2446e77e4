"""The arithmetic of the evaluation methods: golden cases worked by hand, and every switch of a scoring case."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from evaluation.domain.methods.figures import Mode, plain, rounded, whole
from tests.builders.scoring import LINEAR, bid, column, lowest_case, priced_case, result, scored_case

SEVEN = {"A": "4850.00", "B": "4920.50", "C": "4780.20", "D": "5010.00", "E": "4655.80", "F": "4899.90", "G": "4831.60"}
TRIMMED = {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 5}


def benchmark(prices: dict[str, str], kind: dict[str, Any], **more: Any) -> Fraction:
    return Fraction(result(priced_case(prices, {**LINEAR, "benchmark": kind}, **more))["benchmark"])


def points(price: str, rule: dict[str, Any], **rounding: Any) -> str:
    """The price score of one price against a benchmark of 1000."""
    case = priced_case({"A": price}, {**LINEAR, "benchmark": {"kind": "reference"}, **rule}, reference_price="1000", rounding=rounding)
    score: str = column(case, "price_score")["A"]
    return score


# Golden cases


def test_g1_lowest_evaluated_price_ranks_c_a_b_and_keeps_the_contract_price() -> None:
    case = lowest_case({})
    case["bids"] = [
        bid("A", "12480000", adjustments=[{"kind": "percent", "value": "1", "reason": "paid two months earlier"}]),
        bid("B", "12350000", adjustments=[{"kind": "amount", "value": "180000"}, {"kind": "percent", "value": "2"}]),
        bid("C", "12610000", adjustments=[{"kind": "correction", "value": "-60000"}]),
    ]
    assert column(case, "evaluated_price") == {"C": "12550000", "A": "12604800", "B": "12777000"}
    assert column(case, "contract_price") == {"C": "12550000", "A": "12480000", "B": "12350000"}
    assert list(column(case, "rank").items()) == [("C", 1), ("A", 2), ("B", 3)]


def test_g2_a_preference_moves_the_evaluated_price_and_nothing_else() -> None:
    case = lowest_case({})
    case["bids"] = [bid("A", "1000000"), bid("B", "1060000", preference_percent="10")]
    assert result(case)["candidates"] == ["B", "A"]
    assert column(case, "evaluated_price")["B"] == "954000"
    assert column(case, "contract_price")["B"] == "1060000"
    points_case = {**case, "method": "comprehensive", "price": {"kind": "lowest_ratio", "max": "30"}, "rounding": {"price_score": 2}}
    assert column(points_case, "price_score") == {"B": "30.00", "A": "28.62"}


def test_g3_procurement_price_scores() -> None:
    case = priced_case({"A": "980000", "B": "1050000", "C": "1120000"}, {"kind": "lowest_ratio", "max": "30"}, rounding={"price_score": 2})
    assert column(case, "price_score") == {"A": "30.00", "B": "28.00", "C": "26.25"}


@pytest.mark.parametrize(("rounding", "total"), [({"weighted": 2}, "29.08"), ({"price_score": 2, "weighted": 2}, "29.09")])
def test_g4_rounding_earlier_gives_a_cent_more(rounding: dict[str, int], total: str) -> None:
    case = priced_case({"A": "873000", "B": "900500"}, {"kind": "lowest_ratio", "max": "100", "weight": "0.30"}, rounding=rounding)
    assert column(case, "total")["B"] == total


@pytest.mark.parametrize(
    ("factor", "expected", "scores", "deviations", "first"),
    [
        ("1.00", "4856.44", "59.94 58.68 59.22 56.84 57.94 59.11 59.75", "-0.13 1.32 -1.57 3.16 -4.13 0.89 -0.51", "A"),
        ("0.97", "4710.75", "57.04 55.55 58.53 53.65 59.42 55.98 57.43", "2.96 4.45 1.47 6.35 -1.17 4.02 2.57", "E"),
    ],
)
def test_g5_the_drawn_factor_alone_moves_first_place(factor: str, expected: str, scores: str, deviations: str, first: str) -> None:
    case = priced_case(
        SEVEN, {**LINEAR, "benchmark": {**TRIMMED, "factor": factor}}, rounding={"benchmark": 2, "deviation": 2, "price_score": 2}
    )
    assert result(case)["benchmark"] == expected
    assert [column(case, "price_score")[name] for name in SEVEN] == scores.split()
    assert [column(case, "deviation_percent")[name] for name in SEVEN] == deviations.split()
    assert result(case)["candidates"][0] == first


def test_g6_a_mix_of_ceiling_and_mean() -> None:
    mix = {
        "kind": "mix",
        "parts": [
            {"share": "0.30", "of": {"kind": "ceiling", "factor": "0.92"}},
            {"share": "0.70", "of": {**TRIMMED, "factor": "0.97"}},
        ],
    }
    price = {"kind": "deviation", "max": "60", "above": "0.9", "below": "0.6", "benchmark": mix}
    case = priced_case(SEVEN, price, price_ceiling="5200.00", rounding={"benchmark": 2, "deviation": 2, "price_score": 2})
    assert result(case)["benchmark"] == "4732.72"
    assert [column(case, "price_score")[name] for name in SEVEN] == ["57.77", "56.43", "59.10", "54.73", "59.02", "56.82", "58.12"]
    assert result(case)["candidates"][0] == "C"


def test_g7_trimming_starts_at_the_number_that_the_document_names() -> None:
    price = {"kind": "deviation", "max": "50", "above": "1.0", "below": "0.5", "benchmark": {**TRIMMED, "trim_from": 4}}
    five = {"A": "1000000", "B": "1020000", "C": "980000", "D": "1050000", "E": "900000"}
    case = priced_case(five, price, rounding={"price_score": 2})
    assert [column(case, "price_score")[name] for name in five] == ["50.00", "48.00", "49.00", "45.00", "45.00"]
    three = priced_case({name: five[name] for name in "ABC"}, price)
    assert result(three)["benchmark"] == "1000000"
    assert any("不去掉最高价和最低价" in step for step in result(three)["steps"])


@pytest.mark.parametrize(
    ("marks", "trimmed", "mean"),
    [("33.5 36 35 38.5 29", "34.83", "34.40"), ("30 31.5 28 33 30.5 35 31", "31.20", "31.29")],
)
def test_g8_experts_scores_with_and_without_the_extremes(marks: str, trimmed: str, mean: str) -> None:
    case = scored_case({"A": [{"tech": mark} for mark in marks.split()]}, rounding={"aggregate": 2})
    assert column(case, "criteria")["A"] == {"tech": mean}
    case["aggregation"] = TRIMMED
    assert column(case, "criteria")["A"] == {"tech": trimmed}


def test_g9_equal_totals_go_to_the_lower_price_and_else_stay_joint() -> None:
    case = scored_case(
        {
            "A": [{"tech": "34.83", "credit": "13.50", "offer": "28.00"}],
            "B": [{"tech": "33.17", "credit": "14.00", "offer": "29.16"}],
            "C": [{"tech": "36.00", "credit": "11.75", "offer": "27.31"}],
        },
        rounding={"total": 2},
        tie_break=["lower_price"],
    )
    case["bids"] = [bid("A", "105"), bid("B", "101"), bid("C", "100")]
    assert column(case, "total") == {"B": "76.33", "A": "76.33", "C": "75.06"}
    assert column(case, "rank") == {"B": 1, "A": 2, "C": 3}
    case["tie_break"] = []
    assert column(case, "rank") == {"A": 1, "B": 1, "C": 3}
    assert column(case, "joint") == {"A": True, "B": True, "C": False}


# Rounding and writing numbers


@pytest.mark.parametrize(
    ("value", "places", "mode", "text"),
    [
        ("2.345", 2, Mode.HALF_UP, "2.35"),
        ("-2.345", 2, Mode.HALF_UP, "-2.35"),
        ("2.345", 2, Mode.HALF_EVEN, "2.34"),
        ("-2.355", 2, Mode.HALF_EVEN, "-2.36"),
        ("2.5", 0, Mode.HALF_UP, "3"),
        ("-0.004", 2, Mode.HALF_UP, "0.00"),
        ("-0.05", 1, Mode.HALF_UP, "-0.1"),
        ("1/3", None, Mode.HALF_UP, "0.333333333333"),
        ("-2/3", None, Mode.HALF_EVEN, "-0.666666666667"),
        ("1/8", None, Mode.HALF_UP, "0.125"),
        ("1200", None, Mode.HALF_UP, "1200"),
    ],
)
def test_numbers_are_rounded_and_written_as_the_format_says(value: str, places: int | None, mode: Mode, text: str) -> None:
    assert rounded(Fraction(value), places, mode).text == text


def test_a_half_goes_away_from_zero_on_both_sides() -> None:
    assert [whole(Fraction(half, 2)) for half in (-3, -1, 1, 3)] == [-2, -1, 1, 2]


def test_a_value_that_never_ends_is_named_in_the_steps() -> None:
    case = priced_case({"A": "100", "B": "100", "C": "101"})
    assert result(case)["benchmark"] == "100.333333333333"
    assert "12 位小数" in result(case)["steps"][-1]
    assert "benchmark = 100.333333333333" in result(case)["steps"][-1]
    assert not any("12 位小数" in step for step in result(priced_case({"A": "100"}))["steps"])


def test_a_long_value_that_ends_is_written_out() -> None:
    assert plain(Fraction(1, 2**14)) == "0.00006103515625"


def test_half_even_reaches_every_point() -> None:
    case = scored_case({"A": [{"tech": "0.125"}]}, rounding={"mode": "half_even", "aggregate": 2})
    assert column(case, "criteria")["A"] == {"tech": "0.12"}
    case["rounding"]["mode"] = "half_up"
    assert column(case, "criteria")["A"] == {"tech": "0.13"}


# Price points


@pytest.mark.parametrize(
    ("price", "rule", "score"),
    [
        ("1015", {"above": "2"}, "57"),
        ("1015", {"above": "2", "step": "ceil"}, "56"),
        ("1020", {"above": "2", "step": "ceil"}, "56"),
        ("1015", {"above": "2", "step": "floor"}, "58"),
        ("985", {"below": "1", "step": "ceil"}, "58"),
        ("985", {"below": "1", "step": "floor"}, "59"),
        ("1025", {"above": "1", "step": "round_points"}, "57"),  # 2.5 points become 3
        ("1024", {"above": "1", "step": "round_points"}, "58"),
        ("1000", {"above": "2", "below": "2"}, "60"),
        ("1400", {"above": "2"}, "0"),
        ("1400", {"above": "2", "floor": "20"}, "20"),
        ("1400", {"above": "2", "floor": None}, "-20"),
        ("1400", {"above": "2", "max_deduction_above": "10"}, "50"),
        ("1400", {"above": "2", "max_deduction_below": "10"}, "0"),
        ("600", {"below": "1", "max_deduction_below": "10"}, "50"),
        ("600", {"below": "1", "max_deduction_below": "40"}, "20"),
        ("900", {"below": "-0.5"}, "65"),
        ("975", {"below": "-1", "step": "round_points"}, "63"),  # a bonus of 2.5 becomes 3
        ("900", {"below": "-0.5", "max_deduction_below": "2"}, "65"),  # a cap bounds deductions alone
    ],
)
def test_a_deviation_becomes_points(price: str, rule: dict[str, Any], score: str) -> None:
    assert points(price, rule) == score


def test_half_even_leaves_whole_points_half_up() -> None:
    assert points("1025", {"above": "1", "step": "round_points"}, mode="half_even") == "57"


def test_the_deviation_is_rounded_before_the_step() -> None:
    assert points("1010.04", {"above": "1", "step": "ceil"}) == "58"
    assert points("1010.04", {"above": "1", "step": "ceil"}, deviation=2) == "59"
    assert points("1000.04", {"above": "1", "step": "ceil"}, deviation=2) == "60"  # 0.00 % is no deviation


def test_the_cap_comes_before_the_floor_and_rounding_last() -> None:
    assert points("1400", {"above": "2", "max_deduction_above": "59.999", "floor": "0.004"}, price_score=2) == "0.00"


def test_ratio_points_are_not_capped_and_use_the_rounded_lowest_price() -> None:
    rule = {
        "kind": "lowest_ratio",
        "max": "100",
        "outliers": [{"test": "below_next", "percent": "20", "inclusive": True, "then": "out_of_mean"}],
    }
    case = priced_case({"A": "50", "B": "100.4", "C": "200"}, rule, rounding={"benchmark": 0})
    assert result(case)["benchmark"] == "100"
    assert column(case, "price_score") == {"A": "200", "B": "99.601593625498", "C": "50"}
    assert set(column(case, "deviation_percent").values()) == {None}


def test_without_price_points_the_price_adds_nothing() -> None:
    case = scored_case({"A": [{"tech": "80"}], "B": [{"tech": "70"}]})
    assert result(case)["benchmark"] is None
    assert column(case, "price_score") == {"A": None, "B": None}
    assert column(case, "total") == {"A": "80", "B": "70"}


def test_the_evaluated_price_is_what_is_compared() -> None:
    case = priced_case({}, {**LINEAR, "benchmark": {"kind": "lowest"}})
    case["bids"] = [bid("A", "1000", preference_percent="10"), bid("B", "1000", adjustments=[{"kind": "amount", "value": "80"}])]
    assert result(case)["benchmark"] == "900"
    assert column(case, "deviation_percent") == {"A": "0", "B": "20"}


def test_a_percentage_is_of_the_corrected_price_wherever_it_stands_in_the_list() -> None:
    case = lowest_case({})
    changes = [{"kind": "percent", "value": "10"}, {"kind": "amount", "value": "5"}, {"kind": "correction", "value": "-100"}]
    case["bids"] = [bid("A", "1100", adjustments=changes, preference_percent="50")]
    assert column(case, "evaluated_price")["A"] == "552.5"  # (1000 + 100 + 5) / 2
    assert column(case, "contract_price")["A"] == "1000"


# Benchmarks

FOUR = {"A": "100", "B": "110", "C": "120", "D": "190"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ({"kind": "mean"}, "130"),
        ({"kind": "mean", "factor": "0.9"}, "117"),
        ({**TRIMMED, "trim_from": 4}, "115"),
        ({**TRIMMED, "trim_from": 5}, "130"),
        ({"kind": "trimmed_mean", "drop_high": 2, "drop_low": 0, "trim_from": 0}, "105"),
        ({"kind": "trimmed_mean", "drop_high": 0, "drop_low": 3, "trim_from": 0}, "190"),
        ({"kind": "trimmed_mean", "drop_high": 0, "drop_low": 0, "trim_from": 1}, "130"),
        ({"kind": "lowest"}, "100"),
        ({"kind": "second_lowest", "factor": "2"}, "220"),
        ({"kind": "twice_mean"}, "115"),
        ({"kind": "ceiling"}, "200"),
        ({"kind": "reference", "factor": "0.97"}, "97"),
        ({"kind": "mean", "band": {"below_percent": "20", "above_percent": "10"}}, "115"),
        ({"kind": "twice_mean", "band": {"below_percent": "20", "above_percent": "10"}}, "112.5"),
        (
            {"kind": "mix", "parts": [{"share": "0.5", "of": {"kind": "mean"}}, {"share": "0.5", "of": {"kind": "lowest"}}], "factor": "2"},
            "230",
        ),
        ({"kind": "mix", "parts": [{"share": "1", "of": {"kind": "mix", "parts": [{"share": "1", "of": {"kind": "lowest"}}]}}]}, "100"),
    ],
)
def test_every_kind_of_benchmark(kind: dict[str, Any], expected: str) -> None:
    assert benchmark(FOUR, kind, price_ceiling="200", reference_price="100") == Fraction(expected)


def test_the_edges_of_a_band_are_inside() -> None:
    band = {"below_percent": "20", "above_percent": "20"}
    assert benchmark({"A": "80", "B": "120", "C": "100"}, {"kind": "mean", "band": band}) == 100
    assert benchmark({"A": "79", "B": "121", "C": "100"}, {"kind": "mean", "band": band}) == 100


def test_the_second_lowest_is_by_position_and_alone_it_is_the_only_one() -> None:
    assert benchmark({"A": "100", "B": "100", "C": "120"}, {"kind": "second_lowest"}) == 100
    assert benchmark({"A": "100"}, {"kind": "second_lowest"}) == 100


def test_bids_outside_the_mean_are_scored_all_the_same() -> None:
    case = priced_case(FOUR, {**LINEAR, "benchmark": {**TRIMMED, "trim_from": 4}})
    assert set(column(case, "price_score")) == set("ABCD")

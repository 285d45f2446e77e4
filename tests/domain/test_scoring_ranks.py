"""Which bids count, what their sheets come to, how they are ranked, and what the steps say."""

from __future__ import annotations

from typing import Any

import pytest

from evaluation.domain.methods import parse_case, parse_method, review
from tests.builders.scoring import LINEAR, Case, bid, column, lowest_case, priced_case, result, run, scored_case

# Which bids count


def outlier_case(then: str, **more: Any) -> Case:
    tests = [
        {"test": "above_next", "percent": "20", "inclusive": False, "then": then, "score": "15"},
        {"test": "below_next", "percent": "20", "inclusive": False, "then": then, "score": "15"},
    ]
    return priced_case({"A": "70", "B": "100", "C": "110", "D": "150"}, {**LINEAR, "outliers": tests, **more})


def test_outliers_leave_the_mean_and_are_scored() -> None:
    case = outlier_case("out_of_mean")
    assert result(case)["benchmark"] == "105"
    assert column(case, "deviation_percent")["A"] == "-33.333333333333"


def test_outliers_may_have_fixed_points_that_are_never_rounded() -> None:
    case = outlier_case("fixed")
    case["rounding"] = {"price_score": 2}
    assert result(case)["benchmark"] == "105"
    assert column(case, "price_score")["A"] == column(case, "price_score")["D"] == "15"
    assert column(case, "deviation_percent")["A"] is None


def test_outliers_may_be_rejected_in_the_order_of_the_tests() -> None:
    ours = result(outlier_case("reject"))
    assert ours["rejected"] == [{"bid": "D", "code": "outlier"}, {"bid": "A", "code": "outlier"}]
    assert {row["bid"] for row in ours["rows"]} == {"B", "C"}


@pytest.mark.parametrize(("inclusive", "hit"), [(True, True), (False, False)])
def test_a_gap_exactly_at_the_limit(inclusive: bool, hit: bool) -> None:
    tests = [{"test": "above_next", "percent": "20", "inclusive": inclusive, "then": "reject"}]
    ours = result(priced_case({"A": "100", "B": "120"}, {**LINEAR, "outliers": tests}))
    assert bool(ours["rejected"]) is hit


def test_an_outlier_test_with_one_price_left_is_skipped() -> None:
    test = {"test": "below_next", "percent": "1", "inclusive": True, "then": "reject"}
    ours = result(priced_case({"A": "100", "B": "200"}, {**LINEAR, "outliers": [test, test]}))
    assert ours["rejected"] == [{"bid": "A", "code": "outlier"}]
    assert any("跳过" in step for step in ours["steps"])


def test_each_outlier_test_runs_once_on_the_bids_still_counting() -> None:
    test = {"test": "above_next", "percent": "50", "inclusive": True, "then": "reject"}
    prices = {"A": "100", "B": "200", "C": "400"}
    assert [one["bid"] for one in result(priced_case(prices, {**LINEAR, "outliers": [test]}))["rejected"]] == ["C"]
    assert [one["bid"] for one in result(priced_case(prices, {**LINEAR, "outliers": [test, test]}))["rejected"]] == ["C", "B"]


def test_outliers_guard_the_lowest_price_methods_too() -> None:
    guard = {"kind": "none", "outliers": [{"test": "below_next", "percent": "10", "inclusive": False, "then": "reject"}]}
    ours = result(lowest_case({"A": "80", "B": "100", "C": "110"}, price=guard))
    assert ours["candidates"] == ["B", "C"]
    assert ours["rejected"] == [{"bid": "A", "code": "outlier"}]


def test_fixed_points_mean_nothing_where_prices_have_no_points() -> None:
    guard = {"kind": "none", "outliers": [{"test": "below_next", "percent": "10", "inclusive": False, "then": "fixed", "score": "15"}]}
    case = priced_case({"A": "80", "B": "100"}, guard)
    assert column(case, "price_score") == {"A": None, "B": None}
    assert column(case, "total") == {"A": "0", "B": "0"}


def test_rejections_come_in_the_order_of_the_tests() -> None:
    case = scored_case(
        {name: [{"tech": "80" if name != "B" else "10"}] for name in "ABCDE"}, price_ceiling="150", part_minimum={"technical": "60"}
    )
    case["price"] = {"kind": "none", "outliers": [{"test": "below_next", "percent": "20", "inclusive": True, "then": "reject"}]}
    case["bids"] = [bid("A", "50"), bid("B", "100"), bid("C", "151"), bid("D", "100", rejected=True), bid("E", "100")]
    ours = result(case)
    assert [(one["bid"], one["code"]) for one in ours["rejected"]] == [
        ("D", "rejected"),
        ("C", "above_ceiling"),
        ("B", "below_minimum"),
        ("A", "outlier"),
    ]
    assert ours["candidates"] == ["E"]


def test_the_ceiling_is_held_against_the_price_read_out() -> None:
    case = lowest_case({}, price_ceiling="100")
    case["bids"] = [
        bid("A", "101", adjustments=[{"kind": "correction", "value": "-50"}]),
        bid("B", "100", adjustments=[{"kind": "correction", "value": "50"}]),
    ]
    assert result(case)["rejected"] == [{"bid": "A", "code": "above_ceiling"}]


def test_a_part_exactly_at_its_minimum_passes_without_the_rounding_of_weights() -> None:
    case = scored_case({"A": [{"tech": "33.33"}], "B": [{"tech": "33.32"}]}, part_minimum={"technical": "9.999"}, rounding={"weighted": 0})
    case["criteria"][0]["weight"] = "0.3"
    assert result(case)["rejected"] == [{"bid": "B", "code": "below_minimum"}]


def test_two_minima_are_both_shown() -> None:
    case = scored_case(
        {"A": [{"tech": "80", "team": "50"}], "B": [{"tech": "10", "team": "10"}]}, part_minimum={"technical": "20", "staff": "20"}
    )
    case["criteria"][0]["part"] = "staff"
    ours = result(case)
    assert ours["rejected"] == [{"bid": "B", "code": "below_minimum"}]
    assert sum("B：" in step and "低于最低要求" in step for step in ours["steps"]) == 2


def test_a_shut_price_envelope_needs_no_price_where_the_bid_is_out_before() -> None:
    case = scored_case({"A": [{"tech": "80"}], "B": [{"tech": "10"}]}, part_minimum={"technical": "60"}, price_ceiling="500")
    case["bids"] = [bid("A", "100"), bid("B", None)]
    assert result(case)["candidates"] == ["A"]


def test_the_review_before_the_price_stage_needs_no_price_at_all() -> None:
    case = scored_case({"A": [{"tech": "80"}], "B": [{"tech": "10"}]}, part_minimum={"technical": "60"})
    case["bids"] = [bid("A", None), bid("B", None)]
    reviewed = review(parse_case(case))
    assert [one.id for one in reviewed.passed] == ["A"]
    assert [(one.bid, one.code) for one in reviewed.rejected] == [("B", "below_minimum")]
    assert reviewed.marks["B"].criteria["tech"].text == "10"


# Sheets


def test_sheets_may_be_aggregated_as_a_whole() -> None:
    marks = [{"tech": "10", "team": "90"}, {"tech": "90", "team": "20"}, {"tech": "50", "team": "50"}]
    case = scored_case({"A": marks}, rounding={"aggregate": 0, "weighted": 0})
    for one in case["criteria"]:
        one["weight"] = "0.5"
    case["aggregation"] = {"kind": "trimmed_mean", "over": "sheet", "drop_high": 1, "drop_low": 0, "trim_from": 3}
    # The sums are 50, 55 and 50; the highest is dropped. The criteria are trimmed each by itself and not rounded.
    assert column(case, "total")["A"] == "50"
    assert column(case, "criteria")["A"] == {"tech": "30", "team": "35"}


def test_weighted_rounding_touches_the_price_alone_where_sheets_are_aggregated_as_a_whole() -> None:
    case = scored_case({"A": [{"tech": "10.5"}]}, rounding={"weighted": 0})
    case["price"] = {"kind": "lowest_ratio", "max": "1.4"}
    case["aggregation"]["over"] = "sheet"
    assert column(case, "total")["A"] == "11.5"
    case["aggregation"]["over"] = "criterion"
    assert column(case, "total")["A"] == "12"


def test_a_whole_sheet_of_no_criteria_adds_nothing() -> None:
    case = priced_case({"A": "100"}, aggregation={"kind": "mean", "over": "sheet"})
    assert column(case, "total")["A"] == "60"


def test_dropping_only_the_lowest_shows_no_highest() -> None:
    case = scored_case({"A": [{"tech": "10"}, {"tech": "20"}]})
    case["aggregation"] = {"kind": "trimmed_mean", "drop_high": 0, "drop_low": 1, "trim_from": 2}
    assert "A，tech：去掉最高分 [—] 和最低分 [10]，(20) ÷ 1 = 20" in result(case)["steps"]


# Ranks


def tied_case(*keys: str) -> Case:
    """A and B have 80 points, B is cheaper, A has more technical points and C fewer points."""
    case = scored_case(
        {"A": [{"tech": "50", "team": "30"}], "B": [{"tech": "40", "team": "40"}], "C": [{"tech": "10", "team": "10"}]},
        tie_break=list(keys),
    )
    case["criteria"][0]["part"] = "staff"
    case["bids"] = [bid("A", "110"), bid("B", "100"), bid("C", "100")]
    return case


@pytest.mark.parametrize(
    ("keys", "order", "joint"),
    [
        ((), "ABC", True),
        (("lower_price",), "BAC", False),
        (("higher_technical",), "ABC", False),
        (("higher_price_score",), "ABC", True),
        (("higher_price_score", "lower_price"), "BAC", False),
        (("draw",), "ABC", True),
        (("draw", "lower_price"), "ABC", True),
        (("lower_price", "draw"), "BAC", False),
    ],
)
def test_ties_are_broken_by_the_keys_of_the_document_or_not_at_all(keys: tuple[str, ...], order: str, joint: bool) -> None:
    ours = result(tied_case(*keys))
    assert "".join(row["bid"] for row in ours["rows"]) == order
    assert [row["rank"] for row in ours["rows"]] == ([1, 1, 3] if joint else [1, 2, 3])
    assert any("并列第 1 名" in step for step in ours["steps"]) is joint


def test_a_tie_left_to_a_draw_says_so() -> None:
    assert any("抽签" in step for step in result(tied_case("draw"))["steps"])


def test_the_higher_price_score_breaks_a_tie() -> None:
    case = scored_case({"A": [{"tech": "10"}], "B": [{"tech": "60"}]}, tie_break=["higher_price_score"])
    case["price"] = {"kind": "lowest_ratio", "max": "100"}
    case["bids"] = [bid("A", "100"), bid("B", "200")]
    assert [(row["bid"], row["rank"]) for row in result(case)["rows"]] == [("A", 1), ("B", 2)]


def test_tie_keys_compare_exact_values_though_totals_are_rounded() -> None:
    case = scored_case({"A": [{"tech": "80.001"}], "B": [{"tech": "80.002"}]}, rounding={"total": 2}, tie_break=["higher_technical"])
    assert [row["bid"] for row in result(case)["rows"]] == ["B", "A"]
    assert set(column(case, "total").values()) == {"80.00"}


@pytest.mark.parametrize("method", ["lowest_evaluated_price", "lowest_price"])
def test_the_lowest_price_methods_use_no_keys_no_criteria_and_no_benchmark(method: str) -> None:
    case = {**tied_case("higher_technical"), "method": method, "part_minimum": {"technical": "99", "unheard of": "1"}, "candidates": 2}
    ours = result(case)
    assert [(row["bid"], row["rank"], row["joint"]) for row in ours["rows"]] == [("B", 1, True), ("C", 1, True), ("A", 3, False)]
    assert ours["candidates"] == ["B", "C"]
    assert ours["benchmark"] is None
    for row in ours["rows"]:
        assert row["criteria"] is row["total"] is row["price_score"] is row["deviation_percent"] is None


@pytest.mark.parametrize(
    ("candidates", "expected"), [(0, []), (1, ["A", "B"]), (2, ["A", "B"]), (3, ["A", "B", "C"]), (9, ["A", "B", "C"])]
)
def test_candidates_are_those_whose_rank_is_at_most_the_number(candidates: int, expected: list[str]) -> None:
    assert result({**tied_case(), "candidates": candidates})["candidates"] == expected


# Steps


def test_weights_that_miss_100_points_are_a_warning() -> None:
    assert any("不是 100 分" in step for step in result(scored_case({"A": [{"tech": "1", "team": "1"}]}))["steps"])
    assert not any("不是 100 分" in step for step in result(scored_case({"A": [{"tech": "1"}]}))["steps"])
    assert not any("不是 100 分" in step for step in result(lowest_case({"A": "1"}))["steps"])


def test_the_steps_can_be_read_in_both_languages() -> None:
    steps = run(outlier_case("fixed", step="round_points", max_deduction_above="1")).steps
    chinese, english = ([step.text(lang) for step in steps] for lang in ("zh", "en"))  # type: ignore[arg-type]
    assert len(chinese) == len(english)
    assert not any("\u4e00" <= sign <= "\u9fff" for line in english for sign in line)
    assert "B: price score 60 − 2 = 58" in english


def test_a_reason_is_kept_with_its_change() -> None:
    case = lowest_case({})
    case["bids"] = [bid("A", "10", adjustments=[{"kind": "amount", "value": "1", "reason": "缺项"}])]
    assert any(step.endswith("；事由：缺项") for step in result(case)["steps"])


def test_the_method_part_can_be_read_before_there_is_a_bid() -> None:
    case = scored_case({"A": [{"tech": "80"}]})
    del case["bids"], case["sheets"]
    assert parse_method(case).criteria[0].id == "tech"

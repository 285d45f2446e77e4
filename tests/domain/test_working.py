"""The worked calculation of each bid: figures of published cases, what was dropped, what decided, what was never scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.domain.methods import CaseFault
from evaluation.domain.sheet import BidScores
from evaluation.domain.working import BidWorking, workings
from tests.builders.scoring import bid, lowest_case, priced_case, result, scored_case

CASES = Path(__file__).parents[1] / "oracles/cases"
PLAN = {"id": "plan", "part": "technical", "max": "40", "weight": "1"}
TERMS = {"id": "terms", "part": "commercial", "max": "15", "weight": "1"}
DROP = {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 5, "over": "criterion"}


def case(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((CASES / f"{name}.json").read_text("utf-8"))["case"]
    return read


def by_bid(document: dict[str, Any], **how: Any) -> dict[str, BidWorking]:
    return {one.bid: one for one in workings(document, how.pop("titles", {}), **how)}


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.json") if "case" in json.loads(path.read_text("utf-8"))))
def test_totals_ranks_and_points_are_those_of_the_result(name: str) -> None:
    ours, theirs = by_bid(case(name)), result(case(name))
    for row in theirs["rows"]:
        one = ours[row["bid"]]
        assert (one.rank, one.joint, one.out) == (row["rank"], row["joint"], "")
        assert one.total == (row["total"] or row["evaluated_price"])
        assert {each.id: each.points for each in one.criteria} == (row["criteria"] or {})
    assert [(one.bid, one.out) for one in ours.values() if not one.rank] == [(one["bid"], one["code"]) for one in theirs["rejected"]]
    assert [one.bid for one in ours.values() if one.rank] == [row["bid"] for row in theirs["rows"]]


def test_every_mark_stands_there_and_what_was_dropped_is_told() -> None:
    one = by_bid(case("008-complete"), titles={"method": "施工方法"})["A"]
    method = one.criteria[0]
    assert (method.title, method.max, method.weight, method.points, method.weighted) == ("施工方法", "15", "1", "13.40", "13.4")
    assert [(mark.seat, mark.score, mark.dropped) for mark in method.marks] == [
        *(
            ("1", "14", ""),
            ("2", "13.5", ""),
            ("3", "14.5", "high"),
            ("4", "13", "low"),
            ("5", "13.5", ""),
            ("6", "13", ""),
            ("7", "13", ""),
        ),
    ]
    assert method.mean == "(13 + 13 + 13.5 + 13.5 + 14) ÷ 5 = 13.40" and one.criteria[1].title == "duration"


def test_beside_a_mark_that_counts_stands_what_was_signed_where_it_was_another() -> None:
    one = by_bid(case("008-complete"))["A"]
    signed = {
        "3": [BidScores("A", {"method": "9"}, {}), BidScores("B", {"method": "1"}, {})],
        "4": [BidScores("A", {"method": "13.0"}, {})],
    }
    marks = one.with_signed(signed).criteria[0].marks
    assert {mark.seat: mark.signed for mark in marks if mark.signed} == {"3": "9"} and marks[2].score == "14.5"


def test_the_price_is_told_from_the_figure_read_out_to_its_points() -> None:
    told = by_bid(case("008-complete"))
    assert told["A"].price == (
        "A：评标价 13656，合同价 13656",
        "评标基准价 = 13660.00",
        "A：偏差率 (13656 − 13660) ÷ 13660 × 100 = -0.029282576867…（%）",
        "A：低于基准价，扣分 1 × 0.029282576867… = 0.029282576867…",
        "A：价格分 60 − 0.029282576867… = 59.970717423133… → 59.97",
    )
    assert told["A"].adding == (
        "A：technical 部分 13.4 × 1 + 6.7 × 1 + 5.1 × 1 + 5.1 × 1 + 4.4 × 1 = 34.7，达到最低要求 28",
        "A：总得分 59.97 + 13.4 + 6.7 + 5.1 + 5.1 + 4.4 = 94.67",
    )
    assert told["A"].place == ("第 1 名：A",)
    assert told["B"].price[-1] == "B：价格分固定为 15" and any("15.193159260956" in line for line in told["B"].price)
    assert told["C"].price == () and "低于最低要求 28" in told["C"].adding[0] and len(told["C"].criteria) == 5
    corrected = by_bid(case("039"))["A"]
    assert corrected.price[0].startswith("A：算术修正 9500000 + (-50000) = 9450000") and corrected.total == "11910000"
    assert corrected.adding == () and corrected.criteria == () and by_bid(case("011"))["A"].adding == ("A：评审中已被否决，不参加计算",)


def test_whole_sheets_are_averaged_by_their_sums() -> None:
    one = by_bid(case("019-sheet"))["A"]
    assert len(one.sums) == 5 and one.sums[0].seat == "1" and "∑" in one.sum_line
    assert all(mark.dropped == "" for mark in one.sums) and one.criteria[0].mean
    plain = one.without_marks()
    assert (plain.sums, plain.sum_line, {each.marks for each in plain.criteria}, {each.mean for each in plain.criteria}) == (
        (),
        "",
        {()},
        {""},
    )
    assert plain.total == one.total and plain.adding == one.adding


def test_seats_stand_in_the_order_of_their_numbers_and_one_of_equal_marks_is_dropped() -> None:
    marks = [{"x": mark} for mark in ("9", "9", "5", "5", "6", "7", "8", "6", "7", "8", "6")]
    [one] = workings(scored_case({"A": marks}, aggregation=DROP), {})
    assert [mark.seat for mark in one.criteria[0].marks] == [str(n) for n in range(1, 12)]
    assert [mark.dropped for mark in one.criteria[0].marks] == ["high", "", "low", *[""] * 8]


@pytest.mark.parametrize(
    ("tie_break", "said"),
    [
        (["lower_price"], "与 B 总得分相同，评标价低者在前：本投标 110，B 100"),
        (["higher_price_score"], "与 B 总得分相同，价格分高者在前：本投标 20，B 30"),
        (["higher_technical"], "与 B 总得分相同，技术得分高者在前：本投标 20，B 10"),
        (["draw"], "与 B 总得分和前面各项都相同，留待有记录的抽签决定"),
        ([], "与 B 总得分和各比较项都相同，名次并列"),
    ],
)
def test_the_key_that_decided_between_equal_totals_is_named(tie_break: list[str], said: str) -> None:
    price = {"kind": "deviation", "max": "30", "above": "1", "below": "1", "benchmark": {"kind": "lowest"}}
    document = priced_case({"A": "110", "B": "100"}, price, criteria=[PLAN], tie_break=tie_break, aggregation={"kind": "mean"})
    document["sheets"] = [{"expert": "E1", "bid": name, "scores": {"plan": mark}} for name, mark in (("A", "20"), ("B", "10"))]
    assert by_bid(document)["A"].place[0] == said
    assert by_bid(document, lang="en")["A"].place[0].isascii() or "’" in by_bid(document, lang="en")["A"].place[0]


def test_a_key_that_is_equal_passes_on_to_the_next() -> None:
    price = {"kind": "lowest_ratio", "max": "30"}
    document = priced_case({"A": "100", "B": "100"}, price, criteria=[PLAN, TERMS], tie_break=["lower_price", "higher_technical"])
    document["aggregation"] = {"kind": "mean"}
    marks = (("A", {"plan": "20", "terms": "5"}), ("B", {"plan": "15", "terms": "10"}))
    document["sheets"] = [{"expert": "E1", "bid": name, "scores": scores} for name, scores in marks]
    told = by_bid(document)
    assert told["A"].rank == 1 and told["B"].place[0] == "与 A 总得分相同，技术得分高者在前：本投标 15，A 20"


def test_of_a_bid_that_failed_technically_nothing_later_is_told_and_of_another_all() -> None:
    document = priced_case({"A": "100", "B": "100", "C": "100"}, {"kind": "none"}, criteria=[PLAN, TERMS], aggregation={"kind": "mean"})
    document["part_minimum"] = {"technical": "20", "commercial": "5"}
    marks = (("A", {"plan": "30", "terms": "10"}), ("B", {"plan": "10", "terms": "0"}), ("C", {"plan": "30", "terms": "2"}))
    document["sheets"] = [{"expert": "E1", "bid": name, "scores": scores} for name, scores in marks]
    told = by_bid(document)
    assert [each.id for each in told["B"].criteria] == ["plan"] and [each.id for each in told["C"].criteria] == ["plan", "terms"]
    document["part_minimum"] = {"commercial": "5"}
    assert [each.id for each in by_bid(document)["B"].criteria] == ["plan", "terms"]


def test_where_no_bid_counts_each_says_why_and_where_there_is_none_nothing_is_said() -> None:
    out = lowest_case({"A": "100", "B": "900"}, price_ceiling="50")
    assert [(one.bid, one.out, one.rank) for one in workings(out, {})] == [("A", "above_ceiling", 0), ("B", "above_ceiling", 0)]
    assert workings(out | {"bids": []}, {}) == ()
    outlier = {"kind": "none", "outliers": [{"test": "below_next", "percent": "15", "inclusive": False, "then": "reject"}]}
    told = by_bid(lowest_case({"A": "100", "B": "900", "C": "901"}, price=outlier))
    assert told["A"].out == "outlier" and told["A"].price[-1] == "A：异常报价，否决"
    with pytest.raises(CaseFault):
        workings(lowest_case({}) | {"bids": [bid("A", None)]}, {})

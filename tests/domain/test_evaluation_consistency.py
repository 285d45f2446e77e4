"""What the consistency checks find, by values, and what each member's sheets do to the ranking."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from evaluation.domain.consistency import Finding, Kind, check
from evaluation.domain.leave_one_out import Effect, Moved, effects
from evaluation.domain.sheet import BidScores, Criterion
from trading.domain.score_rules import Abnormal

CRITERIA = (Criterion(id="plan", title="", max=Decimal(40)), Criterion(id="fact", title="", max=Decimal(5), is_objective=True))
WEIGHTS = {"plan": Decimal(1), "fact": Decimal(1)}


def sheets(**plan: Mapping[str, str]) -> dict[str, list[BidScores]]:
    """Seat (s1 …) → plan by bid; the objective item is 5 for everybody."""
    return {seat[1:]: [BidScores(bid, {"plan": score, "fact": "5"}, {}) for bid, score in given.items()] for seat, given in plan.items()}


def found(given: Mapping[str, Any], percent: str = "30", *, order: bool = True) -> tuple[Finding, ...]:
    return check(given, CRITERIA, WEIGHTS, Abnormal(Decimal(percent), order))


ALIKE = {"A": "30", "B": "32", "C": "34"}


def test_members_who_agree_give_no_finding() -> None:
    assert found(sheets(s1=ALIKE, s2=ALIKE, s3=ALIKE)) == ()
    assert found(sheets(s1=ALIKE)) == () and found({}) == ()


def test_an_objective_item_concerns_those_who_differ_from_most() -> None:
    given = sheets(s1=ALIKE, s2=ALIKE, s10=ALIKE)
    given["10"][1] = BidScores("B", {"plan": "32", "fact": "3"}, {})
    [one] = check(given, CRITERIA, WEIGHTS, None)
    assert (one.kind, one.seats, one.bid, one.criterion) == (Kind.OBJECTIVE_DIFFERS, ("10",), "B", "fact")
    assert one.to_json()["figures"] == {"1": "5", "2": "5", "10": "3"}
    given["2"][1] = BidScores("B", {"plan": "32", "fact": "4.0"}, {})
    [one] = check(given, CRITERIA, WEIGHTS, None)
    assert one.seats == ("1", "2", "10")  # no score is the usual one
    given["1"][1] = BidScores("B", {"plan": "32", "fact": "4"}, {})
    [one] = check(given, CRITERIA, WEIGHTS, None)
    assert one.seats == ("10",)  # 4 and 4.0 are the same


def test_a_total_further_than_the_bound_from_the_mean_of_the_others_is_named() -> None:
    given = sheets(s1={"A": "35"}, s2={"A": "35"}, s3={"A": "15"})  # totals 40, 40, 20
    assert [(one.kind, one.seats, one.figures) for one in found(given, "49")] == [
        (Kind.DEVIATES, ("3",), {"total": "20.00", "mean": "40.00"}),
    ]
    assert found(given, "50") == ()  # exactly at the bound is within it: 50 % for the third, 33 % for the others
    assert [one.seats for one in found(given, "33")] == [("1",), ("2",), ("3",)]
    zero = sheets(s1={"A": "0"}, s2={"A": "0"})
    zero = {seat: [BidScores("A", {"plan": "0" if seat == "1" else "1", "fact": "0"}, {})] for seat in zero}
    assert [one.seats for one in found(zero, "99")] == [("1",), ("2",)]


def test_an_order_turned_upside_down_is_named_from_three_bids_on() -> None:
    turned = {"A": "34", "B": "32", "C": "30"}
    [one] = found(sheets(s1=ALIKE, s2=ALIKE, s3=ALIKE, s4=turned))
    assert (one.kind, one.seats, one.bid) == (Kind.ORDER_REVERSED, ("4",), "")
    assert found(sheets(s1=ALIKE, s2=ALIKE, s3=ALIKE, s4=turned), order=False) == ()
    half = {"A": "34", "B": "30", "C": "32"}
    assert found(sheets(s1=ALIKE, s2=ALIKE, s3=half)) == ()
    two = [{"A": "30", "B": "31"}, {"A": "30", "B": "31"}, {"A": "31", "B": "30"}]
    assert found(sheets(s1=two[0], s2=two[1], s3=two[2])) == ()


# Without one member


def case(marks: Mapping[str, Mapping[str, str]], **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "method": "comprehensive",
        "price": {"kind": "none"},
        "criteria": [{"id": "plan", "part": "technical", "max": "40", "weight": "1"}],
        "aggregation": {"kind": "mean"},
        "bids": [{"id": bid, "price": "1"} for bid in ("A", "B")],
        "sheets": [
            {"expert": f"E{seat}", "bid": bid, "scores": {"plan": score}} for seat, given in marks.items() for bid, score in given.items()
        ],
    }
    return made | changes


def test_leaving_out_a_member_shows_whose_sheet_decided() -> None:
    marks = {"1": {"A": "30", "B": "31"}, "2": {"A": "30", "B": "31"}, "10": {"A": "40", "B": "20"}}
    found = effects(case(marks))
    assert found[0] == Effect("1", (), ("A",)) and not found[0].changes_first
    assert found[2] == Effect("10", (Moved("A", 1, 2), Moved("B", 2, 1)), ("B",)) and found[2].changes_first


def test_what_can_not_be_computed_without_a_member_is_said_so() -> None:
    marks = {"1": {"A": "30", "B": "31"}, "2": {"A": "30", "B": "31"}}
    assert effects(case({"1": marks["1"]})) == ()
    assert effects(case({}, criteria=[], sheets=[])) == ()
    trimmed = {"kind": "trimmed_mean", "drop_high": 0, "drop_low": 1, "trim_from": 1}
    assert [one.is_computable for one in effects(case(marks, aggregation=trimmed))] == [False, False]

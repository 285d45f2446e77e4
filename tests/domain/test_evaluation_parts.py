"""The parts of a method, and what is put together from a member's sheets: who signs when, what the lock needs, what a bidder reads."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.errors import RuleBroken
from evaluation.domain.blind_opening import BlindOpeningBody
from evaluation.domain.checking import findings
from evaluation.domain.own_points import price_lines, reasons_in_drawn_order
from evaluation.domain.parts import merged, only_technical, parts_due, parts_of
from evaluation.domain.room import State
from evaluation.domain.sheet import BidScores
from tests.builders.trading import method_part

MAP, RESULT = "ab" * 32, "cd" * 32


def criterion(name: str, part: str, most: str = "10") -> dict[str, str]:
    return {"id": name, "part": part, "max": most, "weight": "1"}


THREE = method_part(
    criteria=[criterion("honour", "credit"), criterion("plan", "technical"), criterion("offer", "commercial")],
    part_minimum={"technical": "6", "credit": "1"},
)


def test_parts_stand_in_the_order_of_their_sheets() -> None:
    assert parts_of(THREE) == ("technical", "commercial", "credit")
    assert parts_of({"method": "lowest_price"}) == ()


def test_technical_sheets_are_due_before_the_lock_and_the_others_after_it() -> None:
    assert parts_due(THREE, State.TECHNICAL) == ("technical",)
    assert parts_due(THREE, State.COMMERCIAL) == ("commercial", "credit")
    assert parts_due(THREE, State.SUMMARY) == ()
    assert parts_due(method_part(), State.COMMERCIAL) == ()


def test_the_lock_sees_technical_criteria_and_their_scores_alone() -> None:
    sheets = [{"expert": "E1", "bid": "T-11", "scores": {"plan": "8", "offer": "3"}}]
    seen = only_technical(THREE | {"bids": [], "sheets": sheets})
    assert [one["id"] for one in seen["criteria"]] == ["plan"] and seen["part_minimum"] == {"technical": "6"}
    assert seen["sheets"] == [{"expert": "E1", "bid": "T-11", "scores": {"plan": "8"}}]
    without = only_technical(method_part(criteria=[criterion("offer", "commercial")], part_minimum=None) | {"sheets": sheets})
    assert without["criteria"] == [] and without["sheets"] == [] and without["part_minimum"] == {}


def test_a_members_sheets_of_several_parts_are_one() -> None:
    technical = [BidScores("T-11", {"plan": "8"}, {"plan": "周全"}), BidScores("T-22", {"plan": "5"}, {})]
    later = [BidScores("T-11", {"offer": "3"}, {"offer": "清楚"})]
    assert merged([technical, later]) == [
        BidScores("T-11", {"plan": "8", "offer": "3"}, {"plan": "周全", "offer": "清楚"}),
        BidScores("T-22", {"plan": "5"}, {}),
    ]
    assert merged([]) == []


def test_the_map_is_opened_for_the_result_that_was_locked() -> None:
    body = {"map_sha256": MAP, "result_sha256": RESULT}
    assert BlindOpeningBody.read(body, MAP, RESULT) == BlindOpeningBody(MAP, RESULT)
    with pytest.raises(RuleBroken) as refusal:
        BlindOpeningBody.read(body | {"result_sha256": MAP}, MAP, RESULT)
    assert refusal.value.code == "blind.open.other"


def rules(**abnormal: Any) -> dict[str, Any]:
    objective = {"id": "plan", "mode": "range", "objective": True}
    return {"criteria": [objective]} | ({"abnormal": abnormal} if abnormal else {})


def test_findings_are_of_the_methods_criteria_by_the_documents_rules() -> None:
    sheets = {seat: [BidScores("T-11", {"plan": score, "offer": "3", "honour": "3"}, {})] for seat, score in zip("123", "885", strict=True)}
    assert findings(THREE, {}, sheets) == []
    found = findings(THREE, rules(), sheets)
    assert len(found) == 1 and found[0]["bid"] == "T-11"


def test_a_bidder_reads_every_reason_once_and_not_in_the_order_of_seats() -> None:
    sheets: list[list[dict[str, object]]] = [
        [{"bid": "T-11", "reasons": {"plan": "甲"}}, {"bid": "T-22", "reasons": {"plan": "别家的"}}],
        [{"bid": "T-11", "reasons": {"plan": "乙", "offer": " "}}],
        [{"bid": "T-11", "reasons": {"plan": "甲 "}}, {"bid": "T-11"}],
    ]
    once = reasons_in_drawn_order(b"1" * 32, sheets, "T-11")
    assert set(once) == {"plan"} and sorted(once["plan"]) == ["乙", "甲"]
    orders = {reasons_in_drawn_order(bytes([salt]) * 32, sheets, "T-11")["plan"] for salt in range(20)}
    assert len(orders) == 2  # the salt draws it
    assert reasons_in_drawn_order(b"1" * 32, reversed(sheets), "T-11") == once


def test_a_bidder_reads_how_its_evaluated_price_came_about() -> None:
    late = {"kind": "percent", "value": "1.0", "reason": "工期每延误一周（2 周）"}
    bids: list[Any] = [{"id": "T-11", "price": "1000", "adjustments": [late], "preference_percent": "10"}, {"id": "T-22", "price": "1200"}]
    case: dict[str, Any] = {"case": "T", "method": "lowest_price", "bids": [*bids, {"id": "T-33", "price": None, "rejected": True}]}
    told = price_lines(case, "T-11", "zh")
    assert len(told) == 3 and "工期每延误一周（2 周）" in told[0] and "909" in told[-1] and "T-22" not in "".join(told)
    assert price_lines(case, "T-22", "zh") == price_lines(case, "T-33", "en") == price_lines(case, "T-44", "zh") == ()

"""What follows a finding: who answers, with which score or reason, and what the sheets are then."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.errors import RuleBroken
from evaluation.domain.finding import AnswerBody, corrected, due, rules_of_items
from evaluation.domain.sheet import BidScores

METHOD = {
    "criteria": [
        {"id": "plan", "part": "technical", "max": "30", "weight": "1"},
        {"id": "licence", "part": "commercial", "max": "4", "weight": "1"},
        {"id": "safety", "part": "commercial", "max": "6", "weight": "1"},
    ]
}
SAID: dict[str, Any] = {
    "criteria": [
        {"id": "licence", "mode": "steps", "steps": ["0", "2", "4"], "objective": True},
        {"id": "safety", "mode": "deduction", "deductions": [{"id": "d1", "text": "缺少", "points": "2"}], "objective": True},
    ]
}
RULES = rules_of_items(METHOD, SAID, ("T-1", "T-2"))


def found(kind: str, seats: str, bid: str = "T-1", criterion: str = "licence") -> dict[str, Any]:
    return {"kind": kind, "seats": list(seats), "bid": bid, "criterion": criterion, "figures": {}}


def test_those_who_differ_answer_on_objective_items_of_ranked_bids_alone() -> None:
    findings = [
        found("objective_differs", "35"),
        found("objective_differs", "3", "T-2", "safety"),
        found("objective_differs", "1", "T-9"),
        found("deviates", "7"),
    ]
    wanted = due(findings, {"T-1", "T-2"})
    assert wanted == {"3": {("T-1", "licence"), ("T-2", "safety")}, "5": {("T-1", "licence")}}
    assert due([], {"T-1"}) == {}


def body(**changes: Any) -> dict[str, Any]:
    return {"bid": "T-1", "criterion": "licence", "score": "4", "reason": "", "ticks": {}} | changes


def test_an_answer_is_a_score_that_the_sheet_would_take_or_a_reason() -> None:
    assert AnswerBody.read(body(), RULES).matter == ("T-1", "licence")
    assert AnswerBody.read(body(score="", reason=" 证书已过期 "), RULES).reason == "证书已过期"
    assert AnswerBody.read(body(criterion="safety", ticks={"safety": ["d1"]}), RULES).score == "4"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"score": "", "reason": " "}, "finding.answer.empty"),
        ({"score": "3"}, "score.not_fixed"),
        ({"bid": "T-9"}, "score.bid_unknown"),
        ({"criterion": "other"}, "score.criterion_unknown"),
        ({"criterion": "safety"}, "score.deduction_differs"),
        ({"ticks": {"safety": ["d1"]}}, "score.ticks"),
        ({"score": "", "reason": "维持", "ticks": {"licence": ["d1"]}}, "score.ticks"),
    ],
)
def test_any_other_answer_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        AnswerBody.read(body(**changes), RULES)
    assert refused.value.code == code


def test_what_was_scored_again_stands_in_the_sheets_that_are_added_up_and_nothing_else_changes() -> None:
    signed = {seat: [BidScores(bid, {"plan": "20", "licence": "2"}, {"plan": "好"}) for bid in ("T-1", "T-2")] for seat in "12"}
    again = AnswerBody("T-1", "licence", "4", "看漏了")
    sheets = corrected(signed, {"1": [again, AnswerBody("T-2", "licence", "", "维持")]})
    assert sheets["1"][0] == BidScores("T-1", {"plan": "20", "licence": "4"}, {"plan": "好", "licence": "看漏了"})
    assert sheets["1"][1] == signed["1"][1] and sheets["2"] == signed["2"] and signed["1"][0].scores["licence"] == "2"

"""Orders to evaluate again: who may give which, on what, and what the round that follows keeps and changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.kernel.errors import Refusal, RuleBroken, Stale
from core.kernel.roles import Role
from evaluation.domain.preliminary import Finding
from evaluation.domain.room import MOVES as ROOM
from evaluation.domain.room import Action as RoomAction
from evaluation.domain.room import Facts, State
from evaluation.domain.round import (
    Change,
    Place,
    Scope,
    changed_findings,
    changed_scores,
    check_again,
    compared,
    places,
)
from evaluation.domain.sheet import BidScores
from trading.domain.audience import PROJECTIONS
from trading.domain.clock import LegalRegime
from trading.domain.reevaluation import GROUNDS, Ground, Order, OrderFacts, article_of, check_order
from trading.events_reevaluation import ReevaluationOrdered

REPORT = "ab" * 32
WORKS, PROCUREMENT = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT
BODY: dict[str, Any] = {
    "report_sha256": REPORT,
    "ground": "ordered",
    "complaint": "",
    "review": False,
    "criteria": ["A", "B"],
    "reason": "未按招标文件规定的标准评分。",
}
ORDER = Order.read(BODY)
FACTS = OrderFacts(role=Role.SUPERVISOR, regime=WORKS, report_sha256=REPORT, criteria=frozenset("ABC"))


def test_an_order_is_read_member_by_member() -> None:
    assert (
        Order(report_sha256=REPORT, ground=Ground.ORDERED, complaint="", review=False, criteria=("A", "B"), reason=BODY["reason"]) == ORDER
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"report_sha256": "x"}, "body.malformed"),
        ({"ground": "mood"}, "body.malformed"),
        ({"complaint": None}, "body.malformed"),
        ({"review": "yes"}, "body.malformed"),
        ({"criteria": ["B", "A"]}, "body.malformed"),
        ({"criteria": ["A", "A"]}, "body.malformed"),
        ({"criteria": [str(n) for n in range(101)]}, "body.malformed"),
        ({"criteria": []}, "reevaluation.no_items"),
        ({"reason": ""}, "body.malformed"),
        ({"more": 1}, "body.malformed"),
    ],
)
def test_rubbish_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        Order.read(BODY | changes)
    assert refusal.value.code == code


@pytest.mark.parametrize("regime", LegalRegime)
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.TENDERER])
@pytest.mark.parametrize("ground", Ground)
def test_each_office_has_grounds_of_its_own(regime: LegalRegime, role: Role, ground: Ground) -> None:
    number = "TS-3F2A9C01B7DE" if ground is Ground.COMPLAINT else ""
    said = replace(ORDER, ground=ground, complaint=number)
    facts = replace(FACTS, role=role, regime=regime, complaint_upheld=bool(number))
    if ground in GROUNDS[regime][role]:
        check_order(said, facts)
        assert article_of(regime, ground) == GROUNDS[regime][role][ground]
    else:
        with pytest.raises(RuleBroken, match="ground_other"):
            check_order(said, facts)


def test_art_56_is_of_works_alone() -> None:
    assert article_of(WORKS, Ground.CHANGED) == "招标投标法实施条例第五十六条" and article_of(PROCUREMENT, Ground.CHANGED) == ""


@pytest.mark.parametrize(
    ("said", "facts", "kind", "code"),
    [
        (ORDER, replace(FACTS, report_sha256="cd" * 32), Stale, "reevaluation.other_report"),
        (ORDER, replace(FACTS, criteria=frozenset("A")), RuleBroken, "reevaluation.item_unknown"),
        (replace(ORDER, complaint="TS-3F2A9C01B7DE"), FACTS, RuleBroken, "reevaluation.complaint_missing"),
        (replace(ORDER, ground=Ground.COMPLAINT), FACTS, RuleBroken, "reevaluation.complaint_missing"),
        (replace(ORDER, ground=Ground.COMPLAINT, complaint="TS-1"), FACTS, RuleBroken, "reevaluation.complaint_not_upheld"),
    ],
)
def test_an_order_fits_what_is_in_force(said: Order, facts: OrderFacts, kind: type[Refusal], code: str) -> None:
    with pytest.raises(kind) as refusal:
        check_order(said, facts)
    assert refusal.value.code == code


def test_the_public_hears_nothing_of_an_order() -> None:
    event = ReevaluationOrdered(case="T2026-000001", lot="1", ground="complaint")  # type: ignore[arg-type]
    told = {one.audience: dict(one.data) for one in PROJECTIONS["reevaluation.order"](event)}
    assert told == {audience: {"lot": "1", "ground": "complaint"} for audience in ("tenderer", "host", "supervisor")}


METHOD = {"criteria": [{"id": "A", "part": "technical"}, {"id": "B", "part": "credit"}, {"id": "C", "part": "technical"}]}
SCORES, REVIEW = Scope(False, frozenset("A")), Scope(True, frozenset())


def test_a_room_is_opened_again_by_itself_and_only_after_its_report() -> None:
    for state in State:
        found = RoomAction.REOPEN in ROOM.available(state, frozenset({Role.SYSTEM}), Facts())
        assert found is (state is State.SUBMITTED)
    assert ROOM.choose(RoomAction.REOPEN, State.SUBMITTED, frozenset({Role.SYSTEM}), Facts()) is State.COMMITTEE_FORMED


def test_the_parts_of_an_order_are_those_of_its_items() -> None:
    assert SCORES.parts(METHOD) == ("technical",) and REVIEW.parts(METHOD) == ()
    assert Scope(False, frozenset("AB")).parts(METHOD) == ("technical", "credit")


@pytest.mark.parametrize(
    ("kind", "body", "of_scores", "of_review"),
    [
        ("report.submit", {}, True, True),
        ("recusal.declare", {}, True, True),
        ("technical.lock", {}, True, True),
        ("summary", {}, True, True),
        ("candidates.publish", {}, True, True),
        ("award.result", {}, True, True),
        ("award_draw.request", {}, True, True),
        ("award_plan.fix", {}, False, False),
        ("room.sign_in", {}, False, False),
        ("chair.elected", {}, False, False),
        ("bid_question.ask", {}, False, False),
        ("preliminary.review", {}, False, True),
        ("rejection.vote", {}, False, True),
        ("preliminary.result", {}, False, True),
        ("competition.result", {"stage": "review"}, False, True),
        ("competition.result", {"stage": "prices"}, True, True),
        ("score", {"part": "technical"}, True, False),
        ("score", {"part": "credit"}, False, False),
    ],
)
def test_what_a_round_voids(kind: str, body: dict[str, Any], of_scores: bool, of_review: bool) -> None:
    assert SCORES.voids(kind, body, SCORES.parts(METHOD)) is of_scores
    assert REVIEW.voids(kind, body, REVIEW.parts(METHOD)) is of_review


def sheet(bid: str = "T-1", a: str = "3", c: str = "2", why: str = "", ticks: tuple[str, ...] = ()) -> BidScores:
    return BidScores(bid, {"A": a, "C": c}, {"A": why} if why else {}, {"C": ticks} if ticks else {})


@pytest.mark.parametrize(
    ("after", "code"),
    [
        (sheet(), ""),
        (sheet(a="4", why="标准第三档"), ""),
        (sheet(why="补充理由"), ""),
        (sheet(a="4"), "reevaluation.reason_missing"),
        (sheet(a="4", why=" "), "reevaluation.reason_missing"),
        (sheet(c="1"), "reevaluation.item_not_ordered"),
        (sheet(ticks=("X",)), "reevaluation.item_not_ordered"),
        (BidScores("T-1", {"A": "3", "C": "2"}, {"C": "另有理由"}), "reevaluation.item_not_ordered"),
        (sheet("T-2", a="9", c="9"), ""),
    ],
)
def test_a_sheet_differs_in_what_was_ordered_alone(after: BidScores, code: str) -> None:
    if not code:
        return check_again(SCORES, [sheet()], [after])
    with pytest.raises(RuleBroken) as refusal:
        check_again(SCORES, [sheet()], [after])
    assert refusal.value.code == code
    return None


def test_changed_scores_stand_by_seat_bid_and_item() -> None:
    before = {"10": [sheet(), sheet("T-2")], "2": [sheet()]}
    after = {"10": [sheet("T-2", a="5", why="甲"), sheet()], "2": [sheet(a="1", why="乙"), sheet("T-3")], "3": [sheet(a="9")]}
    assert changed_scores(before, after) == [Change("2", "T-1", "A", "3", "1", "乙"), Change("10", "T-2", "A", "3", "5", "甲")]


def test_changed_findings_are_those_that_turned() -> None:
    before = {"1": [Finding("T-1", "x", True, ""), Finding("T-2", "x", False, "无")]}
    after = {"1": [Finding("T-1", "x", False, "未签章"), Finding("T-2", "x", True, "")], "2": [Finding("T-1", "x", False, "未签章")]}
    found = [Change("1", "T-1", "x", "pass", "fail", "未签章"), Change("1", "T-2", "x", "fail", "pass", "")]
    assert changed_findings(before, after) == found


def test_places_of_both_rounds_stand_beside_each_other() -> None:
    first = {"rows": [{"bid": "T-1", "rank": 1, "total": "90"}, {"bid": "T-2", "rank": 2, "total": "80"}]}
    second = {"rows": [{"bid": "T-2", "rank": 1, "total": None, "evaluated_price": "100.00"}, {"bid": "T-3", "rank": 2, "total": "70"}]}
    assert places(None) == {}
    assert compared(first, second) == [
        ("T-2", Place("2", "80"), Place("1", "100.00")),
        ("T-3", Place("", ""), Place("2", "70")),
        ("T-1", Place("1", "90"), Place("", "")),
    ]

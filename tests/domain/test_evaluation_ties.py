"""Equal bids: which of them matter, what a draw of lots does to the ranking, and what the calculation says of it."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.errors import WrongState
from core.kernel.roles import Role
from evaluation.domain.leave_one_out import effects
from evaluation.domain.methods import CaseFault, parse_case
from evaluation.domain.room import Facts
from evaluation.domain.room_ties import report_can_be_drafted
from evaluation.domain.scoring_case import full_result, technical_result
from evaluation.domain.ties import MOVES, due, equal, is_held, name_of, pool_of, request_of, with_lots
from evaluation.domain.working import workings
from tests.builders.scoring import Case, lowest_case, result
from tests.builders.ties import case_of
from trading.domain.lots_drawn import DrawAction, DrawState

EQUAL = {"A": ("100", "36"), "B": ("100", "36"), "C": ("120", "30")}
BORDER = {"A": ("100", "40"), "B": ("110", "36"), "C": ("120", "30"), "D": ("120", "30"), "E": ("130", "10"), "F": ("130", "10")}


def groups(case: Case, *, ranked: bool = True, leaves: bool = True) -> list[tuple[str, ...]]:
    asked = due if leaves else equal
    return list(asked(case, full_result(case), ranked=ranked))


def places(case: Case) -> list[tuple[str, int, bool]]:
    return [(row["bid"], row["rank"], row["joint"]) for row in result(case)["rows"]]


def test_equal_bids_matter_among_the_candidates_and_at_their_border() -> None:
    assert groups(case_of(EQUAL)) == [("A", "B")]
    assert groups(case_of(BORDER)) == [("C", "D")]  # third and fourth: which of them is a candidate; E and F are none
    assert groups(case_of(BORDER, candidates=2)) == []
    assert groups(case_of(EQUAL | {"D": ("120", "30")}, candidates=1)) == [("A", "B")]
    without_count = case_of(BORDER)
    del without_count["candidates"]
    assert groups(without_count) == [("C", "D")]  # three by the law


def test_an_unranked_set_of_candidates_is_drawn_at_its_border_alone() -> None:
    assert groups(case_of(EQUAL), ranked=False) == []
    assert groups(case_of(BORDER), ranked=False) == [("C", "D")]
    assert groups(case_of(EQUAL, candidates=1), ranked=False) == [("A", "B")]


def test_without_a_draw_in_the_document_equal_stays_equal() -> None:
    case = case_of(EQUAL, ["lower_price"])
    assert groups(case) == [] and groups(case, leaves=False) == [("A", "B")]
    assert groups({name: value for name, value in case.items() if name != "tie_break"}) == []
    assert places(case)[:2] == [("A", 1, True), ("B", 1, True)]


def test_the_lowest_price_methods_leave_equal_prices_to_a_draw_where_the_document_says_so() -> None:
    prices = {"A": "100", "B": "90", "C": "90"}
    assert groups(lowest_case(prices)) == []
    case = lowest_case(prices, tie_break=["draw"])
    assert groups(case) == [("B", "C")]
    assert not any("总得分" in step for step in result(case)["steps"])
    drawn = with_lots(case, [("tie-1-1", ["C", "B"])])
    assert places(drawn) == [("C", 1, False), ("B", 2, False), ("A", 3, False)]
    [first, *_] = workings(drawn, {})
    assert (first.bid, first.draw) == ("C", "tie-1-1") and any("tie-1-1" in line for line in first.place)


def test_lots_order_the_equal_ones_and_nothing_else() -> None:
    case = case_of(BORDER)
    assert places(case) == [("A", 1, False), ("B", 2, False), ("C", 3, True), ("D", 3, True), ("E", 5, True), ("F", 5, True)]
    assert full_result(case)["candidates"] == ["A", "B", "C", "D"]
    drawn = with_lots(case, [("tie-1-1", ["D", "C"])])
    assert places(drawn)[2:] == [("D", 3, False), ("C", 4, False), ("E", 5, True), ("F", 5, True)]
    assert full_result(drawn)["candidates"] == ["A", "B", "D"]
    assert groups(drawn) == []
    backwards = with_lots(case, [("tie-1-1", ["B", "A"])])  # they are not equal: what was drawn says nothing of them
    assert places(backwards)[:2] == [("A", 1, False), ("B", 2, False)]
    both = with_lots(case, [("tie-1-1", ["D", "C"]), ("tie-1-2", ["F", "E"])])
    assert [bid for bid, _, joint in places(both) if not joint] == ["A", "B", "D", "C", "F", "E"]


def test_of_three_that_were_drawn_two_keep_their_order_and_a_newcomer_shares() -> None:
    equal_three = {"A": ("100", "36"), "B": ("100", "36"), "C": ("100", "36")}
    drawn = with_lots(case_of(equal_three), [("tie-1-1", ["C", "A", "B"])])
    assert [bid for bid, *_ in places(drawn)] == ["C", "A", "B"]
    for sheet in drawn["sheets"]:  # type: ignore[union-attr]
        if sheet["bid"] == "C":  # type: ignore[index,call-overload]
            sheet["scores"] = {"plan": "10"}  # type: ignore[index,call-overload]
    assert places(drawn) == [("A", 1, False), ("B", 2, False), ("C", 3, False)]
    two = with_lots(case_of(equal_three), [("tie-1-1", ["B", "A"])])
    assert places(two) == [("A", 1, True), ("B", 1, True), ("C", 1, True)]


def test_leaving_a_member_out_keeps_the_drawn_order_of_those_who_stay_equal() -> None:
    drawn = with_lots(case_of(EQUAL), [("tie-1-1", ["B", "A"])])
    assert [one.moved for one in effects(drawn)] == [()] * 5
    assert [one.first for one in effects(drawn)] == [("B",)] * 5


def test_the_calculation_names_the_draw_that_decided() -> None:
    waiting = workings(case_of(EQUAL), {})
    assert [one.draw for one in waiting] == ["", "", ""]
    assert any("留待有记录的抽签决定" in line for line in waiting[0].place)
    drawn = workings(with_lots(case_of(EQUAL), [("tie-1-1", ["B", "A"])]), {}, "en")
    assert [(one.bid, one.rank, one.draw) for one in drawn] == [("B", 1, "tie-1-1"), ("A", 2, "tie-1-1"), ("C", 3, "")]
    assert any("decided by the draw of lots tie-1-1" in line for line in drawn[0].place)
    assert any("B, A stand in the order of the draw of lots tie-1-1" in line for line in drawn[1].place)


def test_the_technical_stage_of_a_case_with_lots_is_the_same() -> None:
    case = case_of(EQUAL)
    assert technical_result(with_lots(case, [("tie-1-1", ["B", "A"])])) == technical_result(case)


LOTS: dict[str, tuple[Any, str, str]] = {
    "unknown bid": ([{"draw": "t", "order": ["A", "X"]}], "$.lots[0].order[1]", "unknown_bid"),
    "one alone": ([{"draw": "t", "order": ["A"]}], "$.lots[0].order", "lots_too_few"),
    "no order": ([{"draw": "t"}], "$.lots[0].order", "lots_too_few"),
    "twice": ([{"draw": "t", "order": ["A", "A"]}], "$.lots[0].order[1]", "duplicate_id"),
    "in two draws": ([{"draw": "t", "order": ["A", "B"]}, {"draw": "u", "order": ["B", "C"]}], "$.lots[1].order[0]", "duplicate_id"),
    "without a name": ([{"order": ["A", "B"]}], "$.lots[0].draw", "missing"),
    "another member": ([{"draw": "t", "order": ["A", "B"], "seed": "1"}], "$.lots[0].seed", "unknown_field"),
}


@pytest.mark.parametrize("what", LOTS)
def test_lots_that_are_none_are_refused_with_their_place(what: str) -> None:
    lots, path, code = LOTS[what]
    with pytest.raises(CaseFault) as fault:
        parse_case({**case_of(EQUAL), "lots": lots})
    assert (fault.value.path, fault.value.code) == (path, code)


def test_lots_are_refused_where_the_document_leaves_nothing_to_a_draw() -> None:
    with pytest.raises(CaseFault) as fault:
        parse_case({**case_of(EQUAL, ["lower_price"]), "lots": [{"draw": "t", "order": ["A", "B"]}]})
    assert (fault.value.path, fault.value.code) == ("$.lots[0]", "lots_without_draw")


def test_what_is_drawn_does_not_depend_on_the_order_of_the_bids() -> None:
    assert request_of(["T-2", "T-1"]) == request_of(("T-1", "T-2"))
    assert pool_of(request_of(["T-2", "T-1"])) == ("T-1", "T-2")
    assert name_of("1", 2) == "tie-1-2"


def test_a_draw_that_a_later_summary_voided_takes_no_slip() -> None:
    assert is_held(True) is None
    refusal = is_held(False)
    assert isinstance(refusal, WrongState) and refusal.code == "tie_draw.not_due"


def test_the_report_waits_for_answers_and_for_lots() -> None:
    assert report_can_be_drafted(Facts()) is None
    codes = [report_can_be_drafted(Facts(unsettled=True, lots_due=True)), report_can_be_drafted(Facts(lots_due=True))]
    assert [one.code for one in codes if one is not None] == ["finding.answers_missing", "tie_draw.waiting"]


def test_the_life_is_that_of_every_draw_by_three_parties() -> None:
    doing = {(row.action, role) for row in MOVES.rows for role in row.who}
    for role in (Role.CENTRE, Role.SUPERVISOR, Role.TENDERER):
        assert (DrawAction.COMMIT, role) in doing and (DrawAction.REVEAL, role) in doing
    assert {role for action, role in doing if action is DrawAction.ABANDON} == {Role.CENTRE}
    assert {row.to for row in MOVES.rows} == set(DrawState)

"""Calls after a draw: their table of moves, what an answer may say, the order of seats, and draws that are made again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from core.kernel.draw import ordered
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain.calling import (
    MOVES,
    Action,
    AnswerBody,
    Conditions,
    Facts,
    KeypadAnswer,
    State,
    call_number,
    case_of,
    is_fresh,
    seat_order,
)
from evaluation.domain.committee import SitePlan
from evaluation.domain.redraw import FIRST, Again, keeps_conditions, leaves_a_choice, leaves_out, may_be_asked_again

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
SOON, LONG_AGO = Facts(now=NOON, reply_until=NOON + timedelta(minutes=1)), Facts(now=NOON, reply_until=NOON)
S, A = State, Action
EITHER, SYSTEM = {Role.EXPERT, Role.SYSTEM}, {Role.SYSTEM}
READY: dict[tuple[Action, State], tuple[State, set[Role], Facts]] = {
    (A.PLACE, S.DUE): (S.PLACED, SYSTEM, SOON),
    (A.CONFIRM, S.PLACED): (S.CONFIRMED, EITHER, SOON),
    (A.DECLINE, S.PLACED): (S.DECLINED, EITHER, SOON),
    (A.DECLINE, S.CONFIRMED): (S.DECLINED, EITHER, LONG_AGO),
    **{(A.NOTE, state): (S.DECLINED, {Role.CENTRE}, SOON) for state in (S.DUE, S.PLACED, S.CONFIRMED)},
    (A.EXPIRE, S.PLACED): (S.SILENT, SYSTEM, LONG_AGO),
    **{(A.FAIL, state): (S.UNREACHABLE, SYSTEM, SOON) for state in (S.DUE, S.PLACED)},
    **{(A.END, state): (S.ENDED, SYSTEM, SOON) for state in (S.DUE, S.PLACED, S.CONFIRMED)},
}


@pytest.mark.parametrize(("action", "state", "role"), list(product(Action, State, Role)))
def test_each_action_is_for_its_states_and_roles_alone(action: Action, state: State, role: Role) -> None:
    found = READY.get((action, state))
    everybody = set().union(*(roles for (one, _), (_, roles, _) in READY.items() if one is action))
    if role not in everybody:
        with pytest.raises(NotAllowed):
            MOVES.choose(action, state, frozenset({role}), SOON)
    elif found is None:
        with pytest.raises(WrongState):
            MOVES.choose(action, state, frozenset({role}), SOON)
    else:
        assert MOVES.choose(action, state, frozenset({role}), found[2]) is found[0]


@pytest.mark.parametrize(
    ("action", "facts", "code"),
    [
        (A.CONFIRM, LONG_AGO, "draw.call.late"),
        (A.DECLINE, LONG_AGO, "draw.call.late"),
        (A.CONFIRM, Facts(now=NOON), "draw.call.late"),
        (A.EXPIRE, SOON, "draw.call.running"),
        (A.EXPIRE, Facts(now=NOON), "draw.call.running"),
    ],
)
def test_the_reply_window_decides_to_the_millisecond(action: Action, facts: Facts, code: str) -> None:
    with pytest.raises(WrongState) as refused:
        MOVES.choose(action, S.PLACED, frozenset({Role.SYSTEM}), facts)
    assert refused.value.code == code


CALLING: dict[str, Any] = {
    "at": "2026-12-01T06:00:00.000Z",
    "window": 30,
    "sites": [{"site": "主场", "seats": 3}, {"site": "副场", "seats": 2}],
    "gateway": "ab" * 32,
}


def test_conditions_are_read_strictly_and_written_the_same() -> None:
    read = Conditions.read(CALLING)
    assert read.to_json() == CALLING and read.sites == (SitePlan("主场", 3), SitePlan("副场", 2))
    wrong: tuple[dict[str, Any], ...]
    wrong = (
        {"at": "soon"},
        {"window": 0},
        {"window": 1441},
        {"gateway": "AB" * 32},
        {"gateway": "ab"},
        {"x": 1},
    )
    for one in wrong:
        with pytest.raises(RuleBroken):
            Conditions.read(CALLING | one)


def test_members_assemble_after_they_could_be_asked() -> None:
    read = Conditions.read(CALLING)
    assert read.refuse(read.assemble_at - timedelta(minutes=30)) is None
    refused = read.refuse(read.assemble_at - timedelta(minutes=29))
    assert refused is not None and refused.code == "draw.calling.too_soon"


def test_an_answer_gives_a_cause_exactly_where_the_expert_cannot_come() -> None:
    assert AnswerBody.read({"answer": "come", "cause": "", "note": ""}) == AnswerBody("come", "", "")
    assert AnswerBody.read({"answer": "cannot", "cause": "health", "note": " 住院 "}).note == "住院"
    wrong = [
        {"answer": "come", "cause": "health", "note": ""},
        {"answer": "come", "cause": "", "note": "也许"},
        {"answer": "cannot", "cause": "", "note": ""},
        {"answer": "cannot", "cause": "late", "note": ""},
        {"answer": "cannot", "cause": "silent", "note": ""},
        {"answer": "perhaps", "cause": "", "note": ""},
    ]
    for one in wrong:
        with pytest.raises(RuleBroken):
            AnswerBody.read(one)


def test_a_key_is_1_or_2_and_its_time_is_near() -> None:
    said = {"id": "a1", "call": "CALL-ABCDEFGHJKLM", "digit": "1", "at": "2026-12-01T04:00:00.000Z", "signature": "c2ln"}
    read = KeypadAnswer.read(said)
    assert read.to_json() == said and "signature" not in read.signed()
    for wrong in ({"digit": "3"}, {"at": "now"}):
        with pytest.raises(RuleBroken):
            KeypadAnswer.read(said | wrong)
    assert is_fresh(NOON, NOON + timedelta(minutes=5)) and is_fresh(NOON, NOON - timedelta(minutes=5))
    assert not is_fresh(NOON, NOON + timedelta(minutes=5, milliseconds=1))


def test_a_call_is_named_by_itself_alone() -> None:
    names = {call_number() for _ in range(200)}
    assert len(names) == 200 and all(len(one) == 17 and one.startswith("CALL-") for one in names)
    assert case_of("CALL-ABCDEFGHJKLM") == "CALL-ABCDEFGHJKLM"


def test_a_successor_takes_the_seat_of_who_left_and_the_others_keep_theirs() -> None:
    seed, drawn = bytes(range(32)), ["P1", "P2", "P3", "P4", "P5"]
    first = seat_order(seed, drawn, [])
    assert first == tuple(ordered(seed, "seats", drawn))
    later = seat_order(seed, drawn, [(first[2], "P6"), ("P6", "P7")])
    assert later == (*first[:2], "P7", *first[3:])


def code(refusal: Refusal | None) -> str:
    return "" if refusal is None else refusal.code


def test_a_second_draw_needs_a_known_reason_with_words_and_the_first_has_none() -> None:
    good = Again("exhausted", "两名专家回避后无人递补")
    assert code(may_be_asked_again(0, FIRST)) == "" and code(may_be_asked_again(2, good)) == ""
    for wrong in (FIRST, Again("exhausted", " "), Again("", "理由"), Again("dislike", "不满意名单"), Again("no_reason", "没有理由")):
        assert code(may_be_asked_again(1, wrong)) == "draw.request.reason"
    assert code(may_be_asked_again(0, good)) == "draw.request.no_reason_due"
    assert Again.read(good.to_json()) == good and Again.read(FIRST.to_json()) == FIRST
    with pytest.raises(RuleBroken):
        Again.read({"code": "dislike", "text": "不满意名单"})


def test_conditions_stay_and_nobody_is_named() -> None:
    pool = [{"id": f"P{number}", "strata": ["civil"], "org": f"O{number}"} for number in range(6)]
    asked = {"pool": pool, "strata": [{"id": "civil", "quota": 5}], "recused": [], "org_cap": 1}
    assert leaves_a_choice(asked) is None
    assert code(leaves_a_choice(asked | {"recused": ["P1"]})) == "draw.request.no_choice"
    assert code(leaves_a_choice(asked | {"strata": [{"id": "civil", "quota": 6}]})) == "draw.request.no_choice"
    assert keeps_conditions(asked, asked | {"pool": pool[:3], "recused": ["P1"]}) is None
    assert code(keeps_conditions(asked, asked | {"org_cap": 0})) == "draw.request.conditions"
    assert code(keeps_conditions(asked, asked | {"strata": [{"id": "civil", "quota": 3}]})) == "draw.request.conditions"


def test_another_committee_leaves_out_everybody_who_was_called_before() -> None:
    pool = [{"id": f"P{number}", "strata": ["civil"], "org": f"O{number}"} for number in range(6)]
    asked = {"pool": pool, "strata": [{"id": "civil", "quota": 3}], "recused": ["P1", "P2"], "org_cap": 1}
    assert leaves_out(asked, {"P1", "P2", "P9"}) is None  # who is in the pool no more cannot be drawn
    assert code(leaves_out(asked, {"P1", "P3"})) == "draw.request.old_member"

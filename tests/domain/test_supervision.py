"""A supervisor's acts: whom each may address, the answer that each demands, and what a paused room still does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain import room
from evaluation.domain.audience import PROJECTIONS
from evaluation.domain.room_pause import GOES_ON, STOPPED, Stop, extended, is_sealed
from evaluation.domain.supervision import (
    ADDRESSED,
    ISSUING,
    MOVES,
    SUPERVISOR,
    Action,
    Facts,
    Issue,
    IssueFacts,
    Measure,
    MeasureBody,
    State,
    UrgeBody,
    WordBody,
    is_summed_up,
    issue_of,
    refuse_figures,
    refuse_without_a_room,
    seat_of,
)

NOW = clock.moment("2026-11-24T03:47:00.000Z")
DIGEST = "ab" * 32


def due(**later: Any) -> str:
    return clock.text(NOW + timedelta(**(later or {"minutes": 30})))


def body(**changes: Any) -> dict[str, Any]:
    return {"measure": "explain", "to": "seat:3", "about": "", "reason": "请说明", "due": due()} | changes


def test_every_measure_goes_to_whom_it_may_address_and_to_nobody_else() -> None:
    for measure in Measure:
        about = DIGEST if measure.is_about else ""
        for to in ("centre", "agency", "seat:3", "viewer"):
            kind, said = "seat" if seat_of(to) else to, body(measure=measure.value, to=to, about=about)
            if kind in ADDRESSED[measure]:
                assert MeasureBody.read(said, NOW).to == to
                with pytest.raises(RuleBroken, match="about"):
                    MeasureBody.read(said | {"about": "" if about else DIGEST}, NOW)
            else:
                with pytest.raises(RuleBroken, match="addressee"):
                    MeasureBody.read(said, NOW)
    assert seat_of("seat:12") == "12" and seat_of("centre") == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"measure": "arrest"},
        {"to": "seat:"},
        {"to": "seat:0"},
        {"to": "tenderer"},
        {"reason": " "},
        {"due": "soon"},
        {"about": "x"},
        {"due": due(minutes=4)},
        {"due": due(days=16)},
        {"extra": "1"},
    ],
)
def test_an_act_that_is_none_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        MeasureBody.read(body(**changes), NOW)


def test_a_word_names_its_act_and_says_something() -> None:
    assert WordBody.read({"act_sha256": DIGEST, "text": " 已核实 "}).text == "已核实"
    assert UrgeBody.read({"act_sha256": DIGEST, "text": "请尽快", "due": due()}, NOW).due == NOW + timedelta(minutes=30)
    for broken in ({"act_sha256": "x" * 64, "text": "已核实"}, {"act_sha256": DIGEST, "text": ""}, {"act_sha256": DIGEST}):
        with pytest.raises(RuleBroken):
            WordBody.read(broken)


def test_a_member_s_answer_holds_no_figure_before_all_is_added_up() -> None:
    with pytest.raises(RuleBroken, match="figures"):
        refuse_figures("技术分给了12分", "seat:3", summed_up=False)
    refuse_figures("技术分给了12分", "seat:3", summed_up=True)
    refuse_figures("3号工位已重启", "centre", summed_up=False)
    refuse_figures("一时看错了附图", "seat:3", summed_up=False)


def facts(**changes: Any) -> Facts:
    return Facts(now=NOW, due=NOW + timedelta(minutes=30), **changes)


def test_only_who_was_addressed_answers_and_the_supervisor_may_ask_again() -> None:
    expert = frozenset({Role.EXPERT})
    with pytest.raises(NotAllowed, match="not_yours"):
        MOVES.choose(Action.ANSWER, State.OPEN, expert, facts())
    assert MOVES.choose(Action.ANSWER, State.OPEN, expert, facts(is_addressed=True)) is State.ANSWERED
    assert MOVES.choose(Action.URGE, State.ANSWERED, SUPERVISOR, facts()) is State.OPEN
    assert MOVES.choose(Action.URGE, State.OPEN, SUPERVISOR, facts()) is State.OPEN
    for action in (Action.URGE, Action.CLOSE, Action.RESUME):
        with pytest.raises(NotAllowed):
            MOVES.choose(action, State.ANSWERED, frozenset({Role.CENTRE}), facts())


def test_that_no_answer_came_is_recorded_once_and_not_too_early() -> None:
    system, late = frozenset({Role.SYSTEM}), Facts(now=NOW, due=NOW)
    assert MOVES.choose(Action.LAPSE, State.OPEN, system, late) is State.OPEN
    for wrong in (facts(), Facts(now=NOW, due=NOW, is_lapsed=True)):
        with pytest.raises(WrongState, match="not_over"):
            MOVES.choose(Action.LAPSE, State.OPEN, system, wrong)


def test_nothing_is_closed_without_an_answer_or_while_the_room_stands_still() -> None:
    with pytest.raises(WrongState):
        MOVES.choose(Action.CLOSE, State.OPEN, SUPERVISOR, facts())
    with pytest.raises(WrongState, match="still_paused"):
        MOVES.choose(Action.CLOSE, State.ANSWERED, SUPERVISOR, facts(is_paused=True))
    assert MOVES.choose(Action.CLOSE, State.ANSWERED, SUPERVISOR, facts()) is State.CLOSED
    for state in (State.OPEN, State.ANSWERED):
        assert MOVES.choose(Action.RESUME, state, SUPERVISOR, facts(is_paused=True)) is state
        with pytest.raises(WrongState, match="not_paused"):
            MOVES.choose(Action.RESUME, state, SUPERVISOR, facts())


def test_a_room_is_paused_once_and_until_its_report_is_in() -> None:
    assert {issue_of(one) for one in Measure if not one.is_pause} == {Issue.ISSUE} and issue_of(Measure.PAUSE) is Issue.PAUSE
    for state in room.State:
        assert ISSUING.choose(Issue.ISSUE, state, SUPERVISOR, IssueFacts(is_paused=True)) is state
        with pytest.raises(NotAllowed):
            ISSUING.choose(Issue.ISSUE, state, frozenset({Role.CENTRE}), IssueFacts())
        if state is room.State.SUBMITTED:
            with pytest.raises(WrongState):
                ISSUING.choose(Issue.PAUSE, state, SUPERVISOR, IssueFacts())
            continue
        assert ISSUING.choose(Issue.PAUSE, state, SUPERVISOR, IssueFacts()) is state
        with pytest.raises(WrongState, match="paused"):
            ISSUING.choose(Issue.PAUSE, state, SUPERVISOR, IssueFacts(is_paused=True))


def test_nothing_moves_in_a_paused_room_but_who_sits_there() -> None:
    seats = frozenset({"1", "2"})
    paused = room.Facts(seats=seats, seat="1", signed_in=seats, leaving="1", is_paused=True)
    for row in room.MOVES:
        refusal = row.only_if(paused)
        is_stopped = isinstance(refusal, Refusal) and refusal.code == "room.paused"
        assert is_stopped is (row.action.value not in GOES_ON), row.action
    assert {row.action.value for row in room.MOVES} >= GOES_ON


def test_of_every_event_of_the_room_it_is_decided_whether_a_pause_stops_it() -> None:
    others = ("draw.", "award.", "award_draw.", "ballot", "interference.", "supervision.")
    goes_on = {
        *("committee.form", "blind.map", "room.leave", "room.replace", "host.call", "host.answer", "report.draft", "reevaluation.open"),
        *("seats.commit", "seats.draw", "seats.drawn", "seat.check_in", "seat.left", "seat.back"),
        *("halt.fault", "halt.vacancy", "halt.repair", "halt.decide", "halt.night", "halt.open", "halt.sealed", "halt.reformed"),
        *("drill.begin", "drill.bids", "drill.inject", "drill.lift", "drill.end"),
        *("video.begin", "video.full", "video.gap", "video.back"),
        *("bid_question.answer", "bid_question.overdue"),  # the bidder's time runs on
    }
    kinds = {kind for kind in PROJECTIONS if not kind.startswith(others)}
    assert kinds == STOPPED | goes_on and not STOPPED & goes_on


def test_a_paused_room_is_sealed_to_its_members() -> None:
    expert, host = frozenset({Role.EXPERT}), frozenset({Role.CENTRE})
    for what in room.See:
        assert is_sealed(what, expert, is_paused=True) is (what is not room.See.PROGRESS)
        assert not is_sealed(what, expert, is_paused=False) and not is_sealed(what, host, is_paused=True)


def test_the_committee_hears_that_there_is_an_act_and_of_a_pause_that_it_is_one() -> None:
    from evaluation.events_supervision import SupervisorActed

    def told(measure: str) -> dict[str, dict[str, Any]]:
        event = SupervisorActed(case="T2026-000001", lot="1", no=1, measure=measure, to="seat:3", due=due())  # type: ignore[arg-type]
        return {one.audience: dict(one.data) for one in PROJECTIONS["supervision.act"](event)}

    asked, paused = told("warn"), told("pause")
    assert asked["committee"] == {"lot": "1"} and paused["committee"] == {"lot": "1", "measure": "pause"}
    assert asked["host"] == asked["supervisor"] == {"lot": "1", "no": 1, "measure": "warn", "to": "seat:3", "due": due()}
    assert set(asked) == {"committee", "host", "supervisor"}


def test_each_measure_knows_what_it_does() -> None:
    assert [one for one in Measure if one.ends_a_view] == [Measure.END_VIEW]
    assert [one for one in Measure if one.is_alarm] == [Measure.HANDLE]
    assert [one for one in Measure if one.is_about] == [Measure.HANDLE, Measure.END_VIEW]
    assert [one for one in Measure if one.is_pause] == [Measure.PAUSE]
    assert not is_summed_up(room.State.COMMITTEE_FORMED) and is_summed_up(room.State.SUMMARY)


AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def minutes(count: int) -> datetime:
    return AT + timedelta(minutes=count)


@pytest.mark.parametrize(
    ("pauses", "until"),
    [
        ((), 30),
        (((10, 20),), 40),
        (((10, 20), (35, 50)), 55),  # the second began before the time, as it stood then, was over
        (((35, 50), (10, 20)), 55),
        (((30, 50),), 30),  # it was over
        (((-20, -5),), 30),  # before it was set
        (((-5, 10),), 40),  # set while it stood still: the time left is the whole
        (((10, None),), 30),  # it lasts: nothing falls due in it, and it counts once the room goes on
    ],
)
def test_a_time_limit_of_the_room_stands_still_with_it(pauses: tuple[tuple[int, int | None], ...], until: int) -> None:
    stops = [Stop(minutes(begin), None if end is None else minutes(end)) for begin, end in pauses]
    assert extended(minutes(30), AT, stops) == minutes(until)


def test_lots_are_not_drawn_while_a_room_is_paused() -> None:
    assert {f"tie_draw.{one}" for one in ("request", "commit", "reveal", "redraw", "result", "ranking")} <= STOPPED


@pytest.mark.parametrize("measure", Measure)
def test_before_there_is_a_room_an_alarm_alone_is_dispatched(measure: Measure) -> None:
    if measure is Measure.HANDLE:
        refuse_without_a_room(measure)
    else:
        with pytest.raises(WrongState, match="no_room"):
            refuse_without_a_room(measure)

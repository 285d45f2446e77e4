"""Views with a purpose, alarms with their levels, and the moment that a replay is asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.events import KINDS
from core.kernel.roles import Role
from evaluation.domain import room
from evaluation.domain import supervision as acts
from evaluation.domain.alarm import ALARMS, Level, State, level_of, state_of
from evaluation.domain.timeline import asked_moment, is_within, span_of
from evaluation.domain.viewing import LASTS, MOVES, SUPERVISOR, Action, Facts, Purpose, ViewBody, may_list
from evaluation.domain.viewing import State as Looking

NOW = clock.moment("2026-11-24T03:47:00.000Z")  # 11:47 in Beijing


def test_a_view_states_a_known_purpose_and_another_one_in_words() -> None:
    for purpose in Purpose:
        assert ViewBody.read({"purpose": purpose.value, "note": " 值班 "}) == ViewBody(purpose, "值班")
    with pytest.raises(RuleBroken, match="note"):
        ViewBody.read({"purpose": "other", "note": " "})
    for broken in ({"purpose": "curiosity", "note": ""}, {"purpose": "routine"}, {"purpose": "routine", "note": "长" * 201}):
        with pytest.raises(RuleBroken):
            ViewBody.read(broken)


def facts(is_mine: bool = False, **later: Any) -> Facts:
    return Facts(is_mine=is_mine, now=NOW, until=NOW + timedelta(**(later or {"minutes": 1})))


def test_a_view_is_left_by_its_viewer_stopped_by_another_and_lapses_by_itself() -> None:
    assert MOVES.choose(Action.LEAVE, Looking.OPEN, SUPERVISOR, facts(is_mine=True)) is Looking.LEFT
    assert MOVES.choose(Action.STOP, Looking.OPEN, SUPERVISOR, facts()) is Looking.STOPPED
    system = frozenset({Role.SYSTEM})
    assert MOVES.choose(Action.LAPSE, Looking.OPEN, system, facts(minutes=0)) is Looking.LAPSED
    with pytest.raises(NotAllowed, match="not_yours"):
        MOVES.choose(Action.LEAVE, Looking.OPEN, SUPERVISOR, facts())
    with pytest.raises(RuleBroken, match="own"):
        MOVES.choose(Action.STOP, Looking.OPEN, SUPERVISOR, facts(is_mine=True))
    with pytest.raises(WrongState, match="not_over"):
        MOVES.choose(Action.LAPSE, Looking.OPEN, system, facts())
    for state in set(Looking) - {Looking.OPEN}:
        with pytest.raises(WrongState):
            MOVES.choose(Action.LEAVE, state, SUPERVISOR, facts(is_mine=True))
    assert timedelta(hours=2) == LASTS


def test_the_tenderer_reads_the_list_of_views_once_the_report_is_in() -> None:
    for state in room.State:
        assert may_list(Role.SUPERVISOR, state) and may_list(Role.CENTRE, state)
        assert may_list(Role.TENDERER, state) is (state is room.State.SUBMITTED)
        assert not may_list(Role.EXPERT, state)


def test_every_alarm_is_an_event_with_a_level_and_its_handling_follows_from_the_act() -> None:
    assert set(ALARMS) <= set(KINDS)
    assert level_of("draw.alarm", {"level": "red"}) is Level.RED and level_of("draw.alarm", {"level": "amber"}) is Level.ORANGE
    assert level_of("room.leave", {}) is Level.YELLOW and level_of("score", {}) is None
    assert [state_of(one) for one in (None, *acts.State)] == [State.RAISED, State.DISPATCHED, State.HANDLED, State.CLOSED]


def test_a_moment_is_asked_for_in_the_time_of_beijing() -> None:
    for said in ("11:47", "11：47", " 11:47 "):
        assert asked_moment("2026-11-24", said) == NOW
    assert asked_moment("2026-11-24", "11:47:30") == NOW + timedelta(seconds=30)
    for day, said in (("", "11:47"), ("2026-11-24", ""), ("2026-11-24", "25:00"), ("24.11.2026", "11:47"), ("2026-11-24", "11:60")):
        with pytest.raises(RuleBroken, match="moment"):
            asked_moment(day, said)


def test_what_is_shown_is_the_whole_minute_and_three_either_side() -> None:
    assert span_of(NOW, "11:47") == (NOW - timedelta(minutes=3), NOW + timedelta(minutes=4))
    assert span_of(NOW, "11:47:00") == (NOW - timedelta(minutes=3), NOW + timedelta(minutes=3))
    assert is_within(NOW + timedelta(seconds=59), NOW, "11:47") and not is_within(NOW + timedelta(seconds=60), NOW, "11:47")
    assert is_within(NOW + timedelta(milliseconds=900), NOW, "11:47:00") and not is_within(NOW + timedelta(seconds=2), NOW, "11:47:00")
    assert not is_within(NOW - timedelta(seconds=1), NOW, "11:47")


def test_a_gap_in_what_a_camera_saw_is_red_and_the_shield_s_alone_is_no_second_alarm() -> None:
    assert level_of("video.full", {"seat": "1"}) is Level.RED
    assert level_of("video.gap", {"form": "clear"}) is Level.RED and level_of("video.gap", {"form": "shield"}) is None

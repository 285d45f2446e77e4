"""Drills by their values: when a fault may be injected and lifted, who follows, what a seat is heard of, and what each rule comes to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.kernel.drills import is_drill
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.money import Money
from core.kernel.roles import Role
from evaluation.domain import drill_bids
from evaluation.domain.contingency import Phase, is_standing
from evaluation.domain.contingency import State as HaltState
from evaluation.domain.drill import (
    HOURS_OF,
    MOST_FAULTS,
    MOVES,
    RULES,
    Action,
    BeginBody,
    EndBody,
    Facts,
    Fault,
    Finding,
    Heard,
    InjectBody,
    Injected,
    LiftBody,
    State,
    Verdict,
    course,
    findings,
    followers,
    heard_of,
    may_read,
)
from evaluation.domain.expert import ExpertState, may_play
from evaluation.domain.seat_health import Device, Present, Screen, Signals, Why, has_left, health
from trading.domain.method import check_method

CENTRE = frozenset({Role.CENTRE})
AT = datetime(2026, 11, 30, 1, tzinfo=UTC)
WELL = Signals(Device.OK, Device.OK, Screen.ROOM, Present.HERE, 20)


def refused(action: Action, **facts: Any) -> str:
    try:
        MOVES.choose(action, State.RUNNING, CENTRE, Facts(**facts))
    except (RuleBroken, WrongState) as refusal:
        return refusal.code
    return ""


def test_a_drill_is_told_by_its_name() -> None:
    assert is_drill("DRILL2026-000001") and is_drill("DRILL2026-000001-1") and not is_drill("T2026-000001")


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_has_its_time(fault: Fault) -> None:
    before, after = refused(Action.INJECT, fault=fault), refused(Action.INJECT, fault=fault, has_begun=True)
    if fault in HOURS_OF:
        assert before == after == "drill.nothing_stands"
        assert refused(Action.INJECT, fault=fault, standing=HOURS_OF[fault]) == "" and fault.hours > timedelta()
    elif fault is Fault.DOWN_BEFORE:
        assert (before, after) == ("", "drill.begun")
    else:
        assert after == "" and before == ("" if fault is Fault.SEAT_SILENT else "drill.not_begun") and not fault.hours
    assert refused(Action.INJECT, fault=fault, is_known=False) == "drill.place"
    assert refused(Action.INJECT, fault=fault, count=MOST_FAULTS) == "drill.too_many"
    assert not (fault.needs_seat and fault.needs_site) and RULES[fault].steps


def test_a_fault_that_lasts_is_lifted_once_and_a_drill_ends_once_nothing_stands() -> None:
    assert refused(Action.LIFT, fault=Fault.SEAT_SILENT) == ""
    assert refused(Action.LIFT, fault=Fault.SEAT_SILENT, is_lifted=True) == "drill.lifted"
    assert refused(Action.LIFT, fault=Fault.EXPERT_OUT) == refused(Action.LIFT) == "drill.nothing_to_lift"
    assert refused(Action.END) == "" and refused(Action.END, standing=Phase.NIGHT) == "drill.stands"
    with pytest.raises(WrongState):
        MOVES.choose(Action.END, State.ENDED, CENTRE, Facts())
    with pytest.raises(NotAllowed):
        MOVES.choose(Action.END, State.RUNNING, frozenset({Role.SUPERVISOR}), Facts())
    assert is_standing(HaltState.STANDING) and not is_standing(HaltState.SEALED)


def test_supervisors_read_of_a_drill_once_it_is_over() -> None:
    assert may_read(State.RUNNING, CENTRE) and may_read(State.ENDED, CENTRE)
    supervisor = frozenset({Role.SUPERVISOR})
    assert may_read(State.ENDED, supervisor) and not may_read(State.RUNNING, supervisor) and not may_read(State.ENDED, frozenset())


def test_who_plays_stands_in_the_pool_and_can_sign_in() -> None:
    assert may_play(ExpertState.ACTIVE, 1) and not may_play(ExpertState.ACTIVE, None) and not may_play(ExpertState.DRAFT, 1)


SITES = [{"site": "主场", "seats": 2}, {"site": "副场", "seats": 1}]
BEGIN = {"title": "演练一", "tenderer": "9" * 18, "sites": SITES, "reserves": 1}


def test_bodies_are_read_to_the_letter() -> None:
    said = BeginBody.read(BEGIN)
    assert said.seats == 3 and said.to_json() == BEGIN
    for wrong in ([*SITES, {"site": "第三场", "seats": 13}], [*SITES, {"site": "主场", "seats": 1}]):
        with pytest.raises(RuleBroken, match=r"drill\.seats"):
            BeginBody.read(BEGIN | {"sites": wrong})
    for wrong in ([], [{"site": "主场", "seats": 0}], [{"site": "主场", "seats": 1, "more": 1}]):
        with pytest.raises(RuleBroken):
            BeginBody.read(BEGIN | {"sites": wrong})
    assert InjectBody.read({"fault": "network_cut", "seat": "", "site": "主场"}).fault is Fault.NETWORK_CUT
    for wrong in ({"seat": "1", "site": "主场"}, {"seat": "", "site": ""}, {"seat": "1", "site": ""}):
        with pytest.raises(RuleBroken, match=r"drill\.place"):
            InjectBody.read({"fault": "network_cut"} | wrong)
    assert LiftBody.read({"fault_sha256": "ab" * 32}).fault_sha256 == "ab" * 32 and EndBody.read({"text": "完成"}).text == "完成"


def test_what_is_taken_in_of_a_seat() -> None:
    assert heard_of(WELL, ()) == WELL
    assert heard_of(WELL, (Fault.SEAT_SILENT,)) is None and heard_of(WELL, (Fault.CAMERA_LOST, Fault.NETWORK_CUT)) is None
    blind = heard_of(WELL, (Fault.CAMERA_LOST,))
    assert blind is not None and has_left(health(blind, 0)) is Why.CAMERA and has_left(health(WELL, 0)) is None


def test_who_follows() -> None:
    assert followers(["a", "b"], ["c", "d"], []) == (["a", "b"], ["c", "d"])
    assert followers(["a", "b"], ["c", "d"], ["b", "c"]) == (["a", "d"], [])
    assert followers(["a"], [], ["a"]) is None and followers(["a"], ["b"], ["x"]) is None


def said(kind: str, seconds: float, digest: str = "", **body: Any) -> Heard:
    return Heard(kind, AT + timedelta(seconds=seconds), digest or f"{kind}-{seconds}", "centre", body)


def finding(fault: Fault, heard: list[Heard], has_ended: bool = False, **about: Any) -> Finding:
    injected = Injected(1, fault, AT, **about)
    return findings([injected], heard, lambda one: one.kind == "seat.left", has_ended=has_ended)[0]


def test_an_alarm_is_followed_to_its_close() -> None:
    heard = [
        said("seat.left", -1, seat="2"),
        said("seat.left", 1, seat="1"),
        said("seat.left", 3.5, "left", seat="2"),
        said("supervision.act", 9, "act", about="left"),
        said("supervision.close", 60, act_sha256="act"),
    ]
    found = finding(Fault.SEAT_SILENT, heard, seat="2", seats=frozenset({"2"}))
    assert found.verdict is Verdict.MET and [found.after(at) for at in (found.alarm_at, found.dispatched_at, found.closed_at)] == [
        3.5,
        9,
        60,
    ]
    undispatched = finding(Fault.SEAT_SILENT, heard[:3], seat="2", seats=frozenset({"2"}))
    assert undispatched.dispatched_at is undispatched.closed_at is None and undispatched.after(None) is None
    assert found.rule is RULES[Fault.SEAT_SILENT]


def test_late_missed_and_open() -> None:
    late = finding(Fault.CAMERA_LOST, [said("seat.left", 6, seat="1")], seat="1", seats=frozenset({"1"}))
    assert late.verdict is Verdict.LATE
    assert finding(Fault.CAMERA_LOST, [], seat="1", seats=frozenset({"1"})).verdict is Verdict.OPEN
    missed = finding(Fault.CAMERA_LOST, [], has_ended=True)
    assert missed.verdict is Verdict.MISSED and missed.alarm_at is None
    half = finding(Fault.NETWORK_CUT, [said("seat.left", 2, seat="1"), said("halt.fault", 30)], site="副场", seats=frozenset({"1"}))
    assert half.verdict is Verdict.OPEN and len(half.steps) == 2
    whole = finding(Fault.DOWN_DURING, [said("halt.fault", 400), said("halt.sealed", 500)], site="副场")
    assert whole.verdict is Verdict.MET


def told(**changes: Any) -> list[dict[str, Any]]:
    """Three bids as the platform tells them, the first with these changes."""
    first, *rest = (dict(one.to_json()) for one in drill_bids.invent([UUID(int=number) for number in range(3)], [("a" * 64, 9)] * 3))
    return [first | changes, *rest]


def test_the_bids_of_a_drill_are_those_of_every_drill() -> None:
    check_method(drill_bids.METHOD, Money.yuan(str(drill_bids.METHOD["price_ceiling"])), len(drill_bids.ENVELOPES))
    assert [one.name for one in drill_bids.read(told(), drill_bids.METHOD)] == [name for name, _ in drill_bids.OFFERS]
    for bids, method in (
        (told(price="1.00"), drill_bids.METHOD),
        (told()[:2], drill_bids.METHOD),
        (told(org=str(UUID(int=2))), drill_bids.METHOD),
        (told(), drill_bids.METHOD | {"candidates": 1}),
    ):
        with pytest.raises(RuleBroken, match=r"drill\.bids"):
            drill_bids.read(bids, method)


def test_an_evening_is_told_by_its_steps() -> None:
    kinds = ("drill.begin", "seat.left", "room.assembled", "committee.form", "room.assembled", "halt.fault", "drill.end")
    said = [Heard(kind, AT + timedelta(seconds=nth), str(nth)) for nth, kind in enumerate(kinds)]
    told = ["drill.begin", "room.assembled", "committee.form", "room.assembled", "drill.end"]
    assert [one.kind for one in course(said)] == told

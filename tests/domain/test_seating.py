"""Workstations as rules: every seat gets one at its own site, apart where they are to be; what a seat signals comes to a level."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from core.kernel.errors import RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain import seat_health, seating
from evaluation.domain.room import State
from evaluation.domain.seat_health import Device, Health, Level, Present, Screen, Signals, Why
from evaluation.domain.seating import MOVES, Action, Facts, SeatDrawBody, Spot

SPOTS = tuple(Spot(site, f"{site}{n // 2}", f"{site}-{n}", "", "") for site in "AB" for n in range(6))
SEATS = [("1", "A"), ("2", "B"), ("3", "A"), ("4", "A")]


def body(apart: bool = False) -> SeatDrawBody:
    return SeatDrawBody(1, "a" * 64, apart, SPOTS)


def test_every_seat_sits_at_its_own_site_and_alone() -> None:
    for n in range(50):
        found = seating.assign(bytes([n]) * 32, body(), SEATS)
        assert all(found[code].site == site for code, site in SEATS) and len({one.station for one in found.values()}) == 4
        apart = seating.assign(bytes([n]) * 32, body(apart=True), SEATS)
        assert len({(one.site, one.room) for one in apart.values()}) == 4


def test_a_site_without_enough_is_told() -> None:
    with pytest.raises(RuleBroken, match="too_few"):
        seating.assign(bytes(32), body(apart=True), [(str(n), "A") for n in range(4)])


def test_every_workstation_comes_about_as_often() -> None:
    read = SeatDrawBody.read(body().to_json())
    assert read == body()
    drawn = [seating.assign(seating.mixed("C", "seats-1-1", read, bytes(32), f"{n:064x}"), read, SEATS)["1"].station for n in range(600)]
    assert all(60 < count < 140 for count in Counter(drawn).values()) and len(set(drawn)) == 6
    assert seating.commitment("C", "seats-1-1", bytes(32)) != seating.commitment("C", "seats-1-2", bytes(32))
    assert seating.label("1", 2) == "seats-1-2"


def test_one_sits_down_once_where_one_was_drawn() -> None:
    for facts, code in ((Facts(), "seating.not_drawn"), (Facts(True, True), "seating.here_already")):
        with pytest.raises(WrongState, match=code):
            MOVES.choose(Action.CHECK_IN, State.TECHNICAL, frozenset({Role.EXPERT}), facts)
    assert MOVES.choose(Action.CHECK_IN, State.TECHNICAL, frozenset({Role.EXPERT}), Facts(True)) is State.TECHNICAL


def signals(**changes: Any) -> Signals:
    said: dict[str, Any] = {"camera": Device.OK, "microphone": Device.OK, "screen": Screen.ROOM, "present": Present.HERE, "latency": 40}
    return Signals(**said | changes)


@pytest.mark.parametrize(
    ("said", "silent", "level", "why"),
    [
        (signals(), 0.5, Level.GOOD, ()),
        (signals(), 3.01, Level.BAD, (Why.SILENT,)),
        (signals(camera=Device.DARK), 0, Level.BAD, (Why.CAMERA,)),
        (signals(microphone=Device.OFF, screen=Screen.OTHER), 0, Level.FAIR, (Why.MICROPHONE, Why.SCREEN)),
        (signals(latency=401), 0, Level.FAIR, (Why.LINE,)),
        (signals(latency=1501, present=Present.AWAY), 0, Level.BAD, (Why.AWAY, Why.LINE)),
    ],
)
def test_what_signals_come_to(said: Signals, silent: float, level: Level, why: tuple[Why, ...]) -> None:
    assert seat_health.health(said, silent) == Health(level, why)


def test_a_desk_is_left_when_nobody_is_there_or_nothing_is_heard() -> None:
    assert seat_health.has_left(Health(Level.BAD, (Why.CAMERA,))) is None
    assert seat_health.has_left(Health(Level.BAD, (Why.CAMERA, Why.SILENT))) is Why.SILENT

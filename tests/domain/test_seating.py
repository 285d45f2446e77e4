"""Workstations as rules: every seat gets one at its own site, apart where they are to be; what a seat signals comes to a level."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.encoding import b64
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.roles import Role
from evaluation.domain import seat_health, seating
from evaluation.domain.room import State
from evaluation.domain.seat_health import Device, Health, Level, Present, Screen, Signals, Why, is_awaited
from evaluation.domain.seating import MOVES, Action, CheckInBody, Facts, SeatDrawBody, Spot
from evaluation.domain.seating_audience import PROJECTIONS
from evaluation.events_seating import SeatsDrawn
from tests.builders.sites import Device as Desk

DESK = Desk()
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


def test_a_desk_is_left_when_nobody_is_there_or_to_be_seen_or_nothing_is_heard() -> None:
    assert seat_health.has_left(Health(Level.BAD, (Why.MICROPHONE,))) is None
    for why in (Why.CAMERA, Why.AWAY, Why.SILENT):
        assert seat_health.has_left(Health(Level.BAD, (Why.MICROPHONE, why))) is why


def checked(**changes: Any) -> str:
    """What becomes of a member's word at workstation A-1, whose device signs; "" where it holds."""
    at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    body = {"no": 1, "seat": "1", "site": "A", "station": "A-1", "key_id": DESK.key_id, "at": clock.text(at), "proof": "x"}
    said = CheckInBody.read(body | changes).device_said("C", "1")
    read = CheckInBody.read(body | changes | {"proof": changes.get("proof", DESK.sign(said))})
    spot = Spot("A", "A0", "A-1", changes.get("bound", DESK.key_id), b64(DESK.spki))
    try:
        read.check("C", "1", "1", spot, at)
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"seat": "2"}, "seating.other_station"),
        ({"station": "A-2"}, "seating.other_station"),
        ({"key_id": "0" * 64}, "seating.other_device"),
        ({"at": "2026-12-01T00:54:59.000Z"}, "seating.not_fresh"),
        ({"proof": Desk().sign({"type": "seat.check_in"})}, "station.device_signature"),
    ],
)
def test_a_members_word_holds_at_the_drawn_workstation_with_its_own_device(changes: dict[str, Any], code: str) -> None:
    assert checked(**changes) == code


def test_a_workstation_without_a_device_lets_nobody_sit_down() -> None:
    at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    body = {"no": 1, "seat": "1", "site": "A", "station": "A-1", "key_id": "0" * 64, "at": clock.text(at), "proof": "x"}
    with pytest.raises(Refusal, match="other_device"):
        CheckInBody.read(body).check("C", "1", "1", Spot("A", "A0", "A-1", "", ""), at)


def test_a_members_word_stands_in_the_body_as_it_is_read() -> None:
    at = "2026-12-01T01:00:00.000Z"
    body = {"no": 1, "seat": "1", "site": "A", "station": "A-1", "key_id": "0" * 64, "at": at, "proof": "x"}
    assert CheckInBody.read(body).to_json() == body


def test_a_member_learns_the_own_place_and_host_and_supervisor_all() -> None:
    seats = [{"seat": code, "site": "A", "room": "A0", "station": f"A-{code}"} for code in ("1", "2")]
    event = SeatsDrawn(case=CaseId("C"), lot="1", no=1, secret="00", seats=seats, bookings=[])
    shown = {one.audience: dict(one.data) for one in PROJECTIONS["seats.drawn"](event)}
    assert set(shown) == {"host", "supervisor", "seat:1", "seat:2"}
    assert shown["seat:2"] == {"lot": "1", "no": 1, "site": "A", "room": "A0", "station": "A-2"} and len(shown["host"]["seats"]) == 2


def test_where_a_spot_is() -> None:
    assert SPOTS[0].place() == {"site": "A", "room": "A0", "station": "A-0"}


@pytest.mark.parametrize(
    ("state", "is_night", "has_signed_in", "awaited"),
    [
        (State.TECHNICAL, False, True, True),
        (State.TECHNICAL, True, True, False),
        (State.TECHNICAL, False, False, False),
        (State.SUBMITTED, False, True, False),
    ],
)
def test_a_desk_is_missed_while_the_session_goes_on(state: State, is_night: bool, has_signed_in: bool, awaited: bool) -> None:
    assert is_awaited(state, is_night=is_night, has_signed_in=has_signed_in) is awaited

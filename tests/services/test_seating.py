"""Workstations through the services, on both databases: drawn apart and again, sat down at under two keys, left and taken again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.verify.replay.seating import check_seating
from app.verify.verdict import Broken
from core.kernel import chain, clock
from core.kernel.errors import BadSignature, NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.signing import read_statement
from core.kernel.streams import StreamRow
from core.web.presence import Chair, Place, Presence
from evaluation.domain.room import Action
from evaluation.domain.seat_health import Device as Eye
from evaluation.domain.seat_health import Present, Screen, Signals, Why
from evaluation.gateway_seats import SeatHealth
from evaluation.jobs_seats import tell, tell_silent
from evaluation.services import scores, seating, stations
from tests.builders import halting
from tests.builders.evaluation import Room
from tests.builders.halting import story_of
from tests.builders.seating import draw_seats, drawn, furnish, sit_down
from tests.builders.sites import Device
from tests.builders.stages import READY, SCORING
from tests.builders.supervising import raised

pytestmark = pytest.mark.begins(SCORING)


def refused(kind: type[Refusal], act: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **named)
    return refusal.value.code


def test_seats_are_drawn_apart_sat_down_at_and_drawn_again(room: Room) -> None:
    assert refused(RuleBroken, draw_seats, room) == "seating.nothing_booked"
    _, devices = furnish(room)
    assert draw_seats(room) == {"no": 1}
    host, member = drawn(room, room.tender.centre), drawn(room, room.members[2])
    assert len(host.places) == 7 and [one.seat for one in member.places] == ["3"] and member.may_check_in
    assert len({(one.spot.site, one.spot.room) for one in host.places}) == 7
    assert {one.spot.site for one in host.places} == {one.site for one in room.view(room.tender.centre).seats}
    for who in room.members:
        sit_down(room, who, devices)
    assert all(one.is_here for one in drawn(room, room.tender.supervisor).places)
    assert refused(WrongState, sit_down, room, room.members[0], devices) == "seating.here_already"
    first = {one.seat: one.spot.station for one in host.places}
    again = []
    for number in range(2, 8):
        assert draw_seats(room) == {"no": number}
        again.append({one.seat: one.spot.station for one in drawn(room, room.tender.centre).places})
    assert any(one != first for one in again) and not any(one.is_here for one in drawn(room, room.tender.centre).places)
    rows = room.tender.door.read(lambda session: list(session.scalars(select(StreamRow).where(StreamRow.kind == "seats.drawn"))))
    assert {row.audience for row in rows} == {"host", "supervisor", *(f"seat:{n}" for n in range(1, 8))}
    own = next(row for row in rows if row.audience == "seat:1")
    assert set(own.data) == {"lot", "no", "site", "room", "station"}


def test_only_the_drawn_workstations_own_device_lets_its_member_sit_down(room: Room) -> None:
    _, devices = furnish(room)
    assert refused(WrongState, seating_of, room) == "seating.not_drawn"
    draw_seats(room)
    one = room.members[0]
    assert refused(NotAllowed, sit_down, room, one, devices, device=Device()) == "seating.other_device"
    assert refused(NotAllowed, sit_down, room, one, devices, station="P99") == "seating.other_station"
    assert refused(NotAllowed, sit_down, room, one, devices, seat="2") == "seating.other_station"
    assert refused(WrongState, sit_down, room, one, devices, no=2) == "seating.not_drawn"
    assert refused(BadSignature, sit_down, room, one, devices, proof=Device().sign({"type": "other"}))
    old = clock.text(room.tender.now - timedelta(minutes=6))
    assert refused(RuleBroken, sit_down, room, one, devices, at=old) == "seating.not_fresh"
    assert sit_down(room, one, devices) == {"no": 1, "seat": "1"}


def seating_of(room: Room) -> Any:
    body = {"no": 1, "seat": "1", "site": "x", "station": "y", "key_id": "0" * 64, "at": clock.text(room.tender.now), "proof": "p"}
    return room.signed(room.members[0], "seat.check_in", body, seating.check_in)


def test_a_draw_is_what_was_prepared_and_what_still_works(room: Room) -> None:
    made, _ = furnish(room, stations_each=3)
    for change in ({"commit": "0" * 64}, {"apart": False}, {"no": 2}):
        assert refused(RuleBroken, draw_seats, room, **change) == "seating.other"
    number = made.door.read(lambda session: session.connection().exec_driver_sql("SELECT number FROM site WHERE is_host").scalar_one())
    note = {"site": number, "station": "P10", "reason": "摄像头故障"}
    made.sign(made.keeper, stations.note_fault, "station.fault", note)
    assert refused(RuleBroken, draw_seats, room) == "seating.too_few"
    for who in (room.tender.supervisor, room.members[0]):
        with pytest.raises(NotAllowed):
            room.perform(who, lambda work: seating.prepare(work, room.number))


@pytest.mark.begins(READY)
def test_nobody_is_placed_before_all_have_signed_in(room: Room) -> None:
    room.formed()
    furnish(room)
    assert refused(WrongState, draw_seats, room) == "seating.draw.wrong_state"


def good(**changes: Any) -> Signals:
    said: dict[str, Any] = {"camera": Eye.OK, "microphone": Eye.OK, "screen": Screen.ROOM, "present": Present.HERE, "latency": 40}
    return Signals(**said | changes)


def test_a_desk_that_is_left_or_silent_is_an_event_and_so_is_the_return(room: Room) -> None:
    door, at = room.tender.door, [100.0]
    health = SeatHealth(lambda: at[0])
    health.hear(room.number, "1", good())
    health.hear(room.number, "2", good())
    tell(door, health)
    health.hear(room.number, "1", good(present=Present.AWAY))
    assert tell(door, health) == 1 and tell(door, health) == 0
    at[0] += 3.1  # nothing more from either
    assert [one.health.why for one in health.of_lot(room.number)] == [(Why.SILENT, Why.AWAY), (Why.SILENT,)]
    assert tell(door, health) == 1
    health.hear(room.number, "1", good())
    assert tell(door, health) == 1
    events = door.read(lambda session: chain.events(session, room.case))[-3:]
    kinds = [(event.kind, read_statement(event.envelope.payload).body["seat"]) for event in events]
    assert kinds == [("seat.left", "1"), ("seat.left", "2"), ("seat.back", "1")]
    at[0] += 400
    tell(door, health)
    tell(door, health)
    assert health.of_lot(room.number) == ()
    health.hear("T2099-000001-1", "1", good(present=Present.AWAY))
    assert tell(door, health) == 0  # its absence was known to this process from the first


class Lines:
    """The lines of members' pages, moved by hand."""

    def __init__(self, room: Room, *codes: str) -> None:
        self.at, self.room = 0.0, room
        self.presence = Presence(lambda: room.tender.now, lambda: self.at)
        for code in codes:
            self.come(code)

    def come(self, code: str) -> None:
        chair = Chair(self.room.case, self.room.tender.no, code)
        self.presence.come(code, Place("/evaluation", self.room.case, "committee", True, (chair,)))

    def pass_by(self, seconds: float, *heard: str) -> None:
        self.at += seconds
        for code in heard:
            self.presence.heard(code)
        self.presence.sweep()

    def told(self, health: SeatHealth) -> list[tuple[str, str, str]]:
        """What is new on the chain of the case once it was looked at."""
        door, case = self.room.tender.door, self.room.case
        known = len(door.read(lambda session: chain.events(session, case)))
        tell_silent(door, health, self.presence)
        events = door.read(lambda session: chain.events(session, case))[known:]
        bodies = [(event.kind, read_statement(event.envelope.payload).body) for event in events]
        return [(kind, str(body["seat"]), str(body.get("why", ""))) for kind, body in bodies]


def test_a_line_that_falls_silent_without_any_workstation_is_an_alarm_until_it_is_back(room: Room) -> None:
    lines, health = Lines(room, "1", "2"), SeatHealth(lambda: 0.0)
    assert lines.told(health) == []
    lines.pass_by(2.0, "2")
    assert lines.told(health) == []  # a page that is turned
    lines.pass_by(1.5, "2")
    assert lines.told(health) == [("seat.left", "1", "silent")] and lines.told(health) == []
    [alarm] = [one for one in raised(room) if one.kind == "seat.left"]
    assert (alarm.level.value, alarm.body["seat"], alarm.state.value) == ("red", "1", "raised")
    lines.pass_by(60.0, "2")
    lines.pass_by(0.0, "1", "2")
    assert lines.told(health) == [("seat.back", "1", "")]
    assert check_seating(story_of(room)).endswith("; 1")


def test_who_comes_back_to_another_process_ends_the_absence_that_the_first_had_told(room: Room) -> None:
    first, health = Lines(room, "3"), SeatHealth(lambda: 0.0)
    first.told(health)
    first.pass_by(4.0)
    assert first.told(health) == [("seat.left", "3", "silent")]
    assert Lines(room, "3").told(health) == [("seat.back", "3", "")]


def test_a_seat_whose_workstation_signals_is_told_by_that_and_silent_siblings_by_nothing(room: Room) -> None:
    lines, at = Lines(room, "1"), [0.0]
    health, heard = SeatHealth(lambda: at[0]), [True]
    lines.presence.hears_siblings = lambda: heard[0]
    lines.told(health)
    health.hear(room.number, "1", good())
    tell(room.tender.door, health)
    lines.pass_by(4.0)
    assert lines.told(health) == []
    at[0] += 400.0
    tell(room.tender.door, health)  # which says that it is silent, and forgets it
    assert not health.knows(room.number, "1") and lines.told(health) == []
    lines.pass_by(0.0, "1")
    assert lines.told(health) == [("seat.back", "1", "")]
    lines.presence.heard_elsewhere([Chair(room.case, room.tender.no, "1")])
    heard[0] = False
    lines.pass_by(4.0)
    assert lines.told(health) == []
    heard[0] = True
    assert lines.told(health) == [("seat.left", "1", "silent")]


def test_nobody_is_missed_in_a_sealed_night_before_signing_in_or_after_the_report(room: Room) -> None:
    lines, health = Lines(room, "1", "9"), SeatHealth(lambda: 0.0)
    lines.told(health)
    night = halting.night(room)
    lines.pass_by(4.0)
    assert lines.told(health) == []  # nor of a seat that there is not
    halting.open_up(room, night)
    lines.pass_by(0.0, "1")
    assert lines.told(health) == []


@pytest.mark.begins(READY)
def test_before_all_have_come_a_page_that_is_shut_is_no_alarm(room: Room) -> None:
    room.formed()
    lines, health = Lines(room, "1"), SeatHealth(lambda: 0.0)
    lines.told(health)
    lines.pass_by(4.0)
    assert lines.told(health) == []


def test_two_processes_know_every_seat_and_tell_of_it_once(room: Room) -> None:
    door, at = room.tender.door, [100.0]
    one, other = SeatHealth(lambda: at[0]), SeatHealth(lambda: at[0])
    heard, is_heard = [], [True]
    one.tell_siblings, other.hears_siblings = heard.append, lambda: is_heard[0]
    one.hear(room.number, "4", good())
    other.hear_elsewhere(heard[-1])
    assert [found.health.level for found in other.of_lot(room.number)] == [found.health.level for found in one.of_lot(room.number)]
    tell(door, one), tell(door, other)
    at[0] += 3.1
    is_heard[0] = False  # what is not heard of is not judged
    assert other.of_lot(room.number) == () and tell(door, other) == 0
    is_heard[0] = True
    assert tell(door, one) == tell(door, other) == 1
    one.hear(room.number, "4", good())
    other.hear_elsewhere(heard[-1])
    assert tell(door, other) == tell(door, one) == 1
    events = door.read(lambda session: chain.events(session, room.case))[-2:]
    assert [event.kind for event in events] == ["seat.left", "seat.back"]


def test_where_workstations_were_drawn_a_member_scores_at_the_one_drawn(room: Room) -> None:
    _, devices = furnish(room)
    one, other, *_ = room.members
    sheet = room.sheet()
    code = str(sheet[0]["bid"])

    def typed(who: Any) -> Any:
        return room.perform(who, lambda work: scores.save_draft(work, room.number, code, sheet[0]["scores"], {}))

    assert room.view(one).is_seated
    draw_seats(room)
    assert not room.view(one).is_seated and Action.SUBMIT_SHEET not in room.view(one).available
    assert refused(WrongState, room.submit, one, sheet) == refused(WrongState, typed, one) == "seating.not_here"
    sit_down(room, one, devices)
    assert typed(one)["saved_at"]
    room.submit(one, sheet)
    assert refused(WrongState, room.submit, other, sheet) == "seating.not_here"
    draw_seats(room)  # after a break: who has signed has nothing to score any more
    sit_down(room, other, devices)
    room.submit(other, sheet)
    assert check_seating(story_of(room)) == "2; 2; 0"
    lying = story_of(room)
    lying.entries[:] = [entry for entry in lying.entries if entry.kind != "seat.check_in"]
    with pytest.raises(Broken, match="score_unseated"):
        check_seating(lying)

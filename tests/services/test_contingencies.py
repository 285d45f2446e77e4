"""Faults, seals and nights through the services, on both databases: the hours hold, nothing stirs, a new committee is new."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.verify.replay.contingency import check_halts
from app.verify.replay.stops import stops_of
from app.verify.verdict import Broken
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain.contingency import State
from evaluation.jobs import TICKS
from evaluation.queries import contingencies as queries
from evaluation.queries import rooms, stops
from evaluation.services import leaving
from tests.builders import experts as pool_experts
from tests.builders.evaluation import Room
from tests.builders.halting import decide, fault, night, open_up, repair, stand_still, story_of
from tests.builders.people import Person
from tests.builders.stages import READY, SCORING
from tests.builders.supervising import issue, resume

pytestmark = pytest.mark.begins(SCORING)


def refused(kind: type[Refusal], act: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **named)
    return refusal.value.code


def jump(room: Room, hours: float) -> None:
    room.tender.jump(room.tender.now + timedelta(hours=hours))


def tick(room: Room) -> int:
    return next(one for one in TICKS if one.name == "evaluation.faults_overdue").run(room.tender.door)


def halts(room: Room, who: Person | None = None) -> queries.Halts:
    door, viewer = room.tender.door, who or room.tender.centre
    found: queries.Halts = door.read(lambda session: queries.of_lot(session, room.number, viewer.actor, door.clock(session)))
    return found


def test_a_fault_that_is_repaired_within_four_hours_stops_everything_and_then_goes_on(room: Room) -> None:
    one = fault(room)
    assert refused(WrongState, room.submit, room.members[0]) == "room.paused"
    assert refused(WrongState, fault, room) == "room.paused" and room.view(room.members[0]).is_paused
    assert refused(NotAllowed, repair, room, one, room.tender.supervisor)
    jump(room, 3.9)
    assert tick(room) == 0
    repair(room, one)
    room.submit(room.members[0])
    assert [row.state for row in halts(room, room.tender.tenderer).rows] == [State.REPAIRED]
    assert refused(WrongState, repair, room, one) == "halt.repair.wrong_state"
    assert check_halts(story_of(room)) == "1; 0"


@pytest.mark.begins(READY)
def test_after_four_hours_all_is_sealed_and_a_new_committee_begins_again(room: Room) -> None:
    for n in range(12):
        expert = room.tender.crowd.join(Role.EXPERT, f"后备{n}研究院")
        room.experts.append(expert)
        pool_experts.ready(room.tender.door, room.tender.centre, expert, ["cost"] if n > 7 else ["civil"])
    room.scoring()
    old = room.members
    one = fault(room, site="")
    jump(room, 4.1)
    assert refused(RuleBroken, repair, room, one) == "halt.over_four_hours"
    assert refused(WrongState, decide, room, one, False) == "halt.not_before"
    assert tick(room) == 1 and tick(room) == 0
    assert halts(room).rows[0].state is State.SEALED and len(halts(room).rows[0].material_sha256) == 64
    assert refused(WrongState, room.submit, old[0]) == "room.paused"
    for seat in range(1, 7):
        _replace(room, str(seat))
    assert halts(room).rows[0].state is State.SEALED and room.view(room.tender.centre).is_paused
    assert check_halts(story_of(room)) == "1; 0"
    _replace(room, "7")
    assert halts(room).rows[0].state is State.REFORMED and not room.view(room.tender.centre).is_paused
    assert check_halts(story_of(room)) == "1; 1"
    lied(room, "halt.reformed", "halt_members", early=True)
    assert refused(NotAllowed, room.submit, old[0]) == "room.not_a_member"


def _replace(room: Room, seat: str) -> None:
    body = {"seat": seat, "cause": "device", "reason": "故障超过四小时，另组评标委员会"}
    room.signed(room.tender.centre, "room.replace", body, leaving.replace, step_up=True)


def test_a_night_is_sealed_over_what_was_signed_and_opened_in_the_morning(room: Room) -> None:
    room.submit(room.members[0])
    assert refused(RuleBroken, night, room, material_sha256="0" * 64) == "halt.other_material"
    assert refused(RuleBroken, night, room, hours=21) == "halt.night_hours"
    one = night(room)
    assert refused(WrongState, room.submit, room.members[1]) == "room.paused"
    assert refused(WrongState, repair, room, one) == "halt.is_night"
    jump(room, 12)
    assert tick(room) == 0
    open_up(room, one)
    room.submit(room.members[1])
    two = fault(room)
    assert refused(WrongState, open_up, room, two) == "halt.not_night"
    repair(room, two)
    assert check_halts(story_of(room)) == "2; 0" and halts(room).may_report and not halts(room, room.tender.supervisor).may_report


@pytest.mark.begins(READY)
def test_a_fault_before_the_start_is_waited_for_two_hours_and_then_the_tenderer_decides(room: Room) -> None:
    room.formed()
    assert refused(RuleBroken, fault, room) == "halt.phase"
    assert refused(WrongState, night, room, material_sha256="0" * 64) == "halt.nothing_begun"
    one = fault(room, phase="before")
    jump(room, 1.9)
    assert refused(RuleBroken, decide, room, one, True) == "halt.before_two_hours"
    jump(room, 0.2)
    assert refused(NotAllowed, decide, room, one, True, room.tender.centre)
    assert decide(room, one, True)["state"] == "standing"
    assert tick(room) == 0
    repair(room, one)
    two = fault(room, phase="before")
    jump(room, 2.1)
    assert decide(room, two, False)["state"] == "sealed"
    assert check_halts(story_of(room)) == "2; 0"


def test_only_who_has_a_part_in_it_sees_it(room: Room) -> None:
    fault(room)
    for who in (room.tender.agency, room.members[0]):
        assert refused(NotFound, halts, room, who) == "evaluation.not_found"
    with pytest.raises(NotAllowed):
        fault(room, who=room.tender.supervisor)
    assert refused(NotFound, repair, room, "0" * 64) == "halt.not_found"


# Lies


def lied(room: Room, kind: str, code: str, late: float = 0.0, **changes: Any) -> None:
    """Another story: other members, said so many hours later, left out (`drop`), or before the last formation (`early`)."""
    story = story_of(room)
    entries = list(story.entries)
    index = next(n for n, one in enumerate(entries) if one.kind == kind)
    if changes.pop("drop", False):
        entries.pop(index)
    elif changes.pop("early", False):
        said = entries.pop(index)
        entries.insert([n for n, one in enumerate(entries) if one.kind == "committee.form"][-1], said)
    else:
        one = entries[index]
        body = {**one.statement.body, **changes}
        moved = one.logged
        moved.received_at += timedelta(hours=late)  # type: ignore[misc]
        entries[index] = replace(one, statement=replace(one.statement, body=body), logged=moved)
    with pytest.raises(Broken) as broken:
        check_halts(replace(story, entries=entries))
    assert broken.value.what == code


def test_lies_about_them_are_found(room: Room) -> None:
    stand_still(room)
    room.submit(room.members[0])
    assert check_halts(story_of(room)) == "2; 0"
    lied(room, "halt.repair", "halt.over_four_hours", late=5)
    lied(room, "halt.repair", "halt_unknown", halt_sha256="0" * 64)
    lied(room, "halt.fault", "halt_phase", phase="before")
    lied(room, "halt.night", "halt_material", material_sha256="0" * 64)
    lied(room, "halt.fault", "halt_unknown", drop=True)
    lied(room, "halt.open", "while_halted", drop=True)
    one = fault(room)
    jump(room, 4.2)
    tick(room)
    lied(room, "halt.sealed", "halt_material", material_sha256="0" * 64)
    lied(room, "halt.sealed", "halt.within_four_hours", late=-4)
    lied(room, "halt.sealed", "halt_unknown", halt_sha256="1" * 64)
    assert one


def lot_room(session: Any, room: Room) -> Any:
    return rooms.evaluation_id(session, room.tender.lot_id)


def test_the_verifier_finds_every_time_the_room_stood_still(room: Room) -> None:
    repair(room, fault(room))
    resume(room, issue(room, "pause", "centre"))
    jump(room, 1)
    open_up(room, night(room))
    fault(room)
    known = room.tender.door.read(lambda session: stops.of_evaluation(session, lot_room(session, room)))
    read = stops_of(story_of(room).entries)
    assert sorted(read, key=lambda one: one.begin) == sorted(known, key=lambda one: one.begin)
    assert [one.end is None for one in sorted(read, key=lambda one: one.begin)] == [False, False, False, True]

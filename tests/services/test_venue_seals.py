"""Rooms sealed with an evaluation and opened by who keeps them; a partner's site that hands over too late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.kernel.errors import WrongState
from evaluation.queries import contingencies as halted
from evaluation.queries import seating, venues
from evaluation.services import contingencies
from tests.builders.evaluation import Room
from tests.builders.halting import fault, night, open_up, unseal
from tests.builders.seating import draw_seats, furnish, sit_down
from tests.builders.stages import SCORING

pytestmark = pytest.mark.begins(SCORING)


def sealed(room: Room) -> int:
    return len(room.tender.door.read(lambda session: venues.sealed_of(session, room.tender.lot_id)))


def test_the_rooms_are_sealed_for_the_night_and_the_morning_waits_for_them(room: Room) -> None:
    made, devices = furnish(room)
    draw_seats(room)
    sit_down(room, room.members[0], devices)
    halt = night(room)
    assert sealed(room) == 3
    found = room.tender.door.read(lambda session: halted.of_lot(session, room.number, room.tender.centre.actor, room.tender.now))
    assert len(found.sealed) == 3
    for line in made.door.read(lambda session: venues.for_host(session, room.tender.now)):
        assert line.is_sealed
    at = room.tender.lot_id
    assert room.tender.door.read(lambda session: seating.booked(session, at, room.tender.now)).spots == ()
    with pytest.raises(WrongState, match=r"halt\.rooms_sealed"):
        room.signed(
            room.tender.centre, "halt.open", {"halt_sha256": halt, "text": "封条完好"}, contingencies.open_in_the_morning, step_up=True
        )
    open_up(room, halt)
    assert sealed(room) == 0 and room.tender.door.read(lambda session: seating.booked(session, at, room.tender.now)).spots
    assert unseal(room) == []


def test_four_hours_seal_the_rooms_too(room: Room) -> None:
    furnish(room)
    fault(room)
    room.tender.jump(room.tender.now + timedelta(hours=4, seconds=1))
    due = room.tender.door.read(lambda session: halted.overdue(session, room.tender.now))
    room.perform_as_clock(lambda work: contingencies.seal_overdue(work, due[0]))
    assert sealed(room) == 3 and len(unseal(room)) == 3 and sealed(room) == 0

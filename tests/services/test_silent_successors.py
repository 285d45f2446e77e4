"""Who follows a member that left the room and stays silent is followed in turn; where nobody is left the seat waits, and an alarm tells."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.kernel import chain
from core.kernel.errors import NotAllowed
from core.kernel.work import Door
from evaluation.domain.redraw import Level
from evaluation.domain.room import State
from evaluation.models.calls import DrawAlarm
from evaluation.queries import calls as queries
from evaluation.services import calls
from tests.builders.evaluation import WINDOW, Room
from tests.builders.stages import SCORING

pytestmark = pytest.mark.begins(SCORING)


def pass_window(room: Room) -> None:
    room.tender.jump(room.tender.now + WINDOW)
    for call in room.tender.door.read(lambda session: queries.silent(session, room.tender.now)):
        room.perform_as_clock(lambda work, call=call: calls.expire(work, call))


def alarms(room: Room) -> list[tuple[str, Level, str]]:
    return room.tender.door.read(lambda session: [(one.name, one.level, one.why) for one in session.scalars(select(DrawAlarm))])


def test_a_silent_successor_is_followed_by_the_next_of_the_walk_until_nobody_is_left(room: Room, door: Door) -> None:
    seat = room.seat_of("cost")  # two are left in its walk
    room.replace(room.tender.centre, seat)
    silent = room.members[int(seat) - 1]
    pass_window(room)
    last = room.members[int(seat) - 1]
    assert last is not silent and alarms(room) == []
    with pytest.raises(NotAllowed):
        room.sign_in(silent, seat=seat)
    pass_window(room)
    assert room.members[int(seat) - 1] is last  # the seat waits, and the supervisor is told, once
    assert alarms(room) == [(room.draw, Level.RED, "exhausted")]
    pass_window(room)
    kinds = [event.kind for event in door.read(lambda session: chain.events(session, room.case))]
    assert len(alarms(room)) == kinds.count("draw.alarm") == 1
    assert room.view(room.tender.supervisor).state is State.COMMITTEE_FORMED and room.view(room.tender.centre).awaited == (f"专家{seat}",)
    room.sign_in(last)  # late, and still awaited
    pass_window(room)
    assert room.view(room.tender.supervisor).state is not State.COMMITTEE_FORMED
    assert door.read(lambda session: queries.silent(session, room.tender.now)) == []

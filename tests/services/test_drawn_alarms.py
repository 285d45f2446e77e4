"""An alarm of a draw is dispatched, answered, urged and closed before there is a room, and its acts are counted on in the room."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.kernel.errors import NotFound, WrongState
from core.kernel.work import Door
from evaluation.domain.alarm import State as Handling
from evaluation.domain.supervision import State
from evaluation.queries import supervision as queries
from evaluation.queries import wall
from tests.builders import supervising as does
from tests.builders.evaluation import Room
from tests.services.test_calls import READY

pytestmark = [pytest.mark.begins(READY), pytest.mark.on_both]


@pytest.fixture
def room(world: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    return world.told(monkeypatch)


def test_an_alarm_of_a_draw_has_its_loop_before_there_is_a_room(room: Room, door: Door) -> None:
    supervisor, centre, agency = room.tender.supervisor, room.tender.centre, room.tender.agency
    for who in (supervisor, centre):
        with pytest.raises(NotFound):
            does.seen(room, who)  # there is nothing to handle
    room.requested()
    does.unreasoned(room)
    [alarm] = does.raised(room)
    seen = does.seen(room, supervisor)
    assert (alarm.kind, seen.rows, seen.has_room, seen.may_issue) == ("draw.alarm", (), False, True)
    shown = door.read(lambda session: wall.wall(session, supervisor.actor, room.tender.now))
    assert [one.about for one in shown.open_alarms] == [alarm.about] and shown.sessions == ()
    for who in (centre, agency):  # of whom nothing is wanted yet
        with pytest.raises(NotFound):
            does.seen(room, who)
    for measure, to in (("explain", "centre"), ("pause", "centre"), ("warn", "seat:1")):
        with pytest.raises(WrongState, match="no_room"):
            does.issue(room, measure, to)
    with pytest.raises(NotFound, match="no_alarm"):
        does.issue(room, "handle", "centre", about="0" * 64)
    act = does.issue(room, "handle", "centre", about=alarm.about)
    with pytest.raises(WrongState, match="dispatched"):
        does.issue(room, "handle", "agency", about=alarm.about)
    assert [line.no for line in does.seen(room, centre).due] == [1] and does.seen(room, agency).rows == ()
    assert [line.number for line in door.read(lambda session: queries.waiting(session, centre.actor))] == [room.number]
    with pytest.raises(WrongState, match="not_paused"):
        does.resume(room, act)
    room.tender.jump(room.tender.now + timedelta(minutes=31))
    does.find_late(room)
    does.urge(room, act)
    does.answer(room, centre, act, "漏写了再次抽取的理由，已补正，共1处。")
    does.close(room, act)
    settled = next(one for one in does.raised(room) if one.kind == "draw.alarm")
    assert (settled.state, settled.no, settled.is_settled) == (Handling.CLOSED, 1, True)


def test_a_room_that_is_formed_goes_on_with_the_acts_of_its_draw(room: Room) -> None:
    room.requested()
    does.unreasoned(room)
    [alarm] = does.raised(room)
    act = does.issue(room, "handle", "centre", about=alarm.about)
    for who in room.parties:
        room.commit(who)
    for who in room.parties:
        room.reveal(who)
    room.all_answer()
    room.form()
    [line] = does.seen(room, room.tender.supervisor).rows
    assert (line.no, line.state, does.seen(room, room.tender.supervisor).has_room) == (1, State.OPEN, True)
    does.answer(room, room.tender.centre, act)
    does.close(room, act)
    does.issue(room, "explain", "centre")
    assert [line.no for line in does.seen(room, room.tender.supervisor).rows] == [2, 1]

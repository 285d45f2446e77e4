"""Members call the host on both databases: once at a time, seen to once, heard by those inside by seat alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.kernel import chain
from core.kernel.errors import NotAllowed, NotFound, WrongState
from core.kernel.streams import StreamRow
from evaluation.queries import host_calls as queries
from evaluation.services import host_calls
from tests.builders.evaluation import Room
from tests.builders.host_calls import call_host
from tests.builders.people import Person
from tests.builders.stages import SCORING, SUMMARISED

pytestmark = pytest.mark.begins(SCORING)


def call(room: Room, who: Person) -> Any:
    return room.perform(who, lambda work: host_calls.call(work, room.number))


def answer(room: Room, who: Person, no: int) -> Any:
    return room.perform(who, lambda work: host_calls.answer(work, room.number, no))


def seen(room: Room, who: Person) -> queries.HostCalls:
    view = room.view(who)
    found: queries.HostCalls = room.tender.door.read(lambda session: queries.of_room(session, view))
    return found


def test_the_host_hears_of_a_call_by_its_seat_and_sees_to_it_once(room: Room) -> None:
    one, two, *_ = room.members
    host = room.tender.centre
    assert call(room, one) == {"no": 1}
    with pytest.raises(WrongState, match="waiting"):
        call(room, one)
    assert call(room, two) == {"no": 2}
    assert [(each.no, each.name) for each in seen(room, host).waiting] == [(2, "专家2"), (1, "专家1")]
    assert not seen(room, one).may_call and seen(room, host).may_answer
    assert answer(room, host, 1) == {"no": 1}
    with pytest.raises(WrongState, match="not_waiting"):
        answer(room, host, 1)
    with pytest.raises(NotFound):
        answer(room, host, 9)
    assert call(room, one) == {"no": 3}
    rows = room.tender.door.read(lambda session: list(session.scalars(select(StreamRow).where(StreamRow.kind.startswith("host.")))))
    assert {row.audience for row in rows} == {"committee", "host", "supervisor"}
    assert all(set(row.data) == {"lot", "seat", "no"} for row in rows)
    kinds = [event.kind for event in room.tender.door.read(lambda session: chain.events(session, room.case))]
    assert kinds.count("host.call") == 3 and kinds.count("host.answer") == 1


def test_only_a_seat_calls_and_only_the_host_answers(room: Room) -> None:
    outside = next(one for one in room.experts if one not in room.members)
    for who in (room.tender.supervisor, room.tender.centre, outside):
        with pytest.raises(NotAllowed):
            call(room, who)
    call(room, room.members[0])
    for who in (room.tender.supervisor, room.members[0], room.tender.tenderer):
        with pytest.raises(NotAllowed):
            answer(room, who, 1)
    assert len(seen(room, room.tender.supervisor).rows) == 1 and not seen(room, room.tender.supervisor).may_answer
    assert [each.name for each in seen(room, room.members[0]).rows] == ["专家1"] and seen(room, room.members[1]).rows == ()


@pytest.mark.begins(SUMMARISED)
def test_a_call_after_the_report_is_too_late(room: Room) -> None:
    call_host(room, room.members[0])
    room.draft_report()
    for who in room.members:
        room.sign_report(who)
    with pytest.raises(WrongState):
        call(room, room.members[0])
    assert seen(room, room.tender.tenderer).rows == ()

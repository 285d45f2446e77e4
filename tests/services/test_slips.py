"""Slips in share boxes, on both databases: dealt when a party commits, opened by two offices when it stays silent, and never before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.kernel import chain
from core.kernel import draw as kernel
from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from core.kernel.slips import WINDOW, Place, deal
from core.kernel.work import Door
from evaluation.domain.draw import State
from evaluation.queries import draws, pages, slips
from tests.builders.beginnings import Beginning
from tests.builders.evaluation import OpenedBids, Person, Room
from tests.builders.trading import tender

OFFICES = ("tenderer", "centre", "supervisor")


def _built(door: Door, clock_file: Path, stage: Callable[[Room], Room]) -> Room:
    with pytest.MonkeyPatch.context() as patch:
        room = Room(tender(door, clock_file), OpenedBids()).told(patch).ready()
        own = room.tender
        names = {"tenderer": own.tenderer.org_name, "centre": own.centre.org_name, "supervisor": own.supervisor.org_name}
        room.award_members += [own.crowd.join(Role.OFFICER, names[office], office=office) for office in OFFICES]  # kept with the world
        return stage(room.requested())


def _committed(room: Room) -> Room:
    for who in room.parties:
        room.commit(who)
    return room


REQUESTED = Beginning("a draw of three offices", lambda door, clock_file: _built(door, clock_file, lambda room: room))
COMMITTED = Beginning("three slips are dealt", lambda door, clock_file: _built(door, clock_file, _committed))

pytestmark = [pytest.mark.begins(COMMITTED), pytest.mark.sqlite_alone]


def officer(room: Room, office: str) -> Person:
    return next(one for one in room.award_members if one.office == office)


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


def state(room: Room) -> State:
    found: State = room.tender.door.read(lambda session: draws.by_name(session, room.number, room.draw)).state
    return found


@pytest.mark.on_both
def test_two_offices_open_the_slip_of_a_silent_party_and_the_draw_goes_on(room: Room, door: Door) -> None:
    centre, supervisor, tenderer = room.parties
    room.reveal(centre)
    room.reveal(supervisor)
    keeper, other = officer(room, "centre"), officer(room, "supervisor")
    assert refused(WrongState, room.open_slip, keeper, "tenderer") == "draw.open.too_early"
    room.tender.jump(room.tender.now + WINDOW)
    assert refused(WrongState, room.open_slip, keeper, "centre") == "draw.open.revealed"
    assert room.open_slip(keeper, "tenderer") == {"shares": 1, "state": "committed"}
    assert refused(RuleBroken, room.open_slip, keeper, "tenderer") == "draw.open.twice"
    assert room.open_slip(other, "tenderer") == {"shares": 2, "state": "calling"}
    view = door.read(lambda session: draws.by_name(session, room.number, room.draw))
    assert view.values["tenderer"] == room.secrets["tenderer"].hex() and view.opened == ("tenderer",)
    record = door.read(lambda session: draws.public_record(session, room.number, room.draw))
    assert kernel.replay(kernel.parse_draw(record)).mismatched == ()
    kinds = [event.kind for event in door.read(lambda session: chain.events(session, room.case))]
    assert kinds.count("draw.share") == 2 and kinds.count("draw.opened") == 1
    assert refused(WrongState, room.reveal, tenderer) == "draw.reveal.wrong_state"  # it comes too late to matter


def test_a_party_may_still_show_its_slip_after_one_office_gave_a_share(room: Room) -> None:
    room.tender.jump(room.tender.now + WINDOW)
    room.open_slip(officer(room, "centre"), "tenderer")
    for who in room.parties:
        room.reveal(who)
    assert state(room) is State.CALLING
    assert refused(WrongState, room.open_slip, officer(room, "supervisor"), "tenderer") == "draw.open.wrong_state"


def test_only_the_own_office_gives_the_share_that_was_dealt_to_it(room: Room) -> None:
    room.tender.jump(room.tender.now + WINDOW)
    keeper = officer(room, "centre")
    foreign = deal(Place(room.case, room.draw, "tenderer"), bytes(32), {office: [keeper.identity.recipient] for office in OFFICES})
    assert len(foreign) == 3
    assert refused(NotAllowed, room.open_slip, keeper, "tenderer", role="supervisor") == "draw.open.other_office"
    assert refused(BadSignature, room.open_slip, keeper, "tenderer", share="00" * 33) == "share.commitment_differs"
    assert refused(NotFound, room.open_slip, keeper, "tenderer", party="nobody") == "draw.open.no_box"
    stranger = room.tender.crowd.join(Role.OFFICER, "外地招标人有限公司", office="tenderer")
    assert door_pending(room, stranger, "tenderer") == ()


def door_pending(room: Room, who: Person, office: str) -> tuple[Any, ...]:
    return tuple(room.tender.door.read(lambda session: slips.pending(session, who.actor, office, (), room.tender.now)))


def test_nothing_is_asked_before_the_time_is_over_nor_of_who_is_no_officer(room: Room) -> None:
    keeper = officer(room, "centre")
    assert door_pending(room, keeper, "centre") == ()
    room.tender.jump(room.tender.now + WINDOW + timedelta(seconds=1))
    assert door_pending(room, keeper, "centre") == ()  # nor before the commits stand in the log
    assert refused(NotAllowed, door_pending, room, keeper, "") == "draw.open.not_allowed"


@pytest.mark.begins(REQUESTED)
@pytest.mark.on_both
def test_where_each_office_has_a_key_a_slip_is_dealt_to_all_of_them(room: Room) -> None:
    centre = room.tender.centre
    assert refused(RuleBroken, room.commit, centre, shares=[]) == "draw.commit.shares_missing"
    other = {office: [room.experts[0].identity.recipient] for office in OFFICES}
    elsewhere = [share.to_json() for share in deal(Place(room.case, room.draw, "centre"), room.secrets["centre"], other)]
    assert refused(BadSignature, room.commit, centre, shares=elsewhere) == "draw.commit.recipients"
    assert refused(BadSignature, room.commit, centre, shares=elsewhere[:2]) == "slip.malformed"
    page = room.tender.door.read(lambda session: pages.draw_page(session, centre.actor, room.number, room.tender.now))
    assert page.keyless == ()
    assert room.commit(centre) == {"state": "requested"}

"""Orders on a lot through the services: who may give them, what they publish, and what becomes of bids, deposits and times."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.work import Door
from deposits.models.requirement import Requirement
from tests.builders.bids import Hall, hall
from tests.builders.orders import resume, resumption, suspend, terminate
from tests.builders.trading import DAY, Tender, tender
from trading.domain.lot import LotState
from trading.domain.notice import NoticeKind
from trading.models.bid import BidEnvelope
from trading.queries import notices, openings_due
from trading.queries.bids import own_bid


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """A lot that takes bids."""
    return hall(tender(door, clock_file), tmp_path)


def kinds(world: Tender) -> list[NoticeKind]:
    return [line.kind for line in world.door.read(lambda session: notices.of_lot(session, world.lot.id))]


def test_a_suspended_lot_takes_no_bid_passes_its_deadline_unharmed_and_goes_on_with_the_time_it_had(room: Hall) -> None:
    world = room.tender
    first, second = world.join_bidders(2)
    room.seal(first)
    before = world.lot.deadline
    assert before is not None
    left = before - world.now
    suspend(world)
    with pytest.raises(WrongState, match=r"bid\.lot_suspended"):
        room.seal(second)
    world.jump(before + 3 * DAY)
    assert world.door.read(lambda session: openings_due.deadlines(session, world.now)) == []
    with pytest.raises(WrongState, match=r"bid\.lot_suspended"):  # not late: the deadline does not run
        room.seal(second)
    answer = resume(world)
    assert world.lot.state is LotState.BIDDING and world.lot.deadline is not None
    assert world.lot.deadline - world.now >= left and answer["deadline"]
    asked = world.door.read(lambda session: session.scalars(select(Requirement.deadline)).one())
    assert asked == world.lot.deadline
    room.seal(second)
    assert kinds(world) == [NoticeKind.TENDER, NoticeKind.SUSPENSION, NoticeKind.RESUMPTION]


def test_only_the_supervisor_suspends_and_only_its_own_order_is_ended(room: Hall) -> None:
    world = room.tender
    for other in (world.tenderer, world.agency, world.centre):
        with pytest.raises((NotAllowed, Refusal)):
            suspend(world, other)
    suspend(world)
    with pytest.raises(WrongState):
        suspend(world)
    early = world.lot.deadline
    assert early is not None
    with pytest.raises(Refusal, match=r"other_suspension"):
        resume(world, suspend_sha256="00" * 32)
    world.jump(world.now + DAY)
    fitting = resumption(world)
    with pytest.raises(RuleBroken, match=r"lot\.resume\.deadline_too_early"):
        stale = early.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        resume(world, deadline=stale, opening_at=stale)
    resume(world, **fitting)


def test_a_terminated_lot_is_published_its_bids_are_shut_and_nothing_more_happens_to_it(room: Hall) -> None:
    world = room.tender
    (bidder,) = world.join_bidders(1)
    room.seal(bidder)
    with pytest.raises(NotAllowed):
        terminate(world, world.agency)
    terminate(world)
    assert world.lot.state is LotState.TERMINATED and kinds(world)[-1] is NoticeKind.TERMINATION
    states = world.door.read(lambda session: set(session.scalars(select(BidEnvelope.state))))
    assert {state.value for state in states} == {"shut"}
    assert world.door.read(lambda session: own_bid(session, bidder.actor, world.number, world.now).available) == ()
    world.jump(world.now + timedelta(days=60))
    assert world.door.read(lambda session: openings_due.deadlines(session, world.now)) == []
    with pytest.raises(WrongState):
        terminate(world)

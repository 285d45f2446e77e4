"""Changes of a tender document reach everybody concerned at one moment, and no way outside tells who had the document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from core.identity.domain.message import Medium
from core.identity.models.messages import Delivery, InboxMessage
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from tests.builders import documents
from tests.builders.bids import Hall, hall
from tests.builders.messages import inbox, reach, tell, words
from tests.builders.trading import tender
from trading.domain.statutory import TermState
from trading.queries import lots, terms
from trading.services import follows, telling

LATER = "2030-01-07T01:00:00.000Z"


@pytest.fixture
def door(engine: Engine, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[Door]:
    """A door that tells trading's events on."""
    opened = Door(engine, platform_key, announced=telling.ANNOUNCED, clock_file=clock_file, readers=2)
    yield opened
    opened.close()


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """A lot that takes bids; what was told until then is delivered."""
    made = hall(tender(door, clock_file), tmp_path)
    tell(door)
    return made


def test_a_moved_deadline_reaches_who_downloaded_asked_bid_or_follows_at_one_moment_and_outside_only_who_follows(room: Hall) -> None:
    world = room.tender
    downloaded, asked, bid, follows_it, stranger = people = world.join_bidders(5)
    for number, person in enumerate(people):
        reach(person, Medium.SMS, f"1380013800{number}")
    documents.receipt(world, downloaded)
    documents.ask(world, asked, "工期能否顺延？")
    room.seal(bid)
    room.perform(follows_it, lambda work: follows.follow(work, room.number))
    tell(world.door)
    documents.amend(world, not_before=LATER)
    tell(world.door)
    everybody = (downloaded, asked, bid, follows_it, world.tenderer, world.agency)
    assert all({"document.amend", "deadline.extend"} <= set(words(person)) for person in everybody)
    assert len({view.told_at for person in everybody for view in inbox(person) if view.words == "deadline.extend"}) == 1
    assert words(stranger) == []
    reached = select(InboxMessage.person_id, InboxMessage.words).join(Delivery, Delivery.message_id == InboxMessage.id)
    found = world.door.read(lambda session: session.execute(reached.where(Delivery.medium == Medium.SMS)).all())
    outside = {person for person, said in found if said in ("document.amend", "deadline.extend")}
    assert outside == {follows_it.person}  # the law's changes go out by SMS; whoever may not be counted has the inbox


def test_the_lots_clock_holds_the_amendment_against_the_deadline_that_moved_with_it(room: Hall) -> None:
    world = room.tender
    documents.amend(world)
    lot = world.door.read(lambda session: lots.by_id(session, world.lot.id))
    found = {term.rule.code: term for term in world.door.read(lambda session: terms.terms(session, lot, world.door.clock(session)))}
    assert found["T4"].state is TermState.FULFILLED and found["T4"].done_at is not None

"""A late hand-over is told to who must act: the site's staff and the centre, once, without the project."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.identity.models.messages import InboxMessage
from core.kernel import clock
from core.kernel.work import Door
from evaluation.jobs import TICKS
from evaluation.services import venues
from tests.builders.people import Person, people
from tests.builders.sites import PARTNERS, Sites, sites_of


@pytest.fixture
def made(door: Door) -> Sites:
    return sites_of(door, people(door))


def ahead(made: Sites, by: timedelta) -> None:
    assert made.door.clock_file is not None
    clock.write_offset(made.door.clock_file, clock.read_offset(made.door.clock_file) + by)


def told(made: Sites, who: Person) -> list[tuple[str, str, str]]:
    mine = (InboxMessage.person_id == who.person) & InboxMessage.words.startswith("venue.")
    query = select(InboxMessage.words, InboxMessage.number, InboxMessage.link).where(mine)
    return [(words, number, link) for words, number, link in made.door.read(lambda session: session.execute(query).all())]


def tick(made: Sites) -> int:
    return next(one for one in TICKS if one.name == "evaluation.hand_overs_late").run(made.door)


@pytest.mark.on_both
def test_the_sites_staff_and_the_centre_are_told_once_that_it_is_late(made: Sites) -> None:
    lent, other = made.partner(PARTNERS[0]), made.partner(PARTNERS[1])
    staff, stranger = made.staff[PARTNERS[0]], made.staff[PARTNERS[1]]
    booking = str(made.book(lent, seats=2, start=0.01, hours=1)["booking"])
    made.answer(staff, booking)
    ahead(made, timedelta(hours=2))
    said = {"booking": booking, "used": True, "until": clock.text(made.now.replace(microsecond=0))}
    made.sign(staff, venues.close, "venue.close", said)
    assert tick(made) == 0 and told(made, staff) == []
    ahead(made, timedelta(days=30))
    assert tick(made) == 1 and tick(made) == 0
    assert told(made, staff) == [("venue.late", booking, "/venues")]
    assert told(made, made.keeper) == [("venue.late_centre", booking, "/venues")]
    assert told(made, stranger) == [] and other != lent

"""What becomes of objections and complaints is told to those concerned, and whose they are to nobody."""

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
from tests.builders.messages import inbox, reach, tell, words
from tests.builders.remedies import Remedies, remedies
from tests.builders.trading import tender
from trading.services import telling


@pytest.fixture
def door(engine: Engine, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[Door]:
    """A door that tells trading's events on."""
    opened = Door(engine, platform_key, announced=telling.ANNOUNCED, clock_file=clock_file, readers=2)
    yield opened
    opened.close()


@pytest.fixture
def world(door: Door, clock_file: Path) -> Remedies:
    """A lot of works that takes bids, and two firms."""
    made = tender(door, clock_file).bidding("RANK_ONE")
    made.join_bidders(2)
    tell(door)
    return remedies(made)


def test_an_objection_is_told_to_the_parties_and_its_answer_to_its_filer_in_the_inbox_alone(world: Remedies) -> None:
    made, (filer, other) = world.tender, world.tender.bidders
    for person in (filer, made.tenderer):
        reach(person, Medium.MAIL, "someone@example.cn")
    number = world.object(filer)
    tell(made.door)
    assert {words(person)[-1] for person in (made.tenderer, made.agency)} <= {"objection.file", "bidding.halt"}
    assert f"/objections/{number}" in {view.link for view in inbox(made.tenderer)}
    world.answer(number)
    tell(made.door)
    assert inbox(filer)[-1].words == "objection.answer" and inbox(filer)[-1].link == f"/objections/{number}"
    assert "objection.answer" not in words(other) + words(made.tenderer) + words(made.supervisor)
    query = select(InboxMessage.words).join(Delivery, Delivery.message_id == InboxMessage.id)
    assert "objection.answer" not in set(made.door.read(lambda session: session.scalars(query).all()))


def test_a_complaint_is_told_to_its_authority_then_each_step_to_its_filer_and_the_parties_hear_what_concerns_them(world: Remedies) -> None:
    made, (filer, other) = world.tender, world.tender.bidders
    number = world.complain(filer, "other")
    tell(made.door)
    assert words(made.supervisor)[-1] == "complaint.file"
    assert "complaint.file" not in words(made.tenderer) + words(made.agency) + words(filer)
    for step in ("accept", "investigate", "suspend", "decide", "publish"):
        world.handle(step, number)
    tell(made.door)
    steps = ("complaint.accept", "complaint.investigate.filer", "complaint.decide")
    assert [said for said in words(filer) if said.startswith("complaint.")] == list(steps)
    told = set(words(made.tenderer))
    assert {"complaint.investigate", "complaint.suspend", "complaint.decide", "complaint.publish", "bidding.halt", "bidding.go_on"} <= told
    assert not told & {"complaint.accept", "complaint.investigate.filer"}
    assert not [said for said in words(other) if said.startswith(("complaint.", "objection."))]

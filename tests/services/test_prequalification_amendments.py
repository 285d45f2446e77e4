"""A prequalification document changed through the services: who may, in which time, who is told, and that what is sealed stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from core.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale, WrongState
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from tests.builders import prequalification as made
from tests.builders.bids import Hall, applying
from tests.builders.messages import tell, words
from tests.builders.trading import DAY, tender
from trading.domain.notice import NoticeKind
from trading.domain.prequalification import RoundState
from trading.queries import notices, prequalification_page
from trading.services import prequalification_amendments as services
from trading.services import telling

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def door(engine: Engine, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[Door]:
    """A door that tells trading's events on."""
    opened = Door(engine, platform_key, announced=telling.ANNOUNCED, clock_file=clock_file, readers=2)
    yield opened
    opened.close()


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """A lot whose round takes applications, and five firms."""
    one = applying(tender(door, clock_file), tmp_path)
    one.tender.join_bidders(5)
    tell(door)
    return one


@pytest.mark.on_both
def test_the_document_changes_what_is_sealed_stays_and_its_applicant_is_told(room: Hall) -> None:
    world = room.tender
    first, second, *_ = world.bidders
    room.seal(first)
    before = made.round_of(world)
    assert before.deadline is not None
    answer = made.amend(world, deadline=before.deadline + 2 * DAY)
    found = made.round_of(world)
    assert found.document_sha256 == answer["document_sha256"] != before.document_sha256
    assert (found.deadline, found.state) == (before.deadline + 2 * DAY, RoundState.NOTICED)
    tell(world.door)
    assert "prequalification.amend" in words(first) and "prequalification.amend" not in words(second)
    line = world.door.read(lambda session: notices.by_number(session, str(answer["notice"]))).line
    assert line.kind is NoticeKind.PREQUALIFICATION and line.title.endswith("（修改）")
    world.jump(before.deadline + timedelta(hours=1))
    room.seal(second)  # the old deadline has passed, the new one counts


def test_a_changed_document_can_be_had_until_applications_are_due(room: Hall) -> None:
    world = room.tender
    made.amend(world)
    found = made.round_of(world)
    assert found.release_until is not None and found.deadline is not None
    world.jump(found.release_until + timedelta(hours=1))
    who = world.bidders[0].actor
    file = world.door.read(lambda session: prequalification_page.file(session, world.number, who, found.files[0].sha256, world.now))
    assert file.name == "资格预审文件.pdf"
    world.jump(found.deadline)
    with pytest.raises(NotFound):
        world.door.read(lambda session: prequalification_page.file(session, world.number, who, found.files[0].sha256, world.now))


def test_who_when_and_what_may_not(room: Hall) -> None:
    world = room.tender
    old = made.amendment_body(world)
    with pytest.raises(NotAllowed):
        request = world.agency.act("prequalification.amend", world.case, world.no, body=old, step_up=True)
        world.door.perform(world.agency.actor, lambda work: services.amend(work, world.number, request))
    with pytest.raises(NotFound):
        made.amend(world, files=[{"name": "别处.pdf", "sha256": "ef" * 32, "size": 5}])
    made.amend(world)
    with pytest.raises(Stale):
        again = world.tenderer.act("prequalification.amend", world.case, world.no, body=old, step_up=True)
        world.door.perform(world.tenderer.actor, lambda work: services.amend(work, world.number, again))
    deadline = made.round_of(world).deadline
    assert deadline is not None
    world.jump(deadline - 2 * DAY)
    with pytest.raises(RuleBroken, match=r"prequalification_amendment\.too_late"):
        made.amend(world, criteria=made.CRITERIA[:1])
    made.amend(world, criteria=made.CRITERIA[:1], deadline=deadline + 3 * DAY)
    world.jump(deadline + 3 * DAY)
    with pytest.raises(WrongState):
        made.amend(world, criteria=made.CRITERIA, deadline=deadline + 30 * DAY)

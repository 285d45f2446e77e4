"""Reliefs from deposits are signed by two persons of two duties, hold within their days, and refuse a document that asks all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.identity.models.messages import InboxMessage
from core.identity.services.acts import SignedRequest
from core.kernel import chain, outbox
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import BadSignature, NotAllowed, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits.domain.relief import CASE, Project, ReliefState
from deposits.queries import reliefs as queries
from deposits.services import relief_letters, reliefs
from tests.builders.people import Person
from tests.builders.trading import Tender, tender

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

CHAIN = CaseId(CASE)
FREED = {"regime": "construction", "category": "construction", "region": "", "since": "2020-01-01", "source": "临建〔2020〕1号"}


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    return tender(door, clock_file)


@pytest.fixture
def supervisor(world: Tender) -> Person:
    return world.crowd.join(Role.SUPERVISOR, "临江市住房和城乡建设局")


def propose(world: Tender, body: dict[str, Any], kind: str = "deposit.free") -> tuple[UUID, SignedRequest]:
    request = world.centre.act(kind, CHAIN, body=body, step_up=True)
    told = world.centre.door.perform(world.centre.actor, lambda work: reliefs.propose(work, kind, request))
    return UUID(str(told["relief"])), request


def state(world: Tender) -> ReliefState:
    return world.centre.door.read(queries.listed)[0].state


def free(world: Tender) -> Any:
    project = Project("construction", "construction", "临江市")
    return world.centre.door.read(lambda session: queries.freed(session, project, world.now))


def test_a_kind_is_freed_by_two_signatures_and_bound_again_by_two(world: Tender, supervisor: Person) -> None:
    relief, first = propose(world, FREED)
    assert free(world) is None
    with pytest.raises((NotAllowed, BadSignature)):
        world.centre.door.perform(world.centre.actor, lambda work: reliefs.agree(work, relief, world.centre.cosign(first)))
    both = supervisor.cosign(first)
    assert supervisor.door.perform(supervisor.actor, lambda work: reliefs.agree(work, relief, both))["state"] == "holds"
    assert free(world).source == "临建〔2020〕1号"
    again = supervisor.door.perform(supervisor.actor, lambda work: reliefs.agree(work, relief, both))
    assert again == {"relief": str(relief), "state": "holds"}
    other = world.crowd.join(Role.SUPERVISOR, "临江市发展和改革委员会")
    with pytest.raises(WrongState):
        other.door.perform(other.actor, lambda work: reliefs.agree(work, relief, other.cosign(first)))
    with pytest.raises((NotAllowed, BadSignature)):
        world.centre.door.perform(world.centre.actor, lambda work: reliefs.agree(work, relief, world.centre.cosign(first)))
    sha256 = world.centre.door.read(queries.listed)[0].sha256
    ending = world.centre.act("deposit.relief_end", CHAIN, body={"relief_sha256": sha256, "reason": "文件废止"}, step_up=True)
    world.centre.door.perform(world.centre.actor, lambda work: reliefs.propose_end(work, ending))
    assert state(world) is ReliefState.ENDING and free(world) is not None
    ended = supervisor.cosign(ending)
    for _ in range(2):
        told = supervisor.door.perform(supervisor.actor, lambda work: reliefs.end(work, relief, ended))
        assert told == {"relief": str(relief), "state": "ended"}
    assert supervisor.door.perform(supervisor.actor, lambda work: reliefs.agree(work, relief, both)) == again
    assert state(world) is ReliefState.ENDED and free(world) is None
    kinds = [event.kind for event in world.centre.door.read(lambda session: chain.events(session, CHAIN))]
    assert kinds == ["deposit.free", "deposit.relief_end"]


def test_what_is_set_aside_waits_no_more(world: Tender, supervisor: Person) -> None:
    relief, first = propose(world, FREED)
    supervisor.door.perform(supervisor.actor, lambda work: reliefs.set_aside(work, relief))
    assert state(world) is ReliefState.DROPPED
    with pytest.raises(WrongState):
        supervisor.door.perform(supervisor.actor, lambda work: reliefs.agree(work, relief, supervisor.cosign(first)))


def test_a_document_that_asks_a_deposit_of_a_freed_kind_is_refused_with_the_paper(world: Tender, supervisor: Person) -> None:
    relief, first = propose(world, FREED)
    supervisor.door.perform(supervisor.actor, lambda work: reliefs.agree(work, relief, supervisor.cosign(first)))
    world.registered()
    world.fix_plan()
    with pytest.raises(RuleBroken) as refused:
        world.publish_document()
    assert (refused.value.code, refused.value.facts["source"]) == ("document.deposit_freed", "临建〔2020〕1号")
    world.publish_document(deposit_fen=0)


def test_a_firm_has_its_waiver_while_it_holds(world: Tender, supervisor: Person) -> None:
    firm = world.crowd.join(Role.BIDDER, "甲方建筑有限公司", keys=False)
    body = {"org": str(firm.org), "name": firm.org_name, "percent": 60, "since": "2020-01-01", "source": "信用评价 AAA"}
    relief, first = propose(world, body, "deposit.waive")
    supervisor.door.perform(supervisor.actor, lambda work: reliefs.agree(work, relief, supervisor.cosign(first)))
    found = world.centre.door.read(lambda session: queries.waiver(session, firm.org, world.now))
    assert found is not None and found[1].percent == 60
    assert world.centre.door.read(lambda session: queries.waiver(session, world.agency.org, world.now)) is None


def messages_of(world: Tender) -> list[tuple[Any, str]]:
    rows = world.centre.door.read(lambda session: [(row.person_id, row.words) for row in session.scalars(select(InboxMessage))])
    return sorted(((person, words) for person, words in rows if words.startswith("relief.")), key=str)


def deliver(world: Tender) -> None:
    outbox.deliver(world.centre.door, {relief_letters.PROPOSED: relief_letters.tell_supervisors})


def test_supervisors_are_told_once_of_what_waits_for_them_and_the_firm_of_its_waiver(world: Tender, supervisor: Person) -> None:
    firm = world.crowd.join(Role.BIDDER, "甲方建筑有限公司", keys=False)
    body = {"org": str(firm.org), "name": firm.org_name, "percent": 60, "since": "2020-01-01", "source": "信用评价 AAA"}
    relief, first = propose(world, body, "deposit.waive")
    deliver(world)
    everybody = sorted(((one.person, "relief.proposed") for one in (world.supervisor, supervisor)), key=str)
    assert messages_of(world) == everybody
    payload = {"relief": str(relief), "sha256": world.centre.door.read(queries.listed)[0].sha256}
    world.door.perform(SYSTEM_ACTOR, lambda work: relief_letters.tell_supervisors(work, payload))
    assert messages_of(world) == everybody
    supervisor.door.perform(supervisor.actor, lambda work: reliefs.agree(work, relief, supervisor.cosign(first)))
    for number, kind in enumerate(("deposit.waive", "deposit.relief_end", "deposit.relief_end")):
        told = {"event": f"01900000-0000-7000-8000-{min(number, 1):012d}", "subject": payload["sha256"], "kind": kind}
        world.door.perform(SYSTEM_ACTOR, lambda work, told=told: relief_letters.tell(work, told))  # type: ignore[misc]
    assert [words for person, words in messages_of(world) if person == firm.person] == ["relief.waived", "relief.waiver_ended"]


def test_what_was_set_aside_before_it_was_told_is_told_to_nobody(world: Tender, supervisor: Person) -> None:
    relief, _ = propose(world, FREED)
    supervisor.door.perform(supervisor.actor, lambda work: reliefs.set_aside(work, relief))
    deliver(world)
    told = {"event": str(relief), "subject": world.centre.door.read(queries.listed)[0].sha256, "kind": "deposit.relief_end"}
    world.door.perform(SYSTEM_ACTOR, lambda work: relief_letters.tell(work, told))  # of a kind: no firm's own
    assert messages_of(world) == []


def test_reliefs_are_found_by_firm_region_or_paper(world: Tender, supervisor: Person) -> None:
    firm = world.crowd.join(Role.BIDDER, "甲方建筑有限公司", keys=False)
    propose(world, FREED | {"region": "临江市"})
    dropped, _ = propose(world, FREED | {"region": "东湖区", "source": "另一份文件"})
    propose(
        world,
        {"org": str(firm.org), "name": firm.org_name, "percent": 60, "since": "2020-01-01", "source": "信用评价 AAA"},
        "deposit.waive",
    )
    supervisor.door.perform(supervisor.actor, lambda work: reliefs.set_aside(work, dropped))
    views = world.centre.door.read(queries.listed)
    found = {words: len(queries.sought(views, words, standing=False)) for words in ("", "甲方", "东湖", "信用", "没有")}
    assert found == {"": 3, "甲方": 1, "东湖": 1, "信用": 1, "没有": 0}
    assert len(queries.sought(views, "", standing=True)) == 2

"""A round of prequalification, made through the services: its document, its notice, its committee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from core.kernel import clock
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from tests.builders.people import Person
from tests.builders.trading import DAY, Tender
from trading.domain.document import digest_of
from trading.queries import prequalifications as queries
from trading.queries.prequalifications import RoundView
from trading.services import prequalification_amendments, prequalifications

CRITERIA: list[dict[str, Any]] = [
    {"id": "C1", "title": "企业资质", "requirement": "市政公用工程施工总承包一级及以上"},
    {"id": "C2", "title": "类似业绩", "requirement": "近三年完成过一项同类工程"},
]
PAPER = b"%PDF-1.7 prequalification document"


def round_of(world: Tender) -> RoundView:
    """The round as it stands."""
    found = world.door.read(lambda session: queries.of(session, world.lot_id))
    assert found is not None
    return found


def document_body(world: Tender, **changes: Any) -> dict[str, Any]:
    """The body of the document: a committee reviews two criteria; in procurement the purchaser does."""
    works = world.regime == "construction"
    body: dict[str, Any] = {"files": [{**world.upload(PAPER), "name": "资格预审文件.pdf"}], "criteria": CRITERIA}
    body |= {"reviewers": "committee" if works else "tenderer", "state_funds": True} | changes
    return {"document_sha256": digest_of(body)} | body


def lay_down(world: Tender, **changes: Any) -> dict[str, JSON]:
    """The agency lays down the document."""
    request = world.agency.act("prequalification.document", world.case, world.no, body=document_body(world, **changes))
    return world.door.perform(world.agency.actor, lambda work: prequalifications.lay_down(work, world.number, request))


def notice_body(world: Tender, **changes: Any) -> dict[str, Any]:
    """The body of the notice: release in an hour, ten days of it, twenty to apply."""
    release = world.now + timedelta(hours=1)
    body: dict[str, Any] = {"title": "临江市滨江路提升工程施工资格预审公告", "document_sha256": round_of(world).document_sha256}
    body |= {"release_at": clock.text(release), "release_until": clock.text(release + 10 * DAY)}
    return body | {"deadline": clock.text(release + 20 * DAY)} | changes


def publish(world: Tender, **changes: Any) -> dict[str, JSON]:
    """The tenderer publishes the notice."""
    request = world.tenderer.act("prequalification.publish", world.case, world.no, body=notice_body(world, **changes), step_up=True)
    return world.door.perform(world.tenderer.actor, lambda work: prequalifications.publish(work, world.number, request))


def noticed(world: Tender, **changes: Any) -> Tender:
    """A registered lot whose prequalification notice is out."""
    world.registered()
    lay_down(world, **changes)
    publish(world)
    return world


def released(world: Tender, **changes: Any) -> Tender:
    """The same, and its release has come: applications are taken."""
    noticed(world, **changes)
    release = round_of(world).release_at
    assert release is not None
    world.jump(release)
    return world


def experts(world: Tender, count: int = 4) -> list[Person]:
    """Experts of the pool."""
    return [world.crowd.join(Role.EXPERT, f"专家库{n}") for n in range(1, count + 1)]


def committee_body(members: Sequence[tuple[Person, bool]], **changes: Any) -> dict[str, Any]:
    """The body that names a committee: of each whether an expert."""
    named = [{"person": str(one.person), "name": one.name, "expert": expert} for one, expert in members]
    return {"drawn": "临专抽〔2026〕17号", "members": named} | changes


def name_committee(world: Tender, pool: Sequence[Person], **changes: Any) -> dict[str, JSON]:
    """The tenderer names these experts and one of its own people."""
    body = committee_body([*((one, True) for one in pool), (world.tenderer, False)], **changes)
    request = world.tenderer.act("prequalification.committee", world.case, world.no, body=body, step_up=True)
    return world.door.perform(world.tenderer.actor, lambda work: prequalifications.name_committee(work, world.number, request))


AMENDED = b"%PDF-1.7 amended prequalification document"


def amendment_body(world: Tender, deadline: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """The body of an amendment: another file, the same criteria, the deadline that stands unless one is given."""
    found = round_of(world)
    assert found.deadline is not None
    content: dict[str, Any] = {"files": [{**world.upload(AMENDED, world.tenderer), "name": "资格预审文件.pdf"}], "criteria": CRITERIA}
    content |= {"reviewers": found.reviewers.value, "state_funds": found.state_funds} | changes
    document = {"document_sha256": digest_of(content)} | content
    said: dict[str, Any] = {"previous_sha256": found.document_sha256, "document": document, "reason": "业绩要求有误"}
    return said | {"deadline": clock.text(deadline or found.deadline)}


def amend(world: Tender, **changes: Any) -> dict[str, JSON]:
    """The tenderer amends the document."""
    request = world.tenderer.act("prequalification.amend", world.case, world.no, body=amendment_body(world, **changes), step_up=True)
    return world.door.perform(world.tenderer.actor, lambda work: prequalification_amendments.amend(work, world.number, request))

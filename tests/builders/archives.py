"""A closed case that is described, packed, checked, filed and held through the services, as the archive's pages do it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.archives.package import prepare as make
from core.kernel.jcs import JSON
from core.web.platform import Platform
from tests.builders.people import Person
from tests.builders.trading import Tender
from tests.builders.whole import Whole
from trading.domain.archive import chain_of
from trading.queries import archives as queries
from trading.queries.archives import ArchiveView
from trading.services import archives

AS_HANDED_IN = "招标人上传的原件即如此，平台不作改动。"


def description(**changes: Any) -> dict[str, Any]:
    """What an archivist says of the case; what was handed in is kept as it is."""
    said = {
        "fonds": "J123",
        "title": "临江市滨江路提升工程施工招标投标档案",
        "responsible": "临江市城市建设投资有限公司",
        "secrecy": "internal",
        "retention": "years_30",
        "reasons": {"documents_open": AS_HANDED_IN},
    }
    return said | changes


def view(world: Tender, by: Person | None = None) -> ArchiveView:
    """The case's page in the archive."""
    who = by or world.centre
    return world.door.read(lambda session: queries.by_case(session, world.case, who.actor))


def prepare(platform: Platform, world: Tender, by: Person | None = None, **changes: Any) -> ArchiveView:
    """The centre describes the case, and has its package made and checked."""
    make(platform, (by or world.centre).actor, world.case, description(**changes))
    return view(world)


def file(world: Tender, by: Person | None = None, **changes: Any) -> dict[str, JSON]:
    """The archivist signs what was prepared."""
    who, filing = by or world.centre, view(world).filing
    assert filing is not None
    request = who.act("case.archive", chain_of(world.case), body={**filing, **changes}, step_up=True)
    return world.door.perform(who.actor, lambda work: archives.file(work, world.case, request))


def hold(world: Tender, by: Person, document: str = "临建监〔2027〕3号") -> str:
    """An order that keeps the case as it is; returns the digest by which it is lifted."""
    request = by.act("archive.hold", chain_of(world.case), body={"document": document, "reason": "投诉处理期间封存。"}, step_up=True)
    return str(world.door.perform(by.actor, lambda work: archives.hold(work, world.case, request))["hold"])


def lift(world: Tender, by: Person, placed: str) -> dict[str, JSON]:
    """The order is lifted."""
    body = {"hold": placed, "document": "临建监〔2027〕9号", "reason": "投诉已处理。"}
    request = by.act("archive.lift", chain_of(world.case), body=body, step_up=True)
    return world.door.perform(by.actor, lambda work: archives.lift(work, world.case, request))


def archived(case: Whole) -> Path:
    """The closed case of a world in the archive, held once, and the log has it all; returns its archive package."""
    world = case.hall.tender
    prepare(case.platform, world)
    file(world)
    hold(world, world.supervisor)
    case.deliver()
    case.log.grow_and_witness(world.door)
    return case.hall.files.path(view(world).package_sha256)

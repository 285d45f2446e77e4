"""What happens to a tender document while bids are taken, made through the services: amendments, questions, clarifications, receipts."""

from __future__ import annotations

from typing import Any

from core.kernel.jcs import JSON
from tests.builders.people import Person
from tests.builders.trading import Tender
from trading.domain.draft import DraftKind
from trading.queries import document_versions as versions
from trading.services import amendments, clarifications, downloads, drafts


def standing(world: Tender) -> dict[str, Any]:
    """The content of the version in force, without its digest."""
    body = world.door.read(lambda session: versions.standing_body(session, world.lot))
    return {name: value for name, value in body.items() if name != "document_sha256"}


def draft_amendment(world: Tender, reason: str = "补充说明", **changes: Any) -> dict[str, JSON]:
    """The agency drafts an amendment; `changes` of the document, `affects_bids` and `not_before` of the amendment itself."""
    said = {"affects_bids": changes.pop("affects_bids", True), "not_before": changes.pop("not_before", "")}
    content: dict[str, Any] = {"document": standing(world) | changes, "reason": reason, **said}
    return world.door.perform(world.agency.actor, lambda work: drafts.save(work, world.number, DraftKind.AMENDMENT, content))


def publish_amendment(world: Tender, body: dict[str, JSON]) -> dict[str, JSON]:
    """The tenderer signs it."""
    request = world.tenderer.act("document.amend", world.case, world.no, body=body, step_up=True)
    return world.door.perform(world.tenderer.actor, lambda work: amendments.publish(work, world.number, request))


def amend(world: Tender, reason: str = "补充说明", **changes: Any) -> dict[str, JSON]:
    """Both; without changes a file is added."""
    changes = changes or {"files": [*standing(world)["files"], world.upload(b"%PDF-1.7 addendum") | {"name": "补遗.pdf"}]}
    return publish_amendment(world, draft_amendment(world, reason, **changes))


def ask(world: Tender, firm: Person, text: str) -> dict[str, JSON]:
    """A firm asks about the document."""
    return world.door.perform(firm.actor, lambda work: clarifications.ask(work, world.number, text))


def clarify(world: Tender, *answers: dict[str, Any], affects_bids: bool = False) -> dict[str, JSON]:
    """The agency answers to everybody."""
    content: dict[str, Any] = {"answers": list(answers), "affects_bids": affects_bids}
    body = world.door.perform(world.agency.actor, lambda work: drafts.save(work, world.number, DraftKind.CLARIFICATION, content))
    request = world.agency.act("clarification.publish", world.case, world.no, body=body)
    return world.door.perform(world.agency.actor, lambda work: clarifications.publish(work, world.number, request))


def receipt(world: Tender, firm: Person) -> dict[str, JSON]:
    """A firm has its download receipted."""
    return world.door.perform(firm.actor, lambda work: downloads.give_receipt(work, world.number))

"""Tender plans, made through the services."""

from __future__ import annotations

from typing import Any

from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from tests.builders.people import Person
from tests.builders.trading import Tender
from trading.queries import plans as queries
from trading.queries.plans import PlanView
from trading.services import plans


def entry(**changes: Any) -> dict[str, Any]:
    """What a plan says."""
    made: dict[str, Any] = {
        "title": "临江市滨江路提升工程施工",
        "content": "道路提升 3.2 公里，含排水、照明",
        "regime": "construction",
        "category": "construction",
        "region": "临江市",
        "amount_fen": 15_000_000_000,
        "month": "2099-01",
        "note": "",
    }
    return made | changes


def drafted(world: Tender, **changes: Any) -> str:
    """The tenderer keeps a draft; returns its number."""
    return world.door.perform(world.tenderer.actor, lambda work: plans.create(work, entry(**changes)))


def see(world: Tender, number: str, by: Person | None = None) -> PlanView:
    """The plan as somebody sees it."""
    who = by or world.tenderer
    return world.door.read(lambda session: queries.by_number(session, number, who.actor, world.now))


def publish(world: Tender, number: str, by: Person | None = None, **changes: Any) -> dict[str, JSON]:
    """The tenderer, or somebody else, publishes it."""
    who = by or world.tenderer
    request = who.act("plan.publish", CaseId(number), body=entry(**changes), step_up=True)
    return world.door.perform(who.actor, lambda work: plans.publish(work, number, request))


def change(world: Tender, number: str, replaces: str, **changes: Any) -> dict[str, JSON]:
    """The tenderer changes it."""
    body = entry(**changes) | {"reason": "前期工作推迟", "replaces": replaces}
    request = world.tenderer.act("plan.change", CaseId(number), body=body, step_up=True)
    return world.door.perform(world.tenderer.actor, lambda work: plans.change(work, number, request))


def cancel(world: Tender, number: str, replaces: str) -> dict[str, JSON]:
    """The tenderer gives it up."""
    request = world.tenderer.act("plan.cancel", CaseId(number), body={"reason": "资金未落实", "replaces": replaces}, step_up=True)
    return world.door.perform(world.tenderer.actor, lambda work: plans.cancel(work, number, request))


def published(world: Tender, **changes: Any) -> str:
    """A published plan; returns its number."""
    number = drafted(world, **changes)
    publish(world, number, **changes)
    return number

"""Orders on a lot, signed by who may give them."""

from __future__ import annotations

from typing import Any

from core.kernel import clock
from core.kernel.jcs import JSON
from tests.builders.people import Person
from tests.builders.trading import Tender
from trading.domain.lot_order import earliest_deadline
from trading.services import lot_orders


def terminate(world: Tender, by: Person | None = None, reason: str = "规划调整，本项目不再实施。") -> dict[str, JSON]:
    """The tenderer, or somebody else, ends the lot."""
    who = by or world.tenderer
    request = who.act("lot.terminate", world.case, world.no, body={"reason": reason}, step_up=True)
    return world.door.perform(who.actor, lambda work: lot_orders.terminate(work, world.number, request))


def suspend(world: Tender, by: Person | None = None) -> dict[str, JSON]:
    """The supervisor suspends it."""
    who = by or world.supervisor
    request = who.act("lot.suspend", world.case, world.no, body={"reason": "招标文件涉嫌排斥潜在投标人，调查期间暂停。"}, step_up=True)
    return world.door.perform(who.actor, lambda work: lot_orders.suspend(work, world.number, request))


def resumption(world: Tender, **changes: Any) -> dict[str, Any]:
    """The body of a resumption with the earliest deadline."""
    lot = world.lot
    assert lot.deadline is not None and lot.suspended_at is not None
    deadline = clock.text(earliest_deadline(lot.law, lot.deadline, lot.suspended_at, world.now))
    body = {"reason": "调查结束，恢复招标投标。", "suspend_sha256": lot.suspend_sha256, "deadline": deadline, "opening_at": deadline}
    return body | changes


def resume(world: Tender, **changes: Any) -> dict[str, JSON]:
    """The supervisor lets it go on."""
    request = world.supervisor.act("lot.resume", world.case, world.no, body=resumption(world, **changes), step_up=True)
    return world.door.perform(world.supervisor.actor, lambda work: lot_orders.resume(work, world.number, request))

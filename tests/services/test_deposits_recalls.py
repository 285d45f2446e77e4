"""A refund in doubt is recalled by two persons; the bank stops it or has paid it, and the ledger is right either way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.kernel import chain
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.ids import CaseId, RefundId
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits import jobs_recalls
from deposits.queries import finance
from deposits.queries import recalls as queries
from deposits.services import recalls, refunds
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person

PENDING = 60_000  # ms


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    """The first firm has paid and bid, and the contract is signed."""
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(2)
        made.paid(*made.firms)
        made.close(*made.firms)
        made.schedule(made.firms[0])
        yield made
        assert made.door.read(finance.audit) == finance.Audit((), True, ())


@pytest.fixture
def clerk(world: World) -> Person:
    return world.crowd.join(Role.FINANCE, "临江市公共资源交易中心", "钱会计")


@pytest.fixture
def chief(world: World) -> Person:
    return world.crowd.join(Role.FINANCE, "临江市公共资源交易中心", "沈科长")


def sign(world: World, who: Person, step: str, body: dict[str, Any], number: str = "") -> Any:
    service = {"propose": recalls.propose, "approve": recalls.approve, "drop": recalls.drop}[step]
    request = who.act(f"recall.{step}", f"D-{number or world.number}", body=body, step_up=True)
    return world.door.perform(who.actor, lambda work: service(work, number or world.number, request))


def body(world: World, **changes: Any) -> dict[str, Any]:
    (one,) = world.door.read(queries.underway)
    return {"refund": str(one.refund), "total_fen": one.total.fen, "reason": "收款账号有疑问"} | changes


def propose(world: World, who: Person) -> dict[str, Any]:
    return {"proposal_sha256": sign(world, who, "propose", body(world))["proposal_sha256"], "reason": ""}


def refused(kind: type[Refusal], do: Any, *args: Any) -> str:
    with pytest.raises(kind) as refusal:
        do(*args)
    return refusal.value.code


def states(world: World) -> tuple[str, list[str], list[str]]:
    view = world.view(world.firms[0])
    return view.state, [one.state for one in view.refunds], [one.state.value for one in world.door.read(lambda s: queries.listed(s, None))]


def kinds(world: World) -> list[str]:
    events = world.door.read(lambda session: chain.events(session, CaseId(f"D-{world.number}")))
    return [event.kind for event in events if event.kind.startswith(("recall", "refund.fail"))]


def test_what_the_bank_stops_is_the_deposit_again_and_paid_once_more(world: World, clerk: Person, chief: Person) -> None:
    world.sandbox._faults({"pend_orders": 1, "pend_ms": PENDING})
    world.send()
    assert world.view(world.firms[0]).refunds[0].state == "in_doubt"
    assert refused(RuleBroken, sign, world, clerk, "propose", body(world, total_fen=1)) == "recall.amount"
    first = body(world)
    proposal = propose(world, clerk)
    assert refused(WrongState, sign, world, chief, "propose", first) == "recall.nothing_to_recall"
    assert refused(NotAllowed, sign, world, clerk, "approve", proposal) == "recall.same_person"
    assert jobs_recalls.ask(world.door, world.bank) == 0
    sign(world, chief, "approve", proposal)
    assert jobs_recalls.ask(world.door, world.bank) == 1
    assert states(world) == ("refund_failed", ["rejected"], ["stopped"])
    assert world.view(world.firms[0]).refunds[0].cause == "DS02"
    assert kinds(world) == ["recall.propose", "recall.approve", "recall.answer", "refund.fail"]
    world.ask_again()
    refund = RefundId(UUID(world.view(world.firms[0]).refunds[0].id))
    world.door.perform(clerk.actor, lambda work: refunds.retry(work, refund))
    world.send()
    world.read_notices()
    assert states(world) == ("refunded", ["rejected", "confirmed"], ["stopped"])
    assert jobs_recalls.ask(world.door, world.bank) == 0


def test_what_the_bank_has_paid_it_does_not_stop(world: World, clerk: Person, chief: Person) -> None:
    world.sandbox._faults({"lose_answers": 1})
    world.send()
    sign(world, chief, "approve", propose(world, clerk))
    jobs_recalls.ask(world.door, world.bank)
    told = world.door.read(lambda session: queries.listed(session, clerk.person))[0]
    assert (told.state.value, told.cause, told.is_mine, told.approver) == ("refused", "AGNT", True, "沈科长")
    world.read_notices()
    assert states(world) == ("refunded", ["confirmed"], ["refused"])
    assert kinds(world) == ["recall.propose", "recall.approve", "recall.answer"]


def test_a_lost_answer_is_asked_for_again_under_the_same_case(world: World, clerk: Person, chief: Person) -> None:
    world.sandbox._faults({"pend_orders": 1, "pend_ms": PENDING})
    world.send()
    sign(world, chief, "approve", propose(world, clerk))
    world.sandbox._faults({"lose_answers": 1})
    jobs_recalls.ask(world.door, world.bank)
    assert states(world)[2] == ["asked"]
    assert jobs_recalls.ask(world.door, world.bank) == 0  # not at once
    world.jump(timedelta(seconds=11))
    jobs_recalls.ask(world.door, world.bank)
    assert states(world) == ("refund_failed", ["rejected"], ["stopped"])


def test_a_dropped_recall_asks_nobody_and_another_may_follow(world: World, clerk: Person, chief: Person) -> None:
    world.sandbox._faults({"pend_orders": 1, "pend_ms": PENDING})
    world.send()
    proposal = propose(world, clerk)
    sign(world, chief, "drop", proposal)
    assert refused(WrongState, sign, world, chief, "approve", proposal) == "recall.approve.wrong_state"
    assert jobs_recalls.ask(world.door, world.bank) == 0
    propose(world, chief)
    assert states(world)[2] == ["proposed", "dropped"]


def test_of_a_sealed_lot_nothing_is_said(door: Door, clock_file: Path, tmp_path: Path) -> None:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(1)
        made.paid(*made.firms)
        clerk = made.crowd.join(Role.FINANCE, "临江市公共资源交易中心")
        made.sandbox._faults({"pend_orders": 1, "pend_ms": PENDING})
        made.schedule(made.firms[0], reason="withdrawn")
        made.send()
        said = {"refund": made.view(made.firms[0]).refunds[0].id, "total_fen": 80_000_000, "reason": "有疑问"}
        assert made.door.read(queries.underway) == ()
        sealed = refused(NotFound, sign, made, clerk, "propose", said)
        assert sealed == refused(NotFound, sign, made, clerk, "propose", said, "T2026-000099-1") == "refund.not_found"

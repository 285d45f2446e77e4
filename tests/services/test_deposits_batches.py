"""Batches of refunds: gathered from opened lots alone, released by the clock or by two persons, answered, in doubt, and paid once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.kernel import chain, outbox
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotAllowed, RuleBroken, Stale
from core.kernel.jcs import JSON
from core.kernel.outbox import Outside
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits import jobs
from deposits.domain.batch import CHAIN, Release
from deposits.queries import batches as queries
from deposits.queries import due, finance
from deposits.services import batches
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(4)
        yield made


@pytest.fixture
def clerks(world: World) -> list[Person]:
    return [world.crowd.join(Role.FINANCE, "临江市公共资源交易中心") for _ in range(2)]


def listed(world: World) -> tuple[queries.BatchLine, ...]:
    return world.door.read(queries.listed)


def page(world: World, who: Person) -> queries.BatchPage:
    return world.door.read(lambda session: queries.page(session, listed(world)[0].number, who.person))


def sign(world: World, who: Person, **changes: Any) -> dict[str, JSON]:
    body: dict[str, Any] = {**page(world, who).body, **changes}
    request = who.act("batch.release", CHAIN, body=body, step_up=True)
    number = str(body["batch"])
    return world.door.perform(who.actor, lambda work: batches.release(work, number, request))


def send(world: World) -> int:
    """What the tick does where two persons release."""
    sent = jobs.send_due(world.door, Release.TWO_PERSONS)
    outbox.deliver(world.door, {batches.ORDER: Outside(lambda door, payload: jobs.carry_batch(door, world.bank, payload))})
    return sent


def test_refunds_of_opened_lots_go_together_and_those_of_sealed_ones_alone(world: World) -> None:
    sealed, *others = world.firms
    world.paid(*world.firms)
    world.schedule(sealed, reason="withdrawn")
    assert (world.send(), listed(world)) == (1, ())
    world.close(*others)
    world.schedule(*others)
    assert world.send() == 3
    (line,) = listed(world)
    assert (line.count, line.sent, line.confirmed, line.percent, line.first) == (3, 3, 0, 0, "")
    world.read_notices()
    (line,) = listed(world)
    assert (line.sent, line.confirmed, line.percent) == (0, 3, 100)
    assert [event.kind for event in world.door.read(lambda session: chain.events(session, CHAIN))] == ["batch.make"]
    assert world.door.read(lambda session: queries.listed(session, "", unsettled=True)) == ()


def test_two_persons_release_what_they_saw(world: World, clerks: list[Person]) -> None:
    first, second = clerks
    world.paid(*world.firms)
    world.close(*world.firms)
    world.schedule(world.firms[0])
    assert (send(world), listed(world)[0].count) == (0, 1)
    world.schedule(*world.firms[1:])
    assert (send(world), listed(world)[0].count, len(listed(world))) == (0, 4, 1)
    with pytest.raises(Stale, match=r"batch\.changed"):
        sign(world, first, count=1)
    with pytest.raises(NotAllowed):
        sign(world, world.crowd.join(Role.CENTRE, "临江市公共资源交易中心"))
    assert sign(world, first)["state"] == "signed"
    with pytest.raises(NotAllowed, match="same_person"):
        sign(world, first)
    assert page(world, first).is_first and not page(world, second).is_first
    assert send(world) == 0
    assert sign(world, second)["state"] == "released"
    assert send(world) == 4
    with pytest.raises(RuleBroken):  # nothing is left in it to be released
        sign(world, second)
    world.read_notices()
    (line,) = listed(world)
    assert (line.confirmed, line.first, line.second) == (4, first.name, second.name)
    kinds = [event.kind for event in world.door.read(lambda session: chain.events(session, CHAIN))]
    assert kinds == ["batch.make", "batch.make", "batch.release", "batch.release"]


def test_a_batch_that_is_signed_takes_no_more(world: World, clerks: list[Person]) -> None:
    world.paid(*world.firms)
    world.close(*world.firms)
    world.schedule(world.firms[0])
    send(world)
    sign(world, clerks[0])
    world.schedule(*world.firms[1:])
    send(world)
    assert [line.count for line in listed(world)] == [3, 1]


def test_a_platform_that_dies_half_way_pays_everybody_once(world: World, clerks: list[Person], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "TOGETHER", 1)
    world.paid(*world.firms)
    world.close(*world.firms)
    world.schedule(*world.firms)
    send(world)
    for clerk in clerks:
        sign(world, clerk)
    unsent, unheard, *rest = world.door.read(lambda session: due.released(session, world.door.clock(session)))
    assert len(rest) == 2
    for part in (unsent, unheard):  # both are promised
        world.door.perform(SYSTEM_ACTOR, lambda work, part=part: batches.send_some(work, part))  # type: ignore[misc]  # bound by default
    told = world.door.read(lambda session: due.orders(session, unheard[1]))
    world.bank.orders(
        "m", told
    )  # the bank pays one of them; then the platform dies, before it has heard, and before the other's order left
    assert (send(world), send(world)) == (2, 0)
    world.ask_again()
    world.read_notices()
    assert [(line.count, line.sent, line.confirmed) for line in listed(world)] == [(4, 0, 4)]
    assert all(world.view(firm).state == "refunded" for firm in world.firms)
    keyed = [[row for row in world.sandbox.books.movements(world.account_of(firm)) if row["end_to_end_id"]] for firm in world.firms]
    assert [len(rows) for rows in keyed] == [1, 1, 1, 1]
    assert world.door.read(finance.audit) == finance.Audit((), True, ()) and jobs.reconcile(world.door, world.bank)


def test_what_the_bank_leaves_unsaid_is_in_doubt_and_what_is_pending_is_asked_again(world: World) -> None:
    world.paid(*world.firms)
    world.close(*world.firms)
    world.sandbox.books.faults.set("lose_statuses", 1)
    world.sandbox.books.faults.set("hold_notices", 1)
    world.schedule(*world.firms)
    assert world.send() == 4
    states = [world.view(firm).refunds[0].state for firm in world.firms]
    assert sorted(states) == ["accepted", "accepted", "accepted", "in_doubt"]
    assert world.ask_again() == 1
    world.read_notices()
    world.read_notices()
    assert [line.confirmed for line in listed(world)] == [4]
    assert world.door.read(finance.audit) == finance.Audit((), True, ())


def test_a_released_batch_leaves_out_what_is_held_since(world: World, clerks: list[Person]) -> None:
    world.paid(*world.firms)
    world.close(*world.firms)
    world.schedule(*world.firms)
    send(world)
    for clerk in clerks:
        sign(world, clerk)
    held = world.view(world.firms[0]).id
    world.door.perform(SYSTEM_ACTOR, lambda work: _hold(work, held))
    assert send(world) == 3
    world.jump(timedelta(days=1))
    assert send(world) == 0


def _hold(work: Any, deposit: Any) -> None:
    """A hold as it stands in the table: its order is tested elsewhere."""
    from core.kernel.ids import new_id
    from deposits.domain.hold import HoldKind, HoldState
    from deposits.models.holds import DepositHold

    now = work.now()
    facts = {"kind": HoldKind.COURT, "state": HoldState.STANDING, "reason": "x", "document": "x", "over_reason": ""}
    row = DepositHold(id=new_id(now), sha256="a" * 64, deposit_id=deposit, placed_at=now, ends_at=now, **facts)
    work.session.add(row)

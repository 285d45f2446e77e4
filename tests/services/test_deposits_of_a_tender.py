"""Deposits of a tender: what notice, withdrawal, deadline, opening, failure and contract do to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits.queries import finance
from tests.builders.bids import Hall, hall
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.orders import resume, suspend, terminate
from tests.builders.trading import DAY, tender
from trading.queries.deposits import deposit_list
from trading.queries.standing import deposit_stands
from trading.services import awards, lots

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    return hall(tender(door, clock_file), tmp_path)


@pytest.fixture
def world(room: Hall, door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.number, made.lot, made.crowd = room.number, room.tender.lot_id, room.tender.crowd
        made.firms = room.tender.join_bidders(4)
        for firm in made.firms:
            made.register(firm)
        yield made


def states(world: World) -> list[str]:
    return [world.view(firm).state for firm in world.firms]


def listed(world: World, actor: Actor) -> dict[str, str]:
    found = world.door.read(lambda session: deposit_list(session, world.number, actor))
    return {view.org_name: view.state for view in found.deposits}


@pytest.mark.on_both
def test_the_notice_asks_and_the_deadline_and_the_opening_tell(room: Hall, world: World) -> None:
    first, second, third, idle = world.firms
    assert world.view(first).required == Money.yuan("800000.00")
    world.paid(*world.firms)
    stands = world.door.read(lambda session: deposit_stands(session, world.lot, first.org))
    assert stands is True
    for bidder in (first, second, third):
        room.seal(bidder)
    centre = room.tender.centre.actor
    with pytest.raises(NotAllowed, match=r"deposit\.sealed"):
        listed(world, centre)
    room.close()
    assert states(world) == ["locked", "locked", "locked", "refund_due"]
    with pytest.raises(NotAllowed, match=r"deposit\.sealed"):
        listed(world, centre)
    room.grow()
    room.start()
    assert listed(world, centre) == {firm.org_name: world.view(firm).state for firm in world.firms}
    assert listed(world, room.tender.tenderer.actor).keys() == listed(world, centre).keys()
    with pytest.raises(NotAllowed, match=r"deposit\.sealed"):
        listed(world, first.actor)
    other = replace(room.tender.tenderer.actor, org=first.org)
    with pytest.raises(NotAllowed, match=r"deposit\.sealed"):
        listed(world, other)
    clerk = Actor(person=room.tender.centre.person, org=room.tender.centre.org, roles=frozenset({Role.FINANCE}))
    assert listed(world, clerk).keys() == listed(world, centre).keys()
    assert idle.org_name in listed(world, clerk)


def test_who_withdraws_before_the_deadline_is_refunded_and_nobody_hears_of_it(room: Hall, world: World) -> None:
    firm = world.firms[0]
    world.paid(firm)
    room.withdraw(firm, room.seal(firm))
    (refund,) = world.view(firm).refunds
    assert refund.reason == "withdrawn"
    assert room.tender.lot.law.ends_at("T14A", room.tender.now) == refund.due_at
    world.send()
    world.read_notices()
    assert (world.view(firm).state, world.balance_of(firm)) == ("refunded", "800000.00")
    page = world.door.read(lambda session: finance.page(session, world.now))
    assert (page.lines, page.unknown, page.overdue, page.reconciliation.ledger) == ((), (), 0, None)


def test_a_lot_that_failed_refunds_everybody_and_may_be_known(room: Hall, world: World) -> None:
    world.paid(*world.firms)
    for bidder in world.firms[:2]:
        room.seal(bidder)
    room.close()
    assert states(world) == ["refund_due"] * 4
    assert [world.view(firm).refunds[0].reason for firm in world.firms] == ["lot_failed", "lot_failed", "no_bid", "no_bid"]
    assert len(listed(world, room.tender.centre.actor)) == 4


def test_with_the_contract_every_bidders_deposit_goes_back_in_time(room: Hall, world: World) -> None:
    made, bidders = room.tender, world.firms[:3]
    world.paid(*bidders)
    for bidder in bidders:
        room.seal(bidder)
    room.close()
    room.grow()
    room.start()
    made.step(lots.begin_evaluation)
    made.accept_report([bidder.org for bidder in bidders])
    made.publish_candidates()
    made.end_publicity()
    made.step(awards.accept_award_decision, bidders[0].org, "ef" * 32)
    made.send_award_notice()
    made.sign_contract(made.tenderer)
    assert states(world)[:3] == ["locked"] * 3
    made.sign_contract(bidders[0])
    assert states(world)[:3] == ["refund_due"] * 3
    due = {world.view(bidder).refunds[0].due_at for bidder in bidders}
    assert made.lot.contract_at is not None
    assert due == {made.lot.law.ends_at("T14", made.lot.contract_at)}
    world.send()
    world.read_notices()
    assert states(world)[:3] == ["refunded"] * 3
    back = {Money.yuan(world.balance_of(bidder)) for bidder in bidders}
    assert all(amount > Money.yuan("800000.00") for amount in back)
    audit = world.door.read(finance.audit)
    assert audit == finance.Audit((), True, ())


def test_a_lot_without_a_deposit_has_nothing_to_stand(door: Door, clock_file: Path, tmp_path: Path) -> None:
    room = hall(tender(door, clock_file), tmp_path, deposit_fen=0)
    found = door.read(lambda session: deposit_stands(session, room.tender.lot_id, room.tender.centre.org))
    assert found is None


@pytest.mark.on_both
def test_a_termination_gives_every_deposit_back_with_interest_and_finance_alone_sees_whose(room: Hall, world: World) -> None:
    paid, sealed, idle, _ = world.firms
    world.paid(paid, sealed)
    room.seal(sealed)
    terminate(room.tender)
    assert states(world) == ["refund_due", "refund_due", "", ""]
    assert {refund.reason for refund in world.view(paid).refunds} == {"lot_terminated"}
    for who in (room.tender.tenderer, room.tender.agency, room.tender.centre, room.tender.supervisor):
        with pytest.raises(NotAllowed, match=r"deposit\.sealed"):
            listed(world, who.actor)  # it may be tendered again
    lines = world.door.read(lambda session: finance.page(session, room.tender.now)).lines
    assert {line.org_name for line in lines} == {paid.org_name, sealed.org_name}
    assert idle.org_name not in {line.org_name for line in lines}


def test_while_a_lot_stands_still_no_deposit_comes_too_late(room: Hall, world: World) -> None:
    first, second, *_ = world.firms
    before = room.tender.lot.deadline
    assert before is not None
    suspend(room.tender)
    room.tender.jump(before + DAY)
    world.paid(first)
    assert world.view(first).state == "matched" and world.view(first).deadline is None
    resume(room.tender)
    world.paid(second)
    assert world.view(second).state == "matched" and world.view(second).deadline == room.tender.lot.deadline

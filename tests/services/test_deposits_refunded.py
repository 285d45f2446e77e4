"""Deposits refunded: with interest, exactly once, whatever the bank forgets to say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.kernel import chain
from core.kernel.errors import NotAllowed, NotFound, WrongState
from core.kernel.ids import CaseId, RefundId
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits import jobs
from deposits.queries import finance
from deposits.queries import requirements as queries
from deposits.services import refunds
from tests.builders.deposits import AMOUNT, World
from tests.builders.deposits import world as build

CASE = CaseId("D-T2026-000001-1")


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join()
        yield made


def states(world: World) -> list[str]:
    return [world.view(firm).state for firm in world.firms]


def agree(world: World) -> None:
    """The bank's books and the ledger are equal, and the ledger is what its transfers say."""
    audit = world.door.read(finance.audit)
    assert audit == finance.Audit((), True, ())
    assert jobs.reconcile(world.door, world.bank)
    assert world.door.read(finance.reconciliation).agrees is True


def test_after_the_contract_every_bidder_has_its_deposit_and_interest_back(world: World) -> None:
    world.paid(*world.firms)
    world.close(*world.firms)
    assert states(world) == ["locked"] * 3
    world.jump(timedelta(days=37))
    world.schedule(*world.firms)
    assert states(world) == ["refund_due"] * 3
    assert world.send() == 3
    assert states(world) == ["refunding"] * 3
    world.read_notices()
    assert states(world) == ["refunded"] * 3
    # 800,000 yuan at 0.05 % a year for 47 or 48 days, by the hour at which this test runs
    assert all(world.balance_of(firm) in ("800052.22", "800053.33") for firm in world.firms)
    (refund,) = world.view(world.firms[0]).refunds
    assert (refund.principal, refund.reason, refund.state) == (AMOUNT, "contract_signed", "confirmed")
    assert refund.confirmed_at is not None
    agree(world)
    told = [event.kind for event in world.door.read(lambda session: chain.events(session, CASE))]
    assert [told.count(kind) for kind in ("deposit.lock", "refund.schedule", "refund.send", "refund.confirm")] == [3, 1, 3, 3]


def test_scheduling_twice_refunds_once(world: World) -> None:
    world.paid(*world.firms)
    world.close(*world.firms)
    world.schedule(*world.firms)
    world.schedule(*world.firms, reason="lot_failed")
    assert (world.send(), world.send()) == (3, 0)
    world.schedule(*world.firms)
    world.read_notices()
    world.schedule(*world.firms)
    assert world.send() == 0
    assert [len(world.view(firm).refunds) for firm in world.firms] == [1, 1, 1]


def test_a_firm_that_did_not_bid_is_refunded_at_the_deadline_and_a_lot_without_deposits_is_left_alone(world: World) -> None:
    world.paid(*world.firms)
    world.close(world.firms[0])
    assert states(world) == ["locked", "refund_due", "refund_due"]
    assert world.view(world.firms[1]).refunds[0].reason == "no_bid"
    world.door.perform(world.firms[0].actor, lambda work: refunds.schedule(work, RefundId(work.actor.person), [], "lot_failed", work.now()))  # type: ignore[arg-type]


def test_after_a_withdrawal_a_firm_may_pay_again(world: World) -> None:
    firm = world.firms[0]
    world.paid(firm)
    first = world.view(firm).sub_account
    world.schedule(firm, reason="withdrawn")
    world.send()
    world.read_notices()
    assert (world.view(firm).state, world.balance_of(firm)) == ("refunded", "800000.00")
    world.paid(firm)
    assert world.view(firm).sub_account != first
    world.close(firm)
    assert world.view(firm).state == "locked"
    agree(world)


def test_an_answer_that_got_lost_is_a_doubt_and_asking_again_pays_nothing_twice(world: World) -> None:
    world.paid(*world.firms)
    world.close(*world.firms)
    world.sandbox.books.set_fault("lose_answers", 1)  # of one message with all three orders
    world.sandbox.books.set_fault("hold_notices", 1)
    world.schedule(*world.firms)
    world.send()
    assert [world.view(firm).refunds[0].state for firm in world.firms] == ["in_doubt"] * 3
    assert world.door.read(lambda session: finance.page(session, world.now)).in_doubt == 3
    assert world.ask_again() == 3
    assert [world.view(firm).refunds[0].state for firm in world.firms] == ["accepted"] * 3
    world.read_notices()
    world.read_notices()
    assert states(world) == ["refunded"] * 3
    assert {world.balance_of(firm)[:6] for firm in world.firms} == {"800011"}
    assert world.ask_again() == 0
    agree(world)


def test_a_notice_may_be_faster_than_the_answer(world: World) -> None:
    firm = world.firms[0]
    world.paid(firm)
    world.close(firm)
    world.sandbox.books.set_fault("lose_answers", 1)
    world.schedule(firm)
    world.send()
    world.read_notices()
    (refund,) = world.view(firm).refunds
    assert refund.state == "confirmed"
    jobs.order(world.door, world.bank, RefundId(UUID(refund.id)))
    assert world.view(firm).refunds[0].state == "confirmed"
    agree(world)


def test_a_bank_that_is_away_is_asked_until_it_is_back(world: World) -> None:
    firm = world.firms[0]
    world.paid(firm)
    world.close(firm)
    world.schedule(firm)
    world.sandbox.books.set_fault("down", 2)
    world.send()
    assert world.view(firm).refunds[0].state == "in_doubt"
    world.ask_again()
    assert world.view(firm).refunds[0].state == "in_doubt"
    world.ask_again()
    world.read_notices()
    assert world.view(firm).state == "refunded"
    agree(world)


def test_a_closed_account_fails_the_refund_and_finance_tries_again(world: World) -> None:
    firm, clerk = world.firms[0], world.crowd.join(Role.FINANCE, "临江市公共资源交易中心", keys=False)
    world.paid(firm)
    world.close(firm)
    world.sandbox.books.close_account(world.account_of(firm))
    world.schedule(firm)
    world.send()
    seen = world.view(firm)
    assert (seen.state, seen.refunds[0].state, seen.refunds[0].cause) == ("refund_failed", "rejected", "AC04")
    agree(world)
    failed = RefundId(UUID(seen.refunds[0].id))
    with pytest.raises(NotAllowed):
        world.door.perform(firm.actor, lambda work: refunds.retry(work, failed))
    world.sandbox.books._database.execute("UPDATE account SET closed = 0")
    world.door.perform(clerk.actor, lambda work: refunds.retry(work, failed))
    with pytest.raises(NotFound, match=r"refund\.replaced"):
        world.door.perform(clerk.actor, lambda work: refunds.retry(work, failed))
    world.send()
    world.read_notices()
    assert world.view(firm).state == "refunded"
    assert [refund.state for refund in world.view(firm).refunds] == ["rejected", "confirmed"]
    agree(world)


def test_a_refund_is_sent_once(world: World) -> None:
    firm = world.firms[0]
    world.paid(firm)
    world.close(firm)
    world.schedule(firm)
    refund = RefundId(UUID(world.view(firm).refunds[0].id))
    world.door.perform(firm.actor, lambda work: refunds.send(work, refund))
    with pytest.raises(WrongState):
        world.door.perform(firm.actor, lambda work: refunds.send(work, refund))


def test_a_debit_that_nobody_ordered_is_a_difference(world: World) -> None:
    from core.kernel import clock
    from deposits.domain.messages import PaymentOrder

    firm = world.firms[0]
    world.paid(firm)
    theft = PaymentOrder("f" * 32, world.now, "x", world.view(firm).sub_account, firm.org_name, world.account_of(firm), Money(100), "x")
    world.sandbox.books.execute(theft, clock.moment(clock.text(world.now)))
    world.read_notices()
    assert world.door.read(finance.audit).unexplained
    assert jobs.reconcile(world.door, world.bank)
    found = world.door.read(finance.reconciliation)
    assert (found.agrees, found.ledger, found.bank) == (False, None, None)
    world.close(firm)
    found = world.door.read(finance.reconciliation)
    assert (found.ledger, found.bank) == (AMOUNT, AMOUNT - Money(100))


def test_finance_and_the_parties_see_opened_lots(world: World) -> None:
    world.paid(*world.firms)
    world.close(*world.firms[:2])
    page = world.door.read(lambda session: finance.page(session, world.now))
    assert sorted(line.state for line in page.lines) == ["locked", "locked", "refund_due"]
    listed = world.door.read(lambda session: queries.listed(session, world.number, frozenset({Role.TENDERER})))
    assert {deposit.org_name for deposit in listed} == {firm.org_name for firm in world.firms}
    with pytest.raises(NotAllowed):
        world.door.read(lambda session: queries.listed(session, world.number, frozenset({Role.BIDDER})))
    world.jump(timedelta(days=6))
    assert world.door.read(lambda session: finance.page(session, world.now)).overdue == 1

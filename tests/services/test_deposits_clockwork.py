"""The clockwork of deposits: with a bank money comes and goes by itself, without one it waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.kernel import outbox
from core.kernel.work import Door
from core.settings import Settings
from deposits import jobs
from deposits.gateway import Bank, BankSilent
from deposits.queries import finance
from deposits.services import claim_letters, guarantee_letters, letters, order_letters, refunds, relief_letters, waiver_letters
from tests.builders.deposits import World
from tests.builders.deposits import world as build


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(2)
        yield made


def platform(settings: Settings, url: str) -> Any:
    return SimpleNamespace(settings=replace(settings, bank_url=url))


def test_with_a_bank_deposits_come_and_go_by_themselves(world: World, settings: Settings) -> None:
    here = platform(settings, world.bank.url)
    ticks, heard = {tick.name: tick for tick in jobs.ticks(here)}, jobs.subscriptions(here)
    for firm in world.firms:
        world.request(firm)
        world.pay(firm)
    ticks["deposits.notices"].run(world.door)
    assert [world.view(firm).state for firm in world.firms] == ["matched"] * 2
    world.close(*world.firms)
    world.schedule(*world.firms)
    world.sandbox.books.set_fault("lose_answers", 1)
    ticks["deposits.send"].run(world.door)
    assert outbox.deliver(world.door, heard) == 2  # one message with both letters, one with both orders
    world.sandbox.books.set_fault("down", 1)
    ticks["deposits.notices"].run(world.door)  # silent this time, and no fault of ours
    for name in ("deposits.ask", "deposits.notices", "deposits.lapse", "deposits.reconcile"):
        ticks[name].run(world.door)
    assert [world.view(firm).state for firm in world.firms] == ["refunded"] * 2
    assert world.door.read(finance.reconciliation).agrees is True


def test_without_a_bank_refunds_wait(world: World, settings: Settings) -> None:
    here = platform(settings, "")
    alone = {tick.name for tick in jobs.ticks(here)}
    asking = {tick.name for tick in jobs.ticks(platform(settings, world.bank.url))} - alone
    assert {"deposits.lapse", "deposits.holds_end"} <= alone
    assert asking == {
        "deposits.notices",
        "deposits.recalls",
        "deposits.send",
        "deposits.ask",
        "deposits.reconcile",
        "deposits.settle_payouts",
        "deposits.statements",
    }
    told = [
        letters.TOPIC,
        order_letters.TOPIC,
        waiver_letters.TOPIC,
        relief_letters.PROPOSED,
        relief_letters.TOPIC,
        guarantee_letters.TOPIC,
        claim_letters.TOPIC,
    ]
    assert list(jobs.subscriptions(here)) == told
    with pytest.raises(BankSilent):  # also where nothing was ever paid: a silent bank must not tell whether somebody has
        jobs.reconcile(world.door, Bank("http://127.0.0.1:1"))


def test_an_answer_that_is_none_of_ours_is_silence(world: World) -> None:
    firm = world.firms[0]
    world.paid(firm)
    world.close(firm)
    world.schedule(firm)
    world.send()
    nowhere = Bank("http://127.0.0.1:1")
    with pytest.raises(BankSilent, match="ConnectError"):
        nowhere.report()
    odd = Bank(world.bank.url + "/sandbox/accounts/621000188801#")
    with pytest.raises(BankSilent):
        odd.report()


def test_an_answered_order_is_not_sent_again(world: World) -> None:
    firm = world.firms[0]
    world.paid(firm)
    world.close(firm)
    world.schedule(firm)
    world.send()
    world.read_notices()
    before = world.sandbox.books.last_seq()
    jobs._carry(world.door, world.bank, {"refund": world.view(firm).refunds[0].id})
    assert world.sandbox.books.last_seq() == before
    assert refunds.ORDER == "deposits.refund_order"

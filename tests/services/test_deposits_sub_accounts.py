"""Sub-accounts that hold nothing are cancelled once, by finance's signature, against the ledger; what comes later goes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.kernel import chain
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.roles import Role
from core.kernel.ticks import each
from core.kernel.work import Door
from deposits.queries import due, finance
from deposits.queries import sub_accounts as queries
from deposits.services import requirements, sub_accounts
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    """The first firm has paid and bid, the second has paid and not bid, the third has never paid."""
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join()
        made.paid(*made.firms[:2])
        made.request(made.firms[2])
        yield made
        audit = made.door.read(finance.audit)
        assert audit.balanced
        assert not audit.wrong_balances


@pytest.fixture
def clerk(world: World) -> Person:
    return world.crowd.join(Role.FINANCE, "临江市公共资源交易中心")


def account(world: World, place: int) -> str:
    return world.view(world.firms[place]).sub_account


def empty(world: World) -> list[str]:
    return [name for lot in world.door.read(queries.empty_lots) for _, name in lot.accounts]


def cancel(world: World, who: Person, *accounts: str, number: str = "") -> Any:
    case = f"D-{number or world.number}"
    request = who.act("sub_account.cancel", case, body={"accounts": list(accounts), "reason": "已办结"}, step_up=True)
    return world.door.perform(who.actor, lambda work: sub_accounts.cancel(work, number or world.number, request))


def refused(kind: type[Refusal], do: Any, *args: Any, **how: Any) -> str:
    with pytest.raises(kind) as refusal:
        do(*args, **how)
    return refusal.value.code


def after_the_bank(world: World) -> None:
    """The bank's last notices are in, and what nobody bid with is back."""
    world.jump(timedelta(days=2))
    each(due.incomplete, requirements.give_up_waiting)(world.door)
    world.send()
    world.read_notices()


def test_what_holds_nothing_is_cancelled_once_and_a_late_payment_goes_back(world: World, clerk: Person) -> None:
    world.close(world.firms[0])
    assert empty(world) == []
    assert refused(WrongState, cancel, world, clerk, account(world, 1)) == "sub_account.in_use"
    after_the_bank(world)
    assert empty(world) == [world.firms[1].org_name, world.firms[2].org_name]
    assert refused(WrongState, cancel, world, clerk, account(world, 0), account(world, 1)) == "sub_account.in_use"
    assert refused(NotFound, cancel, world, clerk, account(world, 1), "6210001888019999999999") == "sub_account.not_found"
    stranger = world.crowd.join(Role.BIDDER, "别家建筑有限公司")
    assert refused(NotAllowed, cancel, world, stranger, account(world, 1)) == "act.role"
    assert cancel(world, clerk, account(world, 1), account(world, 2)) == {"lot": world.number, "cancelled": 2}
    assert empty(world) == []
    assert refused(WrongState, cancel, world, clerk, account(world, 1)) == "sub_account.cancelled"
    told = world.door.read(lambda session: queries.cancelled(session, 10))
    assert {(one.lot, one.org_name, one.reason, one.by) for one in told} == {
        (world.number, firm.org_name, "已办结", clerk.name) for firm in world.firms[1:]
    }
    before = world.balance_of(world.firms[2])
    world.pay(world.firms[2])
    world.read_notices()
    world.send()
    world.read_notices()
    assert world.balance_of(world.firms[2]) != before
    kinds = [event.kind for event in world.door.read(lambda session: chain.events(session, CaseId(f"D-{world.number}")))]
    assert kinds.count("sub_account.cancel") == 1


def test_money_that_came_too_late_keeps_a_sub_account_open_until_it_is_back(world: World, clerk: Person) -> None:
    world.close(world.firms[0])
    after_the_bank(world)
    world.pay(world.firms[2])
    world.read_notices()
    assert empty(world) == [world.firms[1].org_name]
    assert refused(RuleBroken, cancel, world, clerk, account(world, 2)) == "sub_account.not_empty"
    world.send()
    assert refused(RuleBroken, cancel, world, clerk, account(world, 2)) == "sub_account.not_empty"
    world.read_notices()
    assert cancel(world, clerk, account(world, 2))["cancelled"] == 1


def test_of_a_sealed_lot_nothing_is_said(world: World, clerk: Person) -> None:
    world.close(world.firms[0], unseal=False)
    after_the_bank(world)
    assert empty(world) == []
    sealed = refused(NotFound, cancel, world, clerk, account(world, 2))
    assert sealed == refused(NotFound, cancel, world, clerk, account(world, 2), number="T2026-000099-1") == "sub_account.not_found"

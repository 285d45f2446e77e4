"""The books of a day: compared once, what does not agree kept and closed by signature, nothing told of lots still sealed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound, WrongState
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits import jobs
from deposits.domain.messages import PaymentOrder
from deposits.domain.reconciliation import CHAIN, DifferenceKind
from deposits.models.reconciliations import BookDifference
from deposits.queries import books as queries
from deposits.services import books
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(2)
        yield made


def page(world: World, **how: Any) -> queries.BooksPage:
    return world.door.read(lambda session: queries.page(session, **how))


def close(who: Person, found: queries.DifferenceView) -> dict[str, JSON]:
    body = {"difference": str(found.id), "day": found.day.isoformat(), "kind": found.kind.value, "cause": "bank", "reason": "银行已冲正。"}
    request = who.act("difference.close", CHAIN, body=body, step_up=True)
    return who.door.perform(who.actor, lambda work: books.close(work, request))


def test_days_whose_books_agree_leave_no_difference_and_tell_nothing_while_sealed(world: World) -> None:
    world.paid(*world.firms)
    world.jump(timedelta(days=1))
    assert (jobs.compare_days(world.door, world.bank), jobs.compare_days(world.door, world.bank)) == (1, 0)
    (day,) = page(world).days
    assert (day.closing, day.entries, day.open) == (None, None, 0)
    world.close(*world.firms)
    assert jobs.compare_days(world.door, world.bank) > 1
    assert page(world).days[-1].closing == Money.yuan("1600000.00")
    assert page(world).differences == ()


def test_a_debit_that_nobody_ordered_waits_until_finance_closes_it(world: World) -> None:
    firm, clerk = world.firms[0], world.crowd.join(Role.FINANCE, "临江市公共资源交易中心")
    world.paid(firm)
    theft = PaymentOrder("f" * 32, world.now, "x", world.view(firm).sub_account, firm.org_name, world.account_of(firm), Money(100), "x")
    world.sandbox.books.execute(theft, clock.moment(clock.text(world.now)))
    world.jump(timedelta(days=1))
    jobs.compare_days(world.door, world.bank)
    assert page(world).differences == ()  # of a lot still sealed
    hidden = world.door.read(lambda session: session.scalars(select(BookDifference).order_by(BookDifference.kind.desc())).first())
    assert hidden is not None
    with pytest.raises(NotFound):
        close(clerk, queries._view(hidden, ""))
    world.close(firm)
    (found,) = [one for one in page(world, open_only=True).differences if one.kind is DifferenceKind.UNEXPLAINED]
    assert (found.fen, found.lot) == (-100, world.number)
    with pytest.raises(NotAllowed):
        close(world.crowd.join(Role.CENTRE, "临江市公共资源交易中心"), found)
    close(clerk, found)
    with pytest.raises(WrongState):
        close(clerk, found)
    (closed,) = [one for one in page(world).differences if one.id == found.id]
    assert (closed.closed_by, closed.reason) == (clerk.name, "银行已冲正。")

"""What waits for finance, on its work page and on the page of deposits: for each person its own part, and of sealed lots nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from deposits import jobs
from deposits.domain.batch import CHAIN, Release
from deposits.queries import batches, finance_work
from deposits.queries.finance_work import Chore
from deposits.services.batches import release
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person
from tests.builders.trading_web import application, browser
from tests.builders.treasury import approve, propose
from tests.web.test_deposits_held import chinese

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(2)
        yield made


def chores(world: World, who: Person) -> dict[Chore, int]:
    found = world.door.read(lambda session: finance_work.waiting(session, who.person, world.door.clock(session)))
    return {line.chore: line.count for line in found}


def sign(world: World, who: Person) -> None:
    number = world.door.read(batches.listed)[0].number
    body = dict(world.door.read(lambda session: batches.page(session, number, None)).body)
    request = who.act("batch.release", CHAIN, body=body, step_up=True)
    world.door.perform(who.actor, lambda work: release(work, number, request))


def test_each_is_told_what_waits_for_it(world: World, settings: Settings) -> None:
    first, second = (world.crowd.join(Role.FINANCE, "临江市公共资源交易中心") for _ in range(2))
    app = application(settings, world.door)
    one = browser(app, first)
    assert 'id="chores"' not in one.page("/work") + one.page("/finance")
    world.paid(*world.firms)
    assert chores(world, first) == {}  # the lot is sealed
    world.close(*world.firms)
    world.schedule(*world.firms)
    jobs.send_due(world.door, Release.TWO_PERSONS)
    proposed = propose(first)
    assert chores(world, first) == {Chore.RELEASE: 1}
    assert chores(world, second) == {Chore.RELEASE: 1, Chore.TREASURY: 1}
    sign(world, first)
    world.jump(timedelta(days=30))
    assert chores(world, first) == {Chore.OVERDUE: 2}
    assert chores(world, second) == {Chore.OVERDUE: 2, Chore.RELEASE: 1, Chore.TREASURY: 1}
    for page in ("/work", "/finance"):
        shown = browser(app, second).page(page)
        assert "逾期未退的保证金" in shown and "等您放行的退款批次" in shown and "最早：" in shown
    assert chinese(browser(app, second).page("/work?lang=en"), second.name) == []
    approve(second, proposed)
    sign(world, second)
    assert chores(world, second) == {Chore.OVERDUE: 2}

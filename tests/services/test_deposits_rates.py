"""The table of interest rates: kept by two persons, never for days that are over, and what refunds are computed by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.kernel import chain
from core.kernel.calendar import legal_day
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits.domain.interest import RATES, Rate
from deposits.domain.rate import CHAIN
from deposits.queries import rates as queries
from deposits.services import rates
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(1)
        yield made


@pytest.fixture
def clerks(world: World) -> list[Person]:
    return [world.crowd.join(Role.FINANCE, "临江市公共资源交易中心") for _ in range(2)]


def propose(who: Person, **changes: Any) -> dict[str, JSON]:
    body = {"since": legal_day(who.now()).isoformat(), "yearly": "0.0360", "source": "临江市商业银行公告〔2026〕3号"} | changes
    request = who.act("rate.propose", CHAIN, body=body, step_up=True)
    return who.door.perform(who.actor, lambda work: rates.propose(work, request))


def approve(who: Person, proposed: dict[str, JSON]) -> dict[str, JSON]:
    request = who.act("rate.approve", CHAIN, body=proposed, step_up=True)
    return who.door.perform(who.actor, lambda work: rates.approve(work, request))


def test_a_rate_is_proposed_by_one_and_approved_by_another_and_computed_by(world: World, clerks: list[Person]) -> None:
    first, second = clerks
    proposed, today = propose(first), legal_day(world.now)
    assert world.door.read(queries.table_of) == RATES
    with pytest.raises(NotAllowed, match="same_person"):
        approve(first, proposed)
    with pytest.raises(NotAllowed):
        approve(world.crowd.join(Role.CENTRE, "临江市公共资源交易中心"), proposed)
    assert approve(second, proposed) == {"since": today.isoformat(), "yearly": "0.0360"}
    with pytest.raises(WrongState):
        approve(second, proposed)
    assert world.door.read(queries.table_of)[-1] == Rate(today, Decimal("0.0360"))
    (firm,) = world.firms
    world.paid(firm)
    world.close(firm)
    world.schedule(firm)
    world.send()
    (refund,) = world.view(firm).refunds
    days = (legal_day(world.now) - today).days
    assert refund.interest.fen == 80_000_000 * 36 * days // 360_000
    view = world.door.read(lambda session: queries.page(session, first.person, world.now))
    assert (view.rates[0].proposed_by, view.rates[0].approved_by, view.rates[0].is_mine) == (first.name, second.name, True)
    assert len(view.rates) == len(RATES) + 1
    assert [event.kind for event in world.door.read(lambda session: chain.events(session, CHAIN))] == ["rate.propose", "rate.approve"]


def test_no_rate_reaches_back(world: World, clerks: list[Person]) -> None:
    today = legal_day(world.now)
    for since in (today - timedelta(days=1), date(2025, 5, 20)):
        with pytest.raises(RuleBroken, match=r"interest_rate\.since"):
            propose(clerks[0], since=since.isoformat())
    for yearly in ("0.2", "5", "0.00000001234", "0.1x"):
        with pytest.raises(RuleBroken):
            propose(clerks[0], yearly=yearly)
    old, other = propose(clerks[0]), propose(clerks[0], yearly="0.01")
    approve(clerks[1], old)
    with pytest.raises(RuleBroken, match=r"interest_rate\.since"):
        approve(clerks[1], other)  # a day has one rate
    world.jump(timedelta(days=1))
    late = propose(clerks[0])
    world.jump(timedelta(days=1))
    with pytest.raises(RuleBroken, match=r"interest_rate\.since"):
        approve(clerks[1], late)

"""A firm uses its waiver for a lot: what is asked of it, what it is told, and when it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.identity.models.messages import InboxMessage
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits.domain.deposit import DepositState
from deposits.queries import requirements as queries
from deposits.queries import waivers
from deposits.queries.requirements import Standing
from deposits.services import waiver_letters
from tests.builders.deposits import AMOUNT, World
from tests.builders.deposits import world as build
from tests.builders.people import Person
from tests.builders.waivers import use, waive

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.firms = [made.crowd.join(Role.BIDDER, f"第{n}建筑工程有限公司") for n in range(1, 4)]
        for firm in made.firms:
            made.register(firm)
        yield made


@pytest.fixture
def offices(world: World) -> tuple[Person, Person]:
    centre = world.crowd.join(Role.CENTRE, "临江市公共资源交易中心")
    return centre, world.crowd.join(Role.SUPERVISOR, "临江市住房和城乡建设局")


def stands(world: World, firm: Person) -> Standing:
    return world.door.read(lambda session: queries.standing(session, world.lot, firm.org))


def test_a_part_that_is_waived_is_not_asked_and_the_rest_completes_the_deposit(world: World, offices: tuple[Person, Person]) -> None:
    firm = world.firms[0]
    relief = waive(*offices, firm, 60)
    offered = world.door.read(lambda session: waivers.offered(session, world.number, firm.org, world.now))
    assert offered is not None and (offered.relief_sha256, offered.asked, offered.used_at) == (relief, Money.yuan("320000.00"), None)
    assert use(firm, world.number, relief) == {"asked_fen": 32_000_000}
    assert stands(world, firm) == Standing(Money.yuan("320000.00"), Money(0), None, met=False)
    assert world.door.read(lambda session: waivers.offered(session, world.number, firm.org, world.now)) is None
    world.request(firm)
    assert world.view(firm).required == Money.yuan("320000.00")
    world.pay(firm, "320000.00")
    world.read_notices()
    assert stands(world, firm) == Standing(Money.yuan("320000.00"), Money.yuan("320000.00"), DepositState.MATCHED, met=True)
    assert stands(world, world.firms[1]).asked == AMOUNT


def test_a_firm_of_whom_nothing_is_asked_has_met_it_and_is_listed_after_the_opening(world: World, offices: tuple[Person, Person]) -> None:
    first, second, third = world.firms
    use(first, world.number, waive(*offices, first, 100))
    assert stands(world, first) == Standing(Money(0), Money(0), None, met=True)
    with pytest.raises(WrongState, match=r"waiver\.nothing_to_pay"):
        world.request(first)
    world.paid(second)
    parties = frozenset({Role.TENDERER})
    with pytest.raises(NotAllowed):
        world.door.read(lambda session: queries.listed(session, world.number, parties))
    world.close(first, second)
    found = world.door.read(lambda session: queries.listed(session, world.number, parties))
    assert [(view.org_name, view.state, view.waived and view.waived.percent) for view in found] == [
        (first.org_name, "waived", 100),
        (second.org_name, "locked", None),
    ]
    assert stands(world, third).asked == AMOUNT


def test_it_is_told_inside_the_platform_alone_and_once(world: World, offices: tuple[Person, Person]) -> None:
    whole, part = world.firms[:2]
    for firm, percent in ((whole, 100), (part, 50)):
        use(firm, world.number, waive(*offices, firm, percent))
    digests = world.door.read(lambda session: list(session.scalars(select(waivers.WaiverUse.sha256))))
    for digest in digests * 2:
        told = {"event": f"01900000-0000-7000-8000-{digests.index(digest):012d}", "subject": digest, "kind": "waiver.use"}
        world.door.perform(SYSTEM_ACTOR, lambda work, told=told: waiver_letters.tell(work, told))  # type: ignore[misc]
    rows = world.door.read(lambda session: [(row.person_id, row.words) for row in session.scalars(select(InboxMessage))])
    assert sorted(kind for person, kind in rows if kind.startswith("waiver.") and person in {whole.person, part.person}) == [
        "waiver.part",
        "waiver.whole",
    ]


def test_who_may_not_use_it_is_told_why(world: World, offices: tuple[Person, Person]) -> None:
    first, second, third = world.firms
    relief = waive(*offices, first, 60)
    late = waive(*offices, third, 60)
    with pytest.raises(RuleBroken, match=r"waiver\.none_holds"):
        use(second, world.number, relief)
    with pytest.raises(NotAllowed):
        use(second, world.number, relief, bidder=str(first.org))
    with pytest.raises(NotFound):
        use(first, "T2026-000009-1", relief)
    use(first, world.number, relief)
    with pytest.raises(WrongState, match=r"waiver\.used_already"):
        use(first, world.number, relief)
    again = waive(*offices, second, 10)
    world.request(second)
    with pytest.raises(WrongState, match=r"waiver\.deposit_asked"):
        use(second, world.number, again)
    world.jump(timedelta(days=10))
    with pytest.raises(RuleBroken, match=r"waiver\.too_late"):
        use(third, world.number, late)

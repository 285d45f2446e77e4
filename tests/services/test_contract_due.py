"""A contract that is not signed: who is reminded of it and when, who sees that it is late, and that nobody is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from core.kernel.calendar import legal_day, start_of
from core.kernel.errors import WrongState
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from tests.builders.messages import words
from tests.builders.trading import DAY, Tender, last_day_of, tender
from trading import jobs
from trading.domain.lot import LotState
from trading.models.lot import Lot
from trading.queries import duties
from trading.services import contract_reminders, telling

pytestmark = pytest.mark.sqlite_alone

TICK = next(tick for tick in jobs.TICKS if tick.name == "trading.contracts_due")


@pytest.fixture
def door(engine: Engine, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[Door]:
    """A door that tells trading's events on."""
    opened = Door(engine, platform_key, announced=telling.ANNOUNCED, clock_file=clock_file, readers=2)
    yield opened
    opened.close()


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    """A lot whose award notice is out."""
    made = tender(door, clock_file).awarded("RANK_ONE")
    made.send_award_notice()
    return made


def said(world: Tender) -> dict[str, list[str]]:
    """What each has been told of the contract's period."""
    people = {"tenderer": world.tenderer, "winner": world.bidders[0], "loser": world.bidders[1], "supervisor": world.supervisor}
    due = ("contract.due", "contract.last_day", "contract.overdue", "contract.overdue.supervisor")
    return {name: [word for word in words(person) if word in due] for name, person in people.items()}


def on_day(world: Tender, left: int) -> None:
    """It is so many days before the last one, in the morning."""
    world.jump(start_of(last_day_of(world) - timedelta(days=left)) + timedelta(hours=9))


@pytest.mark.on_both
def test_the_parties_are_reminded_ahead_and_on_the_last_day_and_all_who_must_know_when_it_is_late_once_each(world: Tender) -> None:
    on_day(world, 8)
    assert TICK.run(world.door) == 0
    for left in (7, 3, 0, -1, -40):
        on_day(world, left)
        TICK.run(world.door)
        TICK.run(world.door)
    parties = ["contract.due", "contract.last_day", "contract.overdue"]
    assert said(world) == {"tenderer": parties, "winner": parties, "loser": [], "supervisor": ["contract.overdue.supervisor"]}
    with pytest.raises(WrongState):
        world.step(contract_reminders.remind)


def test_a_clock_that_stood_still_says_what_is_true_now_and_no_more(world: Tender) -> None:
    on_day(world, -2)
    assert TICK.run(world.door) == 1
    assert said(world)["winner"] == ["contract.overdue"]


def test_a_signed_contract_is_never_reminded_of(world: Tender) -> None:
    world.sign_contract(world.tenderer)
    world.sign_contract(world.bidders[0])
    on_day(world, 0)
    assert TICK.run(world.door) == 0
    with pytest.raises(WrongState):
        world.step(contract_reminders.remind)


def test_who_may_not_sign_while_an_order_stands_is_not_told_to(world: Tender) -> None:
    def stay(work, lot_id, by: int) -> None:
        row = work.session.get(Lot, lot_id)
        row.stays += by

    world.step(stay, 1)
    on_day(world, 2)
    assert TICK.run(world.door) == 0
    world.step(stay, -1)
    assert TICK.run(world.door) == 1 and said(world)["tenderer"] == ["contract.due"]


@pytest.mark.on_both
def test_a_second_award_notice_begins_the_reminders_anew(world: Tender) -> None:
    on_day(world, -1)
    TICK.run(world.door)

    def back(work, lot_id) -> None:
        row = work.session.get(Lot, lot_id)
        row.state = LotState.AWARDED

    world.step(back)
    world.send_award_notice()
    on_day(world, 7)
    assert TICK.run(world.door) == 1 and said(world)["winner"] == ["contract.overdue", "contract.due"]


def test_each_sees_what_is_due_of_theirs_and_the_supervisor_what_is_late(world: Tender) -> None:
    def seen(person) -> list[tuple[str, int]]:
        found = world.door.read(lambda session: duties.mine(session, person.actor, world.now))
        return [(line.duty.rule.code, line.duty.days) for line in found]

    on_day(world, 20)
    report = last_day_of(world, "T13A", "awarded_at")  # fifteen days, or what holidays make of them
    assert seen(world.tenderer) == [("T13A", (report - legal_day(world.now)).days), ("T13", 20)]
    assert seen(world.bidders[0]) == [("T13", 20)]
    assert seen(world.bidders[1]) == seen(world.supervisor) == seen(world.centre) == []
    on_day(world, -3)
    assert seen(world.supervisor) == seen(world.bidders[0]) == seen(world.centre) == [("T13", -3)]
    world.jump(world.now + DAY)
    assert seen(world.supervisor) == [("T13", -4)]

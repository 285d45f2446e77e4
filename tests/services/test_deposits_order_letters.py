"""A bidder hears of holds, decisions and refunds of its deposit, alone and once each, inside the platform until the opening."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from sqlalchemy import select

from core.identity.domain.message import Medium
from core.identity.models.messages import Delivery, InboxMessage
from core.kernel import chain
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.ids import CaseId
from core.kernel.ticks import each
from core.kernel.work import Door
from deposits.queries import holds as held
from deposits.services import holds, order_letters
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.holds import kept
from tests.builders.messages import reach
from tests.builders.new_accounts import refused
from tests.builders.people import Person

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NAMES = UUID(int=5)


def tell_all(world: World) -> None:
    """What the outbox does with every event of the lot's deposits so far, and does again."""
    case = CaseId(f"D-{world.number}")
    for event in world.door.read(lambda session: chain.events(session, case)):
        if event.kind in order_letters.ANNOUNCED:
            payload = {"event": str(uuid5(NAMES, str(event.case_seq))), "kind": event.kind, "subject": event.subject}
            world.door.perform(SYSTEM_ACTOR, lambda work, payload=payload: order_letters.tell(work, payload))  # type: ignore[misc]


def told(world: World, firm: Person) -> list[str]:
    query = select(InboxMessage).where(InboxMessage.person_id == firm.person, InboxMessage.words.startswith("deposit."))
    query = query.order_by(InboxMessage.told_at, InboxMessage.id)
    return world.door.read(lambda session: [row.words.removeprefix("deposit.") for row in session.scalars(query)])


def test_each_is_told_what_was_ordered_about_its_own_deposit(door: Door, clock_file: Path, tmp_path: Path) -> None:
    with kept(door, clock_file, tmp_path) as made:
        world, (first, second, third) = made.world, made.world.firms
        made.open_but_the_first()
        made.note(made.decide(), agrees=False)
        tell_all(world)
        made.note(made.decide())
        made.lift(made.hold(firm=1))
        made.hold(firm=2)
        world.schedule(second)
        world.send()
        world.read_notices()
        world.jump(timedelta(days=12))
        each(held.over, holds.end)(door)
        tell_all(world)
        tell_all(world)
        assert told(world, first) == ["keep_awaited", "keep_decided", "keep_refused", "keep_decided", "kept"]
        assert told(world, second) == ["held", "hold_lifted", "refund_sent", "refund_confirmed"]
        assert told(world, third) == ["held", "hold_ended"]


def test_a_deposit_that_is_not_kept_is_told_of(door: Door, clock_file: Path, tmp_path: Path) -> None:
    with kept(door, clock_file, tmp_path) as made:
        made.open_but_the_first()
        made.waive()
        tell_all(made.world)
        assert told(made.world, made.world.firms[0]) == ["keep_awaited", "keep_waived"]


def test_a_refund_that_came_back_leads_to_another_account(door: Door, clock_file: Path, tmp_path: Path) -> None:
    with build(door, clock_file, tmp_path) as world:
        world.ask()
        world.join(2, keys=True)
        made = refused(world)
        tell_all(world)
        made.refuse(made.ask())
        request = made.ask()
        made.approve(request)
        made.approve(request, 1)
        world.send()
        world.read_notices()
        tell_all(world)
        said = ["refund_sent", "refund_failed_account", "account_refused", "account_approved", "refund_sent", "refund_confirmed"]
        assert told(world, made.firm) == said
        query = select(InboxMessage.link).where(InboxMessage.words == "deposit.account_refused")
        links = world.door.read(lambda session: set(session.scalars(query)))
        assert links == {f"/lots/{world.number}/deposit/accounts/{made.refund}"}


def test_before_the_opening_no_mail_tells_of_a_refund(door: Door, clock_file: Path, tmp_path: Path) -> None:
    with build(door, clock_file, tmp_path) as world:
        world.ask()
        (firm,) = world.join(1)
        reach(firm, Medium.MAIL, "firm@example.cn")
        world.paid(firm)
        world.pay(firm, payer="别的公司")
        world.sandbox.books.close_account(world.account_of(firm))
        world.read_notices()
        world.schedule(firm, reason="withdrawn")
        world.send()
        world.read_notices()
        tell_all(world)
        assert told(world, firm) == ["refund_sent", "refund_failed"]  # and of another's money nothing
        assert world.door.read(lambda session: session.scalars(select(Delivery)).all()) == []

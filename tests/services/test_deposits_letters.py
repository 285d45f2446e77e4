"""Letters on payments: each to its bidder alone, inside the platform until the opening, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from core.identity.domain.message import Medium
from core.identity.models.messages import Delivery, InboxMessage
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.money import Money
from core.kernel.work import Door
from deposits.domain.letter import Step
from deposits.domain.terms import DepositTerms, Form
from deposits.models.bank import BankEntryRow
from deposits.queries import letters as queries
from deposits.queries.letters import LetterView
from deposits.services import letters
from deposits.services import terms as terms_service
from tests.builders.deposits import AMOUNT, World
from tests.builders.deposits import world as build
from tests.builders.messages import reach
from tests.builders.people import Person

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(2)
        yield made


def told(world: World, firm: Person) -> list[tuple[str, str, str]]:
    query = select(InboxMessage).where(InboxMessage.person_id == firm.person).order_by(InboxMessage.told_at, InboxMessage.id)
    return world.door.read(lambda session: [(row.words, row.number, row.link) for row in session.scalars(query)])


def tell(world: World, ref: str, event: UUID | None = None) -> None:
    entry = world.door.read(lambda session: session.scalars(select(BankEntryRow.id).where(BankEntryRow.ref == ref)).one())
    payload = {"event": str(event or uuid4()), "entries": [str(entry)]}
    world.door.perform(SYSTEM_ACTOR, lambda work: letters.tell(work, payload))


def arrive(world: World, firm: Person, amount: str = "800000.00", **changes: object) -> str:
    """A payment comes and is told of; its reference."""
    world.pay(firm, amount, **changes)
    world.read_notices()
    ref = world.view(firm).payments[-1].ref
    tell(world, ref)
    return ref


def letter(world: World, firm: Person, ref: str) -> LetterView:
    return world.door.read(lambda session: queries.letter_of(session, world.number, firm.org, ref, world.door.clock(session)))


def set_terms(
    world: World, several: bool = True, basic_only: bool = True, forms: tuple[Form, ...] = (Form.TRANSFER, Form.E_GUARANTEE)
) -> None:
    terms = DepositTerms(forms, several)
    world.door.perform(SYSTEM_ACTOR, lambda work: terms_service.set_terms(work, world.lot, "临江一桥 一标段", terms, basic_only))


def test_each_outcome_has_its_letter_to_its_bidder_alone(world: World) -> None:
    firm, other = world.firms
    world.request(firm)
    set_terms(world)
    refs = [
        arrive(world, firm, payer="别的公司"),
        arrive(world, firm, payer_account="62229999"),
        arrive(world, firm, "500000.00"),
        arrive(world, firm, "300001.00"),
        arrive(world, firm, "800000.00"),
    ]
    words = ["deposit.wrong_name", "deposit.not_basic_account", "deposit.short", "deposit.over", "deposit.duplicate"]
    assert told(world, firm) == [
        (word, world.number, f"/lots/{world.number}/deposit/letters/{ref}") for word, ref in zip(words, refs, strict=True)
    ]
    assert told(world, other) == []
    over = letter(world, firm, refs[3])
    assert (over.title, over.said.taken, over.said.returned, over.said.step) == (
        "临江一桥 一标段",
        Money(30_000_000),
        Money(100),
        Step.SEAL,
    )
    assert over.said.back_by == over.refund.due_at  # type: ignore[union-attr]
    with pytest.raises(NotFound, match=r"deposit_letter\.not_found"):
        letter(world, other, refs[0])


def test_a_letter_says_how_much_is_missing_and_until_when_it_helps(world: World) -> None:
    firm = world.firms[0]
    world.request(firm)
    ref = arrive(world, firm, "500000.00")
    short = letter(world, firm, ref)
    assert (short.said.missing, short.said.step, short.refund) == (Money(30_000_000), Step.TOP_UP, None)
    world.jump(timedelta(days=10))
    late = arrive(world, firm, "300000.00")
    assert letter(world, firm, ref).said.step is Step.TOO_LATE
    assert letter(world, firm, late).said.returned == Money(30_000_000)
    assert told(world, firm)[-1][0] == "deposit.late"


def test_an_event_that_is_heard_twice_is_told_once_and_mail_waits_for_the_opening(world: World) -> None:
    firm = world.firms[0]
    reach(firm, Medium.MAIL, "firm@example.cn")
    world.request(firm)
    world.pay(firm)
    world.read_notices()
    ref, event = world.view(firm).payments[-1].ref, uuid4()
    tell(world, ref, event)
    tell(world, ref, event)
    assert len(told(world, firm)) == 1
    assert world.door.read(lambda session: session.scalars(select(Delivery)).all()) == []
    world.close(firm)
    world.pay(firm)
    world.read_notices()
    tell(world, world.view(firm).payments[-1].ref)
    assert [row.medium for row in world.door.read(lambda session: session.scalars(select(Delivery)).all())] == [Medium.MAIL]


def test_a_payment_to_no_sub_account_is_told_to_the_firm_that_it_is_from(world: World) -> None:
    firm, other = world.firms
    world.request(firm)
    for changes in ({}, {"payer": "别的公司"}, {"payer_account": "62229999"}):
        world.pay(firm, to="6210001888010000000001", **changes)
    world.read_notices()
    for ref in world.door.read(lambda session: list(session.scalars(select(BankEntryRow.ref)))):
        tell(world, ref)
    assert [row[0] for row in told(world, firm)] == ["deposit.unknown"]
    assert told(world, other) == []


def test_a_part_goes_back_where_the_whole_is_wanted_in_one_transfer(world: World) -> None:
    firm = world.firms[0]
    set_terms(world, several=False)
    world.request(firm)
    ref = arrive(world, firm, "500000.00")
    said = letter(world, firm, ref)
    assert (said.said.step, said.said.returned, said.refund.reason) == (Step.PAY_WHOLE, Money(50_000_000), "split")  # type: ignore[union-attr]
    arrive(world, firm)
    assert (world.view(firm).state, world.view(firm).paid) == ("matched", AMOUNT)


def test_without_the_basic_account_rule_any_account_in_the_firms_name_will_do(world: World) -> None:
    firm = world.firms[0]
    set_terms(world, basic_only=False)
    world.request(firm)
    arrive(world, firm, payer_account="62229999")
    assert world.view(firm).state == "matched"


def test_a_lot_that_takes_guarantees_alone_has_no_sub_accounts(world: World) -> None:
    set_terms(world, forms=(Form.BANK_GUARANTEE,))
    with pytest.raises(RuleBroken, match=r"deposit\.no_transfer"):
        world.request(world.firms[0])

"""Guarantees from the application to their end: what stands for a deposit, what is closed until the opening, what is found in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

import pytest
from sqlalchemy import select

from core.identity.models.messages import InboxMessage
from core.kernel import chain
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from core.kernel.work import Door
from deposits.guarantee_opening import open_with
from deposits.queries import guarantees as queries
from deposits.queries import requirements
from deposits.services import guarantee_answers, guarantee_letters, guarantees
from deposits.services import requirements as asked
from tests.builders.deposits import AMOUNT
from tests.builders.deposits import world as build
from tests.builders.guarantees import NAMES, Surety
from tests.builders.guarantees import surety as built
from tests.builders.people import Person


@pytest.fixture
def surety(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[Surety]:
    with build(door, clock_file, tmp_path) as world, built(world, tmp_path) as made:
        world.ask()
        world.join(2)
        made.registered()
        made.ask()
        yield made


def kinds(surety: Surety) -> list[str]:
    return [event.kind for event in surety.world.door.read(lambda session: chain.events(session, CaseId("D-T2026-000001-1")))]


def stands(surety: Surety, firm: int = 0) -> bool:
    org = surety.world.firms[firm].org
    return surety.world.door.read(lambda session: requirements.standing(session, surety.world.lot, org)).met


def test_a_guarantee_stands_for_the_deposit_from_its_issue_and_is_verified_after_the_opening(surety: Surety) -> None:
    firm, world = surety.world.firms[0], surety.world
    made = surety.apply(firm)
    assert (surety.view(firm).state, stands(surety)) == ("applied", False)
    surety.tick()
    assert surety.view(firm).state == "underwriting"
    surety.tick()
    seen = surety.view(firm)
    assert (seen.state, str(seen.premium)) == ("approved", "3200.00")
    surety.pay(firm, made)
    assert not stands(surety)
    surety.tick()
    seen = surety.view(firm)
    assert (seen.state, seen.ver, seen.valid_to, stands(surety)) == ("issued_sealed", 1, seen.wanted_to, True)
    surety.close(firm, unseal=False)
    surety.tick()
    assert surety.view(firm).state == "issued_sealed"  # the lot is not opened, and nobody asks for the key
    world.door.perform(SYSTEM_ACTOR, lambda work: asked.unseal(work, world.lot))
    surety.tick()
    seen = surety.view(firm)
    assert (seen.state, seen.faults, seen.has_file) == ("verified", (), True)
    assert kinds(surety) == [f"guarantee.{step}" for step in ("apply", "approve", "pay", "issue", "unseal", "verify")]
    name, pdf = world.door.read(lambda session: queries.file(session, made))
    assert name == seen.guarantee_no and pdf == surety.sandboxes[0].books.letter(str(made))
    world.door.perform(SYSTEM_ACTOR, lambda work: guarantees.end(work, world.lot, [firm.org], "contract_signed"))
    surety.tick()
    assert (surety.view(firm).state, surety.view(firm).reason) == ("released", "contract_signed")
    assert surety.sandboxes[0].books.ask(str(made)).state == "ended"


def test_until_the_opening_the_list_is_closed_and_the_platform_holds_no_key(surety: Surety) -> None:
    firm, world = surety.world.firms[0], surety.world
    surety.issued(firm)
    parties = frozenset({Role.TENDERER, Role.CENTRE, Role.SUPERVISOR, Role.FINANCE})
    with pytest.raises(NotAllowed, match=r"deposit\.sealed"):
        world.door.read(lambda session: queries.listed(session, world.number, parties))
    number = surety.view(firm).guarantee_no
    assert world.door.read(lambda session: queries.public_by_number(session, number)) is None
    digest = surety.view(firm).file_sha256
    assert world.door.read(lambda session: queries.public_by_file(session, digest)) is None
    surety.close(firm)
    surety.tick()
    (line,) = world.door.read(lambda session: queries.listed(session, world.number, parties))
    assert (line.org_name, line.guarantor, line.amount) == (firm.org_name, NAMES[0], AMOUNT)
    found = world.door.read(lambda session: queries.public_by_number(session, number))
    assert found is not None and found.org_name == firm.org_name
    assert world.door.read(lambda session: queries.public_by_file(session, digest)) == found


def test_a_guarantor_keeps_its_key_until_the_opening_by_its_own_clock(surety: Surety) -> None:
    made = surety.issued(surety.world.firms[0])
    with pytest.raises(PermissionError):
        surety.sandboxes[0].books.key(str(made), surety.world.now)


@pytest.mark.parametrize(
    ("fault", "found"), [("short_amount", "amount_short"), ("short_validity", "validity_short"), ("other_beneficiary", "other_beneficiary")]
)
def test_what_does_not_say_what_it_must_is_found_faulty(surety: Surety, fault: str, found: str) -> None:
    firm = surety.world.firms[0]
    surety.sandboxes[0].books.set_fault(fault, 1)
    surety.issued(firm)
    surety.close(firm)
    surety.tick()
    assert (surety.view(firm).state, surety.view(firm).faults) == ("faulty", (found,))


def test_a_refused_application_makes_room_for_one_to_another_guarantor(surety: Surety) -> None:
    firm = surety.world.firms[0]
    surety.sandboxes[0].books.set_fault("refuse", 1)
    surety.apply(firm)
    with pytest.raises(RuleBroken, match=r"guarantee\.one_at_a_time"):
        surety.apply(firm, 1)
    surety.tick()
    assert (surety.view(firm).state, surety.view(firm).cause) == ("rejected", "申请人授信不足")
    surety.issued(firm, 1)
    assert stands(surety)
    assert len(surety.own(firm).guarantees) == 2


def test_lost_answers_and_a_guarantor_that_is_down_are_asked_again(surety: Surety) -> None:
    firm, books = surety.world.firms[0], surety.sandboxes[0].books
    made = surety.apply(firm)
    for fault in ("down", "lose_answers", "slow"):
        books.set_fault(fault, 1)
    surety.tick(5)
    assert surety.view(firm).state == "approved"
    surety.pay(firm, made)
    books.set_fault("lose_answers", 1)
    books.set_fault("slow", 1)
    surety.tick(3)
    assert (surety.view(firm).state, surety.view(firm).ver) == ("issued_sealed", 1)
    assert kinds(surety).count("guarantee.issue") == 1


def test_a_bidder_opens_its_own_guarantee_where_the_guarantor_keeps_the_key(surety: Surety) -> None:
    firm, world, books = surety.world.firms[0], surety.world, surety.sandboxes[0].books
    made = surety.issued(firm)
    with pytest.raises(NotFound):
        world.door.read(lambda session: queries.opening(session, made, firm.org))
    surety.close(firm)
    books.set_fault("keep_key", 9)
    surety.tick()
    assert surety.view(firm).state == "issued_sealed"
    question = world.door.read(lambda session: queries.opening(session, made, firm.org))
    opened = open_with(question, books.customers_key(str(made)), "bidder")
    world.door.perform(firm.actor, lambda work: guarantee_answers.open_up(work, made, opened))
    assert surety.view(firm).state == "verified"
    with pytest.raises(NotFound):
        world.door.read(lambda session: queries.opening(session, made, world.firms[1].org))


def test_a_later_deadline_has_it_extended_by_itself(surety: Surety) -> None:
    firm, world = surety.world.firms[0], surety.world
    surety.issued(firm)
    before = surety.view(firm)
    world.ask(days=20)
    surety.ask()
    assert not stands(surety)
    surety.tick()
    seen = surety.view(firm)
    assert (seen.ver, stands(surety)) == (2, True)
    assert seen.valid_to is not None and before.valid_to is not None and seen.valid_to - before.valid_to == timedelta(days=10)
    assert kinds(surety)[-1] == "guarantee.extend"
    world.jump(timedelta(days=11))
    surety.close(firm)
    surety.tick()
    assert surety.view(firm).state == "verified"


def test_the_deadline_cancels_what_was_not_issued_and_gives_back_what_nobody_bid_with(surety: Surety) -> None:
    late, idle = surety.world.firms
    surety.apply(late)
    surety.issued(idle)
    surety.close(late)
    assert [(surety.view(firm).state, surety.view(firm).reason) for firm in (late, idle)] == [
        ("cancelled", "too_late"),
        ("released", "no_bid"),
    ]
    surety.tick()
    assert not surety.view(idle).has_file


def test_a_bidder_gives_up_what_is_not_issued(surety: Surety) -> None:
    firm, other = surety.world.firms
    made = surety.apply(firm)
    door = surety.world.door
    with pytest.raises(NotAllowed):
        door.perform(other.actor, lambda work: guarantees.cancel(work, made))
    door.perform(firm.actor, lambda work: guarantees.cancel(work, made))
    assert surety.view(firm).state == "cancelled"
    issued = surety.issued(firm)
    with pytest.raises(WrongState):
        door.perform(firm.actor, lambda work: guarantees.cancel(work, issued))


def test_nobody_applies_too_late_nor_for_a_lot_without_a_deposit_nor_to_a_stranger(surety: Surety) -> None:
    firm, world = surety.world.firms[0], surety.world
    with pytest.raises(RuleBroken, match=r"guarantee\.issuer_unknown"):
        world.door.perform(firm.actor, lambda work: guarantees.apply(work, world.number, world.lot))
    with pytest.raises(NotFound):
        world.door.perform(firm.actor, lambda work: guarantees.apply(work, "T2026-000009-1", world.lot))
    with pytest.raises(NotAllowed):
        assert surety.clerk is not None
        surety.apply(surety.clerk)
    world.jump(timedelta(days=9, hours=23, minutes=55))
    with pytest.raises(RuleBroken, match=r"guarantee\.too_late"):
        surety.apply(firm)


def test_a_guarantee_whose_validity_is_over_expires(surety: Surety) -> None:
    firm, world = surety.world.firms[0], surety.world
    made = surety.issued(firm)
    with pytest.raises(WrongState):
        world.door.perform(SYSTEM_ACTOR, lambda work: guarantees.expire(work, made))
    world.jump(timedelta(days=120))
    assert world.door.read(lambda session: queries.expired(session, world.now)) == [made]
    world.door.perform(SYSTEM_ACTOR, lambda work: guarantees.expire(work, made))
    assert surety.view(firm).state == "expired"


def told(surety: Surety, firm: Person) -> list[str]:
    query = select(InboxMessage).where(InboxMessage.person_id == firm.person).order_by(InboxMessage.told_at, InboxMessage.id)
    return surety.world.door.read(lambda session: [row.words for row in session.scalars(query)])


def tell_all(surety: Surety) -> None:
    """Every event of the chain is told, twice."""
    door = surety.world.door
    found = door.read(lambda session: chain.events(session, CaseId("D-T2026-000001-1")))
    for one in found:
        if one.kind in guarantee_letters.ANNOUNCED:
            said = read_statement(one.envelope.payload).body
            event = uuid5(NAMESPACE_OID, str(one.case_seq))
            payload = {"event": str(event), "kind": one.kind, "subject": str(said["guarantee"])}
            for _ in range(2):
                door.perform(SYSTEM_ACTOR, lambda work, payload=payload: guarantee_letters.tell(work, payload))  # type: ignore[misc]


def test_a_bidder_is_told_of_its_guarantee_and_nobody_else_is(surety: Surety) -> None:
    firm, other = surety.world.firms
    surety.issued(firm)
    surety.world.ask(days=20)
    surety.ask()
    surety.tick()
    tell_all(surety)
    assert told(surety, firm) == [f"guarantee.{words}" for words in ("approved", "issued", "extended")]
    assert told(surety, other) == []


def test_a_bidder_is_told_what_was_found_and_not_of_what_it_did_itself(surety: Surety) -> None:
    firm, other = surety.world.firms
    given_up = surety.apply(other)
    surety.world.door.perform(other.actor, lambda work: guarantees.cancel(work, given_up))
    surety.sandboxes[0].books.set_fault("short_amount", 1)
    surety.issued(firm)
    surety.close(firm)
    surety.tick()
    tell_all(surety)
    assert told(surety, firm)[-1] == "guarantee.faulty"
    assert told(surety, other) == []

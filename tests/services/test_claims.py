"""Claims under guarantees: never without decision, ground and note; put to the guarantor once, and what it says is what it signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.kernel import chain
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.work import Door
from deposits.domain.claim import ClaimState
from deposits.queries import guarantees as queries
from deposits.services import guarantees
from tests.builders.claims import AMOUNT, Claimed, claimed
from tests.builders.treasury import TREASURY


@pytest.fixture
def made(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[Claimed]:
    with claimed(door, clock_file, tmp_path) as found:
        yield found


def kinds(made: Claimed) -> list[str]:
    found = made.world.door.read(lambda session: chain.events(session, CaseId(made.case)))
    return [event.kind for event in found if event.kind.startswith("claim.")]


def state(made: Claimed, firm: int = 0) -> str:
    return made.given.view(made.world.firms[firm]).state


def test_a_claim_is_decided_noted_examined_paid_and_receipted(made: Claimed) -> None:
    claim = made.claim()
    assert made.ask() == 0  # nobody is asked for money before the supervisor has spoken
    made.note_claim(claim)
    assert (made.ask(), made.claims()[0].state) == (1, ClaimState.IN_REVIEW)
    made.ask()
    (paid,) = made.claims()
    assert (paid.state, paid.amount.fen, paid.reference[:2], state(made)) == (ClaimState.PAID, AMOUNT, "PF", "called")
    assert made.ask() == 0
    with pytest.raises(RuleBroken, match=r"claim\.receipt_amount"):
        made.confirm(claim, AMOUNT - 1)
    made.confirm(claim)
    (settled,) = made.claims()
    assert (settled.state, settled.receipt) == (ClaimState.SETTLED, "建行来账 0001")
    assert kinds(made) == ["claim.decide", "claim.note", "claim.answer", "claim.answer", "claim.receipt"]
    with pytest.raises(RuleBroken, match=r"claim\.does_not_stand"):
        made.claim()


def test_a_lost_answer_leaves_the_claim_in_doubt_and_it_is_paid_once(made: Claimed) -> None:
    books = made.given.sandboxes[0].books
    claim = made.claim()
    made.note_claim(claim)
    books.set_fault("lose_answers", 2)
    made.ask(after=timedelta(seconds=5))
    (doubted,) = made.claims()
    assert (doubted.state, doubted.in_doubt) == (ClaimState.CLAIMED, True)
    assert made.ask(after=timedelta(seconds=1)) == 0  # not so soon
    books.set_fault("down", 1)
    made.ask(2, timedelta(seconds=5))
    assert made.claims()[0].in_doubt
    made.ask(after=timedelta(seconds=5))
    assert made.claims()[0].state is ClaimState.IN_REVIEW
    books.set_fault("slow_claims", 1)
    books.set_fault("lose_answers", 1)
    made.ask(3)
    assert made.claims()[0].state is ClaimState.PAID
    assert kinds(made).count("claim.answer") == 2
    assert len(list((books.state.folder).glob("claim-*.json"))) == 1


def test_what_another_signs_or_the_guarantor_signs_of_another_amount_is_no_answer(made: Claimed) -> None:
    first, second = made.given.sandboxes
    claim = made.claim()
    made.note_claim(claim)
    first.books.set_fault("other_claim_word", 1)
    made.ask()
    assert made.claims()[0].in_doubt
    own = first.books.seal
    first.books.seal = second.books.seal
    made.ask()
    assert made.claims()[0].in_doubt
    first.books.seal = own
    made.ask()
    assert made.claims()[0].state is ClaimState.IN_REVIEW


def test_a_claim_that_the_guarantor_refuses_leaves_the_guarantee_and_can_be_made_again(made: Claimed) -> None:
    made.given.sandboxes[0].books.set_fault("refuse_claims", 1)
    made.note_claim(made.claim())
    made.ask(2)
    (refused,) = made.claims()
    assert (refused.state, refused.cause, state(made)) == (ClaimState.REFUSED, "索赔材料与保函约定不符", "verified")
    with pytest.raises(WrongState):
        made.confirm(refused.sha256)
    again = made.claim(reason="补充材料后再次索赔。")
    made.note_claim(again)
    made.ask(2)
    assert [one.state for one in made.claims()] == [ClaimState.PAID, ClaimState.REFUSED]


def test_a_claim_that_the_supervisor_disagrees_with_falls(made: Claimed) -> None:
    claim = made.claim()
    with pytest.raises(RuleBroken, match=r"claim\.one_at_a_time"):
        made.claim(reason="再次")
    made.note_claim(claim, agrees=False)
    with pytest.raises(WrongState):
        made.note_claim(claim)
    assert (made.claims()[0].state, made.ask()) == (ClaimState.DISAGREED, 0)


def test_what_is_left_of_a_guarantee_can_be_claimed_and_no_more(made: Claimed) -> None:
    part = AMOUNT // 4
    made.note_claim(made.claim(1, amount_fen=part))
    made.ask(2)
    assert (made.claims(1)[0].state, state(made, 1)) == (ClaimState.PAID, "verified")
    with pytest.raises(RuleBroken, match=r"claim\.amount"):
        made.claim(1)
    made.note_claim(made.claim(1, amount_fen=AMOUNT - part))
    made.ask(2)
    assert (made.claims(1)[0].state, state(made, 1)) == (ClaimState.PAID, "called")


def test_while_a_claim_is_open_its_guarantee_neither_ends_nor_expires(made: Claimed) -> None:
    door, lot, orgs = made.world.door, made.world.lot, [firm.org for firm in made.world.firms[:2]]
    kept, paid = made.claim(), made.claim(1)
    door.perform(SYSTEM_ACTOR, lambda work: guarantees.end(work, lot, orgs, "contract_signed"))
    assert (state(made), state(made, 1)) == ("verified", "verified")
    made.world.jump(timedelta(days=200))
    assert door.read(lambda session: queries.expired(session, made.world.now)) == []
    with pytest.raises(WrongState):
        door.perform(SYSTEM_ACTOR, lambda work: guarantees.expire(work, made.guarantees[0]))
    made.note_claim(kept, agrees=False)
    assert (state(made), made.given.view(made.world.firms[0]).reason) == ("released", "contract_signed")
    made.note_claim(paid)
    made.ask()
    assert (made.claims(1)[0].cause, state(made, 1)) == ("索赔在保函有效期之后", "released")


def test_who_may_claim_note_and_confirm(made: Claimed) -> None:
    tender = made.hall.tender
    for by in (tender.agency, tender.centre, tender.supervisor, made.world.firms[1]):
        with pytest.raises(NotAllowed):
            made.claim(by=by)
    claim = made.claim()
    for by in (tender.tenderer, tender.centre, made.world.firms[1]):
        with pytest.raises(NotAllowed):
            made.note_claim(claim, by=by)
    made.note_claim(claim)
    made.ask(2)
    with pytest.raises(NotAllowed):
        made.confirm(claim, by=tender.supervisor)
    with pytest.raises(NotFound):
        made.confirm("0" * 64)


def test_a_ground_that_is_not_there_and_a_stranger_to_pay_are_refused(made: Claimed) -> None:
    with pytest.raises(RuleBroken, match=r"forfeit\.other_failure"):
        made.claim(1, ground="not_decrypted", clause="", document_sha256="")
    with pytest.raises(RuleBroken, match=r"forfeit\.not_the_winner"):
        made.claim(ground="no_security")
    with pytest.raises(RuleBroken, match=r"forfeit\.payee_other"):
        made.claim(payee_name=TREASURY.name)
    with pytest.raises(NotFound):
        made.claim(guarantee="01900000-0000-4000-8000-00000000000a")
    made.world.jump(timedelta(days=200))
    with pytest.raises(RuleBroken, match=r"claim\.too_late"):
        made.claim()

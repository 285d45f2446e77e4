"""Deposits that wait by order, and deposits that somebody may keep: never by themselves, and never without decision, ground and note."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.kernel import chain
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.ids import CaseId, RefundId
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.ticks import each
from core.kernel.work import Door
from deposits import jobs
from deposits.queries import due, finance
from deposits.queries import holds as queries
from deposits.services import holds, refunds
from tests.builders.holds import KEEPER, Kept, kept
from tests.builders.treasury import TREASURY, kept_by


@pytest.fixture
def made(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[Kept]:
    with kept(door, clock_file, tmp_path) as found:
        yield found


def agree(made: Kept) -> None:
    """Ledger, bank and deposits are one."""
    assert made.world.door.read(finance.audit) == finance.Audit((), True, ())
    assert jobs.reconcile(made.world.door, made.world.bank)
    assert made.world.door.read(finance.reconciliation).agrees is True


def kinds(made: Kept) -> list[str]:
    return [event.kind for event in made.world.door.read(lambda session: chain.events(session, CaseId(made.case)))]


def end_holds(made: Kept) -> int:
    return int(str(each(queries.over, holds.end)(made.world.door)))


def test_a_held_refund_waits_until_the_hold_is_lifted_or_its_last_day_has_passed(made: Kept) -> None:
    made.hall.decrypting(*made.world.firms)
    world = made.world
    first = made.hold()
    second = made.hold(firm=1, by=made.clerk)
    world.schedule(*world.firms)
    assert (world.send(), made.states()) == (1, ["refund_due", "refund_due", "refunding"])
    (refund,) = world.view(world.firms[0]).refunds
    with pytest.raises(WrongState, match=r"refund\.held"):
        world.door.perform(made.clerk.actor, lambda work: refunds.send(work, RefundId(UUID(refund.id))))
    made.lift(first)
    with pytest.raises(WrongState):
        made.lift(first)
    assert world.send() == 1
    with pytest.raises(NotAllowed):
        made.lift(second)  # the court's is not the supervisor's
    assert end_holds(made) == 0
    world.jump(timedelta(days=12))
    assert (end_holds(made), end_holds(made)) == (1, 0)
    assert world.send() == 1
    world.read_notices()
    assert made.states() == ["refunded"] * 3
    assert [kind for kind in kinds(made) if kind.startswith("hold")] == ["hold.place", "hold.place", "hold.lift", "hold.end"]
    agree(made)
    with pytest.raises(WrongState, match=r"hold\.nothing_to_hold"):
        made.hold()


def test_a_hold_is_ordered_by_its_office_for_its_time_and_after_the_opening(made: Kept) -> None:
    with pytest.raises(NotAllowed, match=r"deposit\.sealed"):
        made.hold()
    made.hall.decrypting(*made.world.firms)
    for by in (made.hall.tender.agency, made.hall.tender.centre, made.world.firms[0]):
        with pytest.raises(NotAllowed, match=r"hold\.place\.other_office"):
            made.hold(by=by)
    other = made.world.crowd.join(Role.TENDERER, "别的招标人")
    with pytest.raises(NotAllowed, match=r"hold\.place\.other_office"):
        made.hold(by=other, kind="dispute")
    with pytest.raises(NotAllowed, match=r"hold\.place\.other_office"):
        made.hold(kind="court")
    with pytest.raises(RuleBroken, match=r"hold\.until"):
        made.hold(by=made.hall.tender.tenderer, until="2099-01-01")
    with pytest.raises(RuleBroken, match=r"hold\.document_missing"):
        made.hold(by=made.clerk, document="")
    with pytest.raises(NotFound):
        made.hold(deposit=str(made.world.lot))
    assert made.hold(by=made.hall.tender.tenderer)["hold_sha256"]


def test_a_bid_lost_by_its_bidders_own_doing_waits_and_is_kept_by_decision_and_note(made: Kept) -> None:
    world, tenderer = made.world, made.hall.tender.tenderer
    made.open_but_the_first()
    assert made.states() == ["forfeitable", "locked", "locked"]
    world.schedule(*world.firms)
    assert made.states() == ["forfeitable", "refund_due", "refund_due"]
    with pytest.raises(NotAllowed):
        made.decide(by=world.crowd.join(Role.TENDERER, "别的招标人"))
    for changes, code in (
        ({"ground": "contract_refused"}, "not_the_winner"),
        ({"ground": "revoked"}, "other_failure"),
        ({"ground": "document"}, "clause_missing"),
        ({"clause": "须知 3.4"}, "clause_not_wanted"),
        ({"amount_fen": 1}, "amount"),
        ({"payee_name": "张三"}, "payee_other"),
    ):
        with pytest.raises(RuleBroken, match=rf"forfeit\.{code}"):
            made.decide(**changes)
    decision = made.decide()
    assert made.states()[0] == "forfeit_proposed"
    with pytest.raises(WrongState):
        made.decide()
    with pytest.raises(NotAllowed):
        made.note(decision, by=tenderer)
    world.send()
    assert world.view(world.firms[0]).refunds == ()
    made.note(decision)
    with pytest.raises(WrongState):
        made.note(decision)
    world.send()
    world.read_notices()
    assert made.states() == ["forfeited", "refunded", "refunded"]
    (paid,) = world.view(world.firms[0]).refunds
    assert (paid.reason, paid.state, paid.principal) == ("forfeited", "confirmed", Money.yuan("800000.00"))
    assert Money.yuan(str(world.sandbox.books.balance(KEEPER))) == paid.principal + paid.interest
    assert world.balance_of(world.firms[0]) == "0.00"
    agree(made)


def test_a_decision_that_the_supervisor_refuses_falls(made: Kept) -> None:
    made.open_but_the_first()
    decision = made.decide()
    made.note(decision, agrees=False)
    assert made.states()[0] == "forfeitable"
    made.note(made.decide())
    assert made.states()[0] == "forfeited"


def test_what_is_not_kept_goes_back(made: Kept) -> None:
    made.open_but_the_first()
    made.waive()
    assert (made.states()[0], made.world.view(made.world.firms[0]).refunds[0].reason) == ("refund_due", "waived")
    with pytest.raises(WrongState):
        made.waive(firm=1)


def test_a_refund_that_waits_is_cancelled_by_a_decision_and_comes_back_with_its_day_when_that_falls(made: Kept) -> None:
    world, document = made.world, made.hall.tender.lot.document_sha256
    made.hall.decrypting(*world.firms)
    by_document = {"ground": "document", "clause": "投标人须知 3.4.4", "document_sha256": document}
    held = made.hold(by=made.hall.tender.tenderer)
    made.hold(firm=1)
    world.schedule(*world.firms[:2])
    due_at = world.view(world.firms[0]).refunds[0].due_at
    first, second = made.decide(**by_document), made.decide(firm=1, **by_document)
    assert [refund.state for refund in world.view(world.firms[0]).refunds] == ["cancelled"]
    made.lift(held, by=made.hall.tender.tenderer)
    assert (world.send(), len(world.door.read(lambda session: due.to_send(session, world.now)))) == (0, 0)
    made.note(first, agrees=False)
    assert [(refund.state, refund.due_at) for refund in world.view(world.firms[0]).refunds][1] == ("scheduled", due_at)
    made.note(second)
    assert made.states() == ["refund_due", "forfeited", "locked"]
    assert world.send() == 1  # what is kept waits for its hold too
    third = made.decide(firm=2, **by_document)
    world.schedule(world.firms[2])
    assert made.states()[2] == "forfeit_proposed"
    made.note(third, agrees=False)
    assert (made.states()[2], world.view(world.firms[2]).refunds[0].reason) == ("refund_due", "contract_signed")


def test_what_is_kept_in_procurement_goes_to_the_treasury_on_a_clause_alone(door: Door, clock_file: Path, tmp_path: Path) -> None:
    with kept(door, clock_file, tmp_path, "government_procurement") as made:
        made.open_but_the_first()
        clause = {"ground": "document", "clause": "投标人须知 12.5", "document_sha256": made.hall.tender.lot.document_sha256}
        with pytest.raises(RuleBroken, match=r"forfeit\.by_document_alone"):
            made.decide()
        with pytest.raises(RuleBroken, match=r"forfeit\.treasury_missing"):
            made.decide(**clause)
        kept_by(made.world.crowd)
        with pytest.raises(RuleBroken, match=r"forfeit\.payee_treasury"):
            made.decide(**clause)
        treasury = {"payee_name": TREASURY.name, "payee_account": TREASURY.number, "payee_bank": TREASURY.bank}
        made.world.sandbox.books.open_account(TREASURY.number, TREASURY.name)
        made.note(made.decide(**clause, **treasury))
        made.world.send()
        made.world.read_notices()
        assert made.states()[0] == "forfeited"
        assert made.world.sandbox.books.balance(TREASURY.number) >= Money.yuan("800000.00")
        agree(made)


def test_a_payment_to_who_keeps_it_is_tried_again_as_any_other(made: Kept) -> None:
    made.open_but_the_first()
    made.world.sandbox.books._database.execute("UPDATE account SET name = '别的户名' WHERE number = ?", (KEEPER,))
    made.note(made.decide())
    made.world.send()
    (failed,) = made.world.view(made.world.firms[0]).refunds
    assert (failed.state, failed.cause) == ("rejected", "BE01")
    agree(made)
    made.world.sandbox.books._database.execute("UPDATE account SET name = ? WHERE number = ?", (made.hall.tender.tenderer.org_name, KEEPER))
    made.world.door.perform(made.clerk.actor, lambda work: refunds.retry(work, RefundId(UUID(failed.id))))
    made.world.send()
    made.world.read_notices()
    assert made.world.view(made.world.firms[0]).refunds[-1].state == "confirmed"
    agree(made)

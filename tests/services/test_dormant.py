"""Dormant deposits from an old ledger to the firm, the notary, the finance office, and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotFound, Refusal, RuleBroken, Stale, WrongState
from core.kernel.money import Money
from core.kernel.work import Door
from deposits.domain.dormant import Material
from deposits.domain.dormant_sheet import Sheet
from deposits.queries import dormant as queries
from deposits.queries import dormant_ledgers as ledgers
from deposits.queries import finance, orphans
from deposits.services import dormant_cases, dormant_ledgers, dormant_payouts
from tests.builders.dormant import FIRM, World, old
from tests.builders.dormant import world as build


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        yield made
        audit = made.door.read(finance.audit)
        assert audit.balanced
        assert not audit.wrong_balances
        assert not audit.unexplained


def refused(kind: type[Refusal], do: Any, *args: Any, **how: Any) -> str:
    with pytest.raises(kind) as refusal:
        do(*args, **how)
    return refusal.value.code


def test_a_claim_is_paid_once_with_interest_by_two_persons(world: World) -> None:
    world.take_in(old(1), old(2, payer="另一家有限公司"))
    assert world.state() == "listed"
    claim = world.claim()
    proposal = world.propose(claim=claim)
    assert refused(RuleBroken, world.decide, proposal, world.clerk) == "dormant.same_person"
    assert refused(RuleBroken, world.decide, proposal) == "dormant.not_moved_in"
    world.move_in("15000.00")
    world.decide(proposal)
    assert world.state() == "paying"
    assert refused(WrongState, world.decide, proposal) == "dormant.pay.wrong_state"
    world.run_bank()
    assert world.state() == "refunded"
    assert world.state(2) == "listed"
    assert Money.yuan(world.received()) > Money.yuan("10000.00")
    world.run_bank()
    assert world.payouts()[0].state.value == "paid"
    assert refused(WrongState, world.claim) == "dormant.not_claimable"


def test_what_a_bank_would_not_pay_is_owed_again_and_decided_anew(world: World) -> None:
    world.take_in(old())
    world.move_in("10000.00")
    world.deposits.sandbox._open({"number": "6222000000009", "name": FIRM})
    world.deposits.sandbox.books.close_account("6222000000009")
    claim = world.claim()
    world.decide(world.propose(claim=claim))
    world.run_bank()
    assert world.state() == "listed"
    assert [one.state.value for one in world.payouts()] == ["failed"]
    world.decide(world.propose(claim=claim), agree=False)
    assert [one.state.value for one in world.payouts()] == ["failed", "rejected"]
    assert world.state() == "listed"


def test_a_notary_gets_what_was_published_and_sought_and_a_later_claim_is_paid(world: World) -> None:
    world.take_in(old(1), old(2))
    world.move_in("20000.00")
    assert refused(RuleBroken, world.propose, 1, 2, way="notary") == "dormant.not_published"
    world.jump(days=61)
    assert refused(RuleBroken, world.propose, 1, 2, way="notary") == "dormant.not_sought"
    world.seek(1, 2)
    world.decide(world.propose(1, 2, way="notary"))
    world.run_bank()
    assert (world.state(1), world.state(2), world.received("notary")) == ("with_notary", "with_notary", "20000.00")
    claim = world.claim()
    world.decide(world.propose(claim=claim))
    assert world.state() == "recalled"
    payout = world.payouts()[-1]
    said = world.arrived("10000.00", str(payout.id), payer="临江市公证处")
    wrong = said | {"amount_fen": 9_999_00}
    assert refused(RuleBroken, world.sign, world.clerk, "dormant.restore", dormant_payouts.restore, wrong) == "dormant.restored_other"
    world.sign(world.clerk, "dormant.restore", dormant_payouts.restore, said)
    assert (
        refused(WrongState, world.sign, world.clerk, "dormant.restore", dormant_payouts.restore, said) == "dormant_payout.order.wrong_state"
    )
    world.run_bank()
    assert world.state() == "refunded"


def test_the_same_file_and_the_same_row_come_in_once(world: World) -> None:
    world.take_in(old(1))
    world.preview(old(2), file="a")
    assert refused(RuleBroken, world.confirm) == "old_ledger.file_known"
    world.preview(old(2), file="b")
    assert refused(Stale, world.confirm, rows=7) == "old_ledger.other"
    assert refused(RuleBroken, world.confirm, left_out=3) == "old_ledger.faults"
    world.confirm()
    assert refused(WrongState, world.confirm) == "old_ledger.confirm.wrong_state"
    world.preview(file="c")
    number = world.ledger
    world.door.perform(world.clerk.actor, lambda work: dormant_ledgers.discard(work, number))


def test_thousands_of_rows_are_booked_chunk_by_chunk(world: World) -> None:
    rows = [old(n, payer=f"第{n}建筑公司") for n in range(1, 451)]
    world.preview(*rows)
    world.confirm()
    assert len(world.rows()) == 450
    assert sum(row.amount.fen for row in world.rows()) == 450 * 10_000_00


def test_a_claim_that_lacks_something_is_refused_or_goes_back(world: World) -> None:
    world.take_in(old(1), old(2, payer="改名之前有限公司"))
    assert refused(RuleBroken, world.claim, without=(Material.BANK_SLIP,)) == "dormant.material_missing"
    assert refused(RuleBroken, world.claim, place=2) == "dormant.material_missing"
    assert refused(RuleBroken, world.claim, payee_name="别家公司") == "dormant.payee_other"
    assert refused(RuleBroken, world.claim, claimant="别家公司", payee_name="别家公司") == "dormant.claimant_other"
    proof = [world.file(world.firm, "change")]
    claim = world.claim(place=2, change=proof)
    assert refused(WrongState, world.claim, world.clerk, place=2, change=proof) == "dormant.claim_open"
    answer = {"claim_sha256": claim, "reason": "请补交更名核准通知书原件"}
    world.sign(world.clerk, "dormant.return", dormant_cases.send_back, answer, where=world.number(2), plain=True)
    again = world.claim(place=2, change=proof)
    world.sign(world.firm, "dormant.withdraw", dormant_cases.withdraw, answer | {"claim_sha256": again}, where=world.number(2), plain=True)
    mine = world.claim(world.clerk)
    world.sign(world.clerk, "dormant.refuse", dormant_cases.refuse, answer | {"claim_sha256": mine}, where=world.number(), plain=True)
    assert refused(RuleBroken, world.propose, 1) == "dormant.no_claim"


def test_a_reason_that_holds_back_holds_back(world: World) -> None:
    world.take_in(old())
    world.move_in("10000.00")
    claim = world.claim()
    body = {"rows": [world.number()], "reason": "COMPLAINT_HOLD", "note": "投诉处理中"}
    world.sign(world.clerk, "dormant.reason", dormant_cases.reason, body, plain=True)
    assert refused(RuleBroken, world.propose, claim=claim) == "dormant.held_back"
    assert refused(NotFound, world.seek, 9) == "dormant.not_found"
    assert refused(RuleBroken, world.move_in, "1.00") == "dormant.moved_in_too_much"


def test_money_of_nobodys_on_this_platform_is_taken_over(world: World) -> None:
    ref = world.arrives("3000.00", "不知何人有限公司")
    world.jump(days=31)
    world.ledger = world.door.perform(world.clerk.actor, lambda work: dormant_ledgers.gather_orphans(work, "平台无主款项"))
    world.confirm("dormant.take_over")
    [row] = world.rows()
    assert (row.source, row.is_here, row.amount, row.state.value) == (ref, True, Money.yuan("3000.00"), "listed")
    world.publish()
    claim = world.claim(world.clerk, change=[world.file(world.clerk, "change")])
    world.decide(world.propose(claim=claim))
    world.run_bank()
    assert (world.state(), world.received()) == ("refunded", "3000.00")
    number = world.door.perform(world.clerk.actor, lambda work: dormant_ledgers.gather_orphans(work, "再看一次"))
    assert number != world.ledger


def test_to_find_nobodys_money_no_deposit_is_listed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The finder and the list of what may be an old account's look at payments in suspense, not at all of finance's page."""
    world.arrives("1000.00", "不知何人有限公司")
    for name in ("page", "lines", "_count"):
        monkeypatch.setattr(finance, name, lambda *_: pytest.fail("finance's page was made"))
    assert [one.amount for one in world.door.read(ledgers.arrivals)] == [Money(1000_00)]
    found = [
        world.door.read(lambda session, ahead=ahead: orphans.to_take_over(session, world.door.clock(session) + timedelta(days=ahead)))  # type: ignore[misc]
        for ahead in (1, 31)
    ]
    assert [[one.amount for one in some] for some in found] == [[], [Money(1000_00)]]


def test_a_sheet_without_a_row_that_holds_books_nothing(world: World) -> None:
    sheet = Sheet((), ())
    world.ledger = world.door.perform(world.clerk.actor, lambda work: dormant_ledgers.preview(work, sheet, "空.xlsx", "0" * 64))
    assert refused(
        RuleBroken, world.sign, world.clerk, "dormant.import", dormant_ledgers.confirm, world.book_body(rows=1, total_fen=1)
    ) == ("old_ledger.nothing")


@pytest.mark.parametrize("step", ["ledger.book", "refunds.schedule_payout"])
def test_an_approval_that_breaks_half_way_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    world.take_in(old())
    world.move_in("10000.00")
    proposal = world.propose(claim=world.claim())

    def broken(*_args: Any, **_how: Any) -> None:
        raise OSError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(f"deposits.services.dormant_payouts.{step}", broken)
        with pytest.raises(OSError, match="power"):
            world.decide(proposal)
    assert (world.state(), world.payouts()[0].state.value) == ("listed", "proposed")
    world.decide(proposal)
    world.run_bank()
    assert world.state() == "refunded"


def test_a_confirmation_that_breaks_half_way_books_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [old(n) for n in range(1, 251)]
    world.preview(*rows)
    world.sign(world.clerk, "dormant.import", dormant_ledgers.confirm, world.book_body())
    first = world.door.read(lambda session: queries.to_book(session, world.deposits.now))
    world.door.perform(SYSTEM_ACTOR, lambda work: dormant_ledgers.book(work, first[0]))
    assert len(world.rows()) == dormant_ledgers.CHUNK
    with monkeypatch.context() as patched:
        patched.setattr("deposits.services.dormant_ledgers._finish", lambda *_: (_ for _ in ()).throw(OSError("the power is gone")))
        with pytest.raises(OSError, match="power"):
            world.door.perform(SYSTEM_ACTOR, lambda work: dormant_ledgers.book(work, first[0]))
    assert len(world.rows()) == dormant_ledgers.CHUNK
    world.book()
    assert len(world.rows()) == 250

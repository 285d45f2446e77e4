"""What matched nothing waits until finance signs what becomes of it; statements come in by sheet too, each reference once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.kernel import chain
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, Stale, WrongState
from core.kernel.ids import CaseId
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.ticks import each
from core.kernel.work import Door
from deposits.domain.statement_file import COLUMNS, read_sheet
from deposits.queries import finance, statement_files, suspense
from deposits.queries.holds import deposit_id
from deposits.services import statement_files as files
from deposits.services import suspense as service
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person

NOWHERE = "6210001888019999999999"
HEADS = [column.value for column in COLUMNS]


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join()
        yield made


@pytest.fixture
def clerk(world: World) -> Person:
    return world.crowd.join(Role.FINANCE, "临江市公共资源交易中心")


def sign(world: World, clerk: Person, kind: str, body: dict[str, Any], do: Any) -> Any:
    case = f"D-{world.number}" if kind == "suspense.assign" else "D-SUSPENSE"
    request = clerk.act(kind, case, body=body, step_up=True)
    return world.door.perform(clerk.actor, lambda work: do(work, request))


def assign(world: World) -> Any:
    return lambda work, request: service.assign(work, world.number, request)


def listed(world: World) -> list[tuple[str, str]]:
    return [(row.payer, row.state) for row in world.door.read(suspense.listed)]


def ref_of(world: World) -> str:
    return world.door.read(suspense.listed)[0].ref


def audited(world: World) -> None:
    assert world.door.read(finance.audit) == finance.Audit((), True, ())


def test_a_payment_of_nobody_goes_back_by_signature_and_once(world: World, clerk: Person) -> None:
    world.request(world.firms[0])
    world.pay(world.firms[0], to=NOWHERE, payer="路人甲有限公司", payer_account="62228888000000")
    world.read_notices()
    assert listed(world) == [("路人甲有限公司", "waiting")]
    body = {"ref": ref_of(world), "reason": "付款人来函说明转错账号"}
    sign(world, clerk, "suspense.return", body, service.send_back)
    assert listed(world) == [("路人甲有限公司", "returned")]
    with pytest.raises(WrongState):
        sign(world, clerk, "suspense.return", body, service.send_back)
    world.send()
    world.read_notices()
    assert str(world.sandbox.books.balance("62228888000000")) == "800000.00"
    kinds = [event.kind for event in world.door.read(lambda session: chain.events(session, CaseId("D-SUSPENSE")))]
    assert kinds == ["payment.notice", "suspense.return", "refund.schedule", "refund.send", "refund.confirm"]
    audited(world)


def test_what_a_bidder_of_a_sealed_lot_paid_is_hidden_and_stays_so(world: World, clerk: Person) -> None:
    firm = world.firms[0]
    world.request(firm)
    world.pay(firm, to=NOWHERE)
    world.read_notices()
    assert listed(world) == []
    hidden = {"ref": world.sandbox.books.notices(0).entries[0].ref, "reason": "x"}
    with pytest.raises(NotFound):
        sign(world, clerk, "suspense.return", hidden, service.send_back)
    for deposit in (world.firms[1].org, world.door.read(lambda session: deposit_id(session, world.number, firm.org))):
        body = hidden | {"deposit": str(deposit)}
        with pytest.raises(NotAllowed, match=r"deposit\.sealed"):
            sign(world, clerk, "suspense.assign", body, assign(world))


def test_after_the_opening_it_is_the_deposit_that_it_was_meant_for(world: World, clerk: Person) -> None:
    firm = world.firms[0]
    world.request(firm)
    world.pay(firm, "500000.00")
    world.pay(firm, "300000.01", to=NOWHERE)
    world.read_notices()
    world.close(firm)
    found, candidates = world.door.read(lambda session: suspense.one(session, ref_of(world)))
    assert (found.state, [(one.lot, one.wanted) for one in candidates]) == ("waiting", [(world.number, Money.yuan("300000.00"))])
    body = {"ref": found.ref, "deposit": str(candidates[0].deposit), "reason": "子账号末位写错"}
    told = sign(world, clerk, "suspense.assign", body, assign(world))
    assert told["outcome"] == "over"
    assert (world.view(firm).state, listed(world)) == ("locked", [(firm.org_name, "assigned")])
    world.send()
    world.read_notices()
    assert world.balance_of(firm) == "0.01"
    kinds = [event.kind for event in world.door.read(lambda session: chain.events(session, CaseId(f"D-{world.number}")))]
    assert kinds[-7:-2] == ["suspense.assign", "payment.notice", "deposit.match", "deposit.lock", "refund.schedule"]
    audited(world)


@pytest.mark.parametrize("changes", [{"payer_account": "62229999999999"}, {"value_at": "2099-01-01T00:00:00.000Z"}])
def test_a_person_bends_no_rule(world: World, clerk: Person, changes: dict[str, str]) -> None:
    firm = world.firms[0]
    world.request(firm)
    world.pay(firm, to=NOWHERE, **changes)
    world.read_notices()
    world.close(firm)
    found, candidates = world.door.read(lambda session: suspense.one(session, ref_of(world)))
    body = {"ref": found.ref, "deposit": str(candidates[0].deposit), "reason": "x"}
    with pytest.raises(RuleBroken, match=r"suspense\.does_not_fit"):
        sign(world, clerk, "suspense.assign", body, assign(world))
    assert listed(world) == [(firm.org_name, "waiting")]
    audited(world)


def handed_in(world: World, clerk: Person, rows: list[list[str]]) -> str:
    sheet = read_sheet([HEADS, *rows], HEADS, world.now)
    return str(world.door.perform(clerk.actor, lambda work: files.preview(work, sheet, "流水.xlsx", "0" * 64)))


def row(world: World, ref: str, firm: Person, amount: str = "800000.00", **changes: str) -> list[str]:
    said = {"ref": ref, "direction": "贷", "amount": amount, "booked_at": "2026-08-01 09:00", "sub_account": world.view(firm).sub_account}
    said |= {"party_name": firm.org_name, "party_account": world.account_of(firm), "key": "", "text": "保证金"}
    return [(said | changes)[column] for column in HEADS]


def confirm(world: World, clerk: Person, file: str, rows: int, left_out: int = 0) -> None:
    body = {"id": file, "file_sha256": "0" * 64, "rows": rows, "left_out": left_out}
    sign(world, clerk, "bank_statement.import", body, files.confirm)


def book(world: World) -> None:
    each(statement_files.waiting, files.book_some)(world.door)


def test_a_sheet_books_nothing_before_it_is_signed_and_nothing_that_came_by_wire(world: World, clerk: Person) -> None:
    first, second = world.firms[:2]
    for firm in (first, second):
        world.request(firm)
    world.pay(first)
    world.read_notices()
    wired = world.sandbox.books.notices(0).entries[0].ref
    file = handed_in(world, clerk, [row(world, wired, first), row(world, "F2", second), row(world, "F3", second, amount="x")])
    book(world)
    assert world.view(second).state == "requested"
    with pytest.raises(RuleBroken, match=r"bank_statement\.faults"):
        confirm(world, clerk, file, 2)
    with pytest.raises(Stale):
        confirm(world, clerk, file, 1, 1)
    confirm(world, clerk, file, 2, 1)
    book(world)
    book(world)
    view = world.door.read(statement_files.latest)[0]
    assert (view.state, view.booked, view.known, len(view.faults)) == ("done", 2, 1, 1)
    assert [world.view(firm).state for firm in (first, second)] == ["matched", "matched"]
    assert [len(world.view(firm).payments) for firm in (first, second)] == [1, 1]
    with pytest.raises(WrongState):
        confirm(world, clerk, file, 2, 1)
    audited(world)


def test_a_reference_that_the_bank_told_otherwise_is_a_fault(world: World, clerk: Person) -> None:
    firm = world.firms[0]
    world.request(firm)
    world.pay(firm)
    world.read_notices()
    wired = world.sandbox.books.notices(0).entries[0].ref
    file = handed_in(world, clerk, [row(world, wired, firm, amount="1.00")])
    (fault,) = world.door.read(statement_files.latest)[0].faults
    assert fault["code"] == "bank_statement.differs"
    with pytest.raises(RuleBroken, match=r"bank_statement\.nothing"):
        confirm(world, clerk, file, 0, 1)


def test_others_hand_in_nothing(world: World, clerk: Person) -> None:
    firm = world.firms[0]
    world.request(firm)
    with pytest.raises(NotAllowed):
        handed_in(world, firm, [row(world, "F1", firm)])
    file = handed_in(world, clerk, [row(world, "F1", firm)])
    with pytest.raises(Refusal):
        world.door.perform(firm.actor, lambda work: files.discard(work, UUID(file)))
    world.jump(timedelta(seconds=1))
    world.door.perform(clerk.actor, lambda work: files.discard(work, UUID(file)))
    with pytest.raises(WrongState):
        confirm(world, clerk, file, 1)

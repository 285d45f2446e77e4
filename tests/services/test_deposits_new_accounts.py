"""A refund whose account is closed goes to another account of the same firm: asked with proof, approved by two, paid once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.kernel import chain
from core.kernel.calendar import legal_day
from core.kernel.errors import NotAllowed, NotFound, Refusal, Stale, WrongState
from core.kernel.ids import CaseId, RefundId
from core.kernel.roles import Role
from core.kernel.ticks import each
from core.kernel.work import Door
from deposits import jobs
from deposits.domain.new_account import AccountState
from deposits.queries import finance
from deposits.queries import holds as held
from deposits.queries import new_accounts as queries
from deposits.services import holds, new_accounts, refunds
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.new_accounts import OTHER, Refused, refused

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(2, keys=True)
        yield made


@pytest.fixture
def made(world: World) -> Refused:
    return refused(world)


def test_two_persons_approve_and_the_money_goes_there_once(made: Refused) -> None:
    world, request = made.world, made.ask()
    failed = RefundId(UUID(made.refund))
    with pytest.raises(WrongState, match=r"refund\.account_asked"):
        world.door.perform(made.clerks[0].actor, lambda work: refunds.retry(work, failed))
    assert made.approve(request)["state"] == "checked"
    with pytest.raises(NotAllowed, match=r"new_account\.same_person"):
        made.approve(request)
    with pytest.raises(Stale, match=r"new_account\.changed"):
        made.approve(request, 1, account="621000777702")
    assert world.view(made.firm).state == "refund_failed"
    assert made.approve(request, 1)["state"] == "approved"
    with pytest.raises(WrongState):
        made.approve(request, 1)
    with pytest.raises(Refusal):
        made.ask()
    with pytest.raises(NotFound):
        world.door.perform(made.clerks[0].actor, lambda work: refunds.retry(work, failed))
    assert (world.send(), world.send()) == (1, 0)
    world.read_notices()
    assert world.view(made.firm).state == "refunded"
    assert str(world.sandbox.books.balance(OTHER)).startswith("800011")
    assert [refund.state for refund in world.view(made.firm).refunds] == ["rejected", "confirmed"]
    assert world.door.read(finance.audit) == finance.Audit((), True, ())
    assert jobs.reconcile(world.door, world.bank)
    kinds = [event.kind for event in world.door.read(lambda session: chain.events(session, CaseId(made.case)))]
    assert [kinds.count(kind) for kind in ("account.ask", "account.approve", "refund.redirect")] == [1, 2, 1]
    (view,) = world.door.read(lambda session: queries.listed(session, None))
    assert (view.state, view.first, view.second) == (AccountState.APPROVED, made.clerks[0].name, made.clerks[1].name)


def test_a_refused_request_tells_why_and_the_firm_asks_again(made: Refused) -> None:
    request = made.ask()
    with pytest.raises(WrongState, match=r"new_account\.asked"):
        made.ask()
    made.approve(request)
    assert made.refuse(request, 1)["state"] == "refused"
    with pytest.raises(WrongState):
        made.approve(request, 1)
    page = made.world.door.read(lambda session: queries.own(session, made.world.number, UUID(made.refund), made.firm.org))
    assert page.may_ask and page.requests[0].answer == "证明不清晰。"
    assert made.ask() != request
    assert [len(made.world.door.read(lambda session, only=only: queries.listed(session, None, "", only))) for only in (True, False)] == [
        1,
        2,
    ]


def test_a_court_holds_what_came_back_and_the_new_refund_waits(made: Refused) -> None:
    world, number = made.world, made.world.number
    until = (legal_day(world.now) + timedelta(days=3)).isoformat()
    deposit = world.door.read(lambda session: str(held.deposit_id(session, number, made.firm.org)))
    body = {"deposit": deposit, "kind": "court", "reason": "诉讼保全", "document": "（2026）临01民初18号", "until": until}
    roles = frozenset({Role.FINANCE})
    made.act(lambda work, lot, request: holds.place(work, lot, request, roles), made.clerks[0], "hold.place", body)
    request = made.ask()
    made.approve(request)
    made.approve(request, 1)
    assert (world.send(), world.view(made.firm).state) == (0, "refund_due")
    world.jump(timedelta(days=4))
    each(held.over, holds.end)(world.door)
    assert world.send() == 1


def test_who_may_not_ask_and_what_may_not_be_asked(made: Refused) -> None:
    world, other = made.world, made.world.firms[1]
    with pytest.raises(NotFound, match=r"refund\.not_found"):
        made.ask(other, proof=[made.proof(other)])
    with pytest.raises(NotAllowed):
        made.ask(made.clerks[0], proof=[made.proof(made.clerks[0])])
    for changes in ({"name": other.org_name}, {"account": world.account_of(made.firm)}, {"refund": world.view(other).refunds[0].id}):
        with pytest.raises(Refusal):
            made.ask(**changes)
    file = made.proof()
    for proof in ([file | {"size": 1}], [file, file], [file | {"sha256": "f" * 64}], [made.proof(other, b"another's")]):
        with pytest.raises(Refusal):
            made.ask(proof=proof)
    with pytest.raises(NotAllowed):
        made.act(new_accounts.approve, made.firm, "account.approve", {"request_sha256": made.ask(), "account": OTHER})
    with pytest.raises(NotFound):
        world.door.read(lambda session: queries.own(session, world.number, UUID(made.refund), other.org))
    digest = str(made.proof()["sha256"])
    assert world.door.read(lambda session: queries.proof(session, world.number, digest, made.firm.org)).size == made.proof()["size"]
    with pytest.raises(NotFound):
        world.door.read(lambda session: queries.proof(session, world.number, digest, other.org))


def test_a_withdrawal_before_the_opening_waits_with_its_request(world: World) -> None:
    firm = world.firms[0]
    world.paid(firm)
    world.sandbox.books.close_account(world.account_of(firm))
    world.schedule(firm, reason="withdrawn")
    world.send()
    made = Refused(world, firm, [world.crowd.join(Role.FINANCE, "临江市公共资源交易中心")])
    assert world.view(firm).state == "refund_failed"
    with pytest.raises(WrongState, match=r"new_account\.too_early"):
        made.ask()
    assert world.door.read(lambda session: queries.listed(session, None)) == ()
    world.close()
    assert made.ask()

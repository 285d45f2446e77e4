"""Deposits paid: every outcome of matching, with the money where it belongs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.kernel import chain, clock
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits.domain.deposit import DepositState
from deposits.queries import finance
from deposits.queries import requirements as queries
from deposits.services import payments
from tests.builders.deposits import AMOUNT, World
from tests.builders.deposits import world as build

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join()
        yield made


def outcomes(world: World, firm: int = 0) -> list[str]:
    return [payment.outcome for payment in world.view(world.firms[firm]).payments]


def kinds(world: World, case: str = "D-T2026-000001-1") -> list[str]:
    return [event.kind for event in world.door.read(lambda session: chain.events(session, CaseId(case)))]


def audited(world: World) -> None:
    audit = world.door.read(finance.audit)
    assert audit.balanced
    assert not audit.wrong_balances
    assert not audit.unexplained


@pytest.mark.on_both
def test_a_payment_from_the_basic_account_in_time_makes_the_deposit_complete(world: World) -> None:
    firm = world.firms[0]
    world.request(firm)
    world.pay(firm)
    world.read_notices()
    seen = world.view(firm)
    assert (seen.state, seen.paid, outcomes(world)) == ("matched", AMOUNT, ["matched"])
    standing = world.door.read(lambda session: queries.standing(session, world.lot, firm.org))
    assert standing == queries.Standing(AMOUNT, AMOUNT, DepositState.MATCHED, True)
    assert kinds(world) == ["deposit.request", "payment.notice", "deposit.match"]
    audited(world)


@pytest.mark.on_both
def test_asking_twice_for_a_sub_account_gives_the_same_one(world: World) -> None:
    assert world.request(world.firms[0]) == world.request(world.firms[0])
    assert kinds(world) == ["deposit.request"]


@pytest.mark.on_both
def test_several_transfers_add_up(world: World) -> None:
    firm = world.firms[0]
    world.request(firm)
    world.pay(firm, "500000.00")
    world.read_notices()
    assert world.view(firm).state == "short"
    world.pay(firm, "300000.00")
    world.read_notices()
    assert (world.view(firm).state, outcomes(world)) == ("matched", ["short", "matched"])
    audited(world)


def test_too_much_is_a_deposit_and_the_excess_goes_back(world: World) -> None:
    firm = world.firms[0]
    world.request(firm)
    world.pay(firm, "800000.01")
    world.read_notices()
    world.send()
    world.read_notices()
    seen = world.view(firm)
    assert (seen.state, seen.paid, outcomes(world)) == ("matched", AMOUNT, ["over"])
    assert [(refund.reason, str(refund.principal), refund.state) for refund in seen.refunds] == [("over", "0.01", "confirmed")]
    assert world.balance_of(firm) == "0.01"
    audited(world)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"payer": "别的公司"}, "wrong_name"),
        ({"payer_account": "62229999999999"}, "not_basic_account"),
        ({"value_at": "2099-01-01T00:00:00.000Z"}, "late"),
    ],
)
def test_a_payment_that_may_not_count_is_sent_back_whole_where_it_came_from(world: World, changes: dict[str, str], outcome: str) -> None:
    firm = world.firms[0]
    world.request(firm)
    world.pay(firm, **changes)
    world.read_notices()
    world.send()
    world.read_notices()
    seen = world.view(firm)
    assert (seen.state, seen.paid, outcomes(world)) == ("requested", Money(0), [outcome])
    (back,) = seen.refunds
    assert (back.reason, back.principal, back.interest, back.state) == (outcome, AMOUNT, Money(0), "confirmed")
    payer = changes.get("payer_account", world.account_of(firm))
    assert str(world.sandbox.books.balance(payer)) == "800000.00"
    audited(world)


def test_paying_twice_keeps_one_payment_and_sends_the_other_back(world: World) -> None:
    firm = world.firms[0]
    world.request(firm)
    world.pay(firm)
    world.pay(firm)
    world.read_notices()
    assert outcomes(world) == ["matched", "duplicate"]
    world.send()
    world.read_notices()
    assert (world.view(firm).state, world.balance_of(firm)) == ("matched", "800000.00")
    audited(world)


def test_half_and_full_width_and_spaces_make_no_other_name(world: World) -> None:
    firm = world.crowd.join(Role.BIDDER, "第九建筑（集团）有限公司", keys=False)
    world.register(firm)
    world.request(firm)
    world.pay(firm, payer="第九建筑(集团) 有限公司")
    world.read_notices()
    assert world.view(firm).state == "matched"


@pytest.mark.on_both
def test_a_notice_that_comes_twice_counts_once(world: World) -> None:
    world.sandbox.books.set_fault("duplicate_notices", 3)
    world.paid(*world.firms)
    world.read_notices()
    assert [world.view(firm).paid for firm in world.firms] == [AMOUNT] * 3
    events = world.door.read(lambda session: chain.find(session, CaseId("D-T2026-000001-1"), "payment.notice"))
    told = [payment["ref"] for event in events for payment in json.loads(event.envelope.payload)["body"]["payments"]]
    assert len(set(told)) == len(told) == 3
    audited(world)


@pytest.mark.on_both
def test_a_payment_to_no_sub_account_waits_in_suspense_until_finance_sends_it_back(world: World) -> None:
    firm, clerk = world.firms[0], world.crowd.join(Role.FINANCE, "临江市公共资源交易中心", keys=False)
    world.request(firm)
    world.pay(firm, to="6210001888019999999999", payer="路人甲有限公司", payer_account="62228888000000")
    world.read_notices()
    unknown = world.door.read(lambda session: finance.page(session, world.now)).unknown
    assert [(entry.payer, entry.amount, entry.sent_back) for entry in unknown] == [("路人甲有限公司", AMOUNT, False)]
    with pytest.raises(NotFound):
        world.door.perform(firm.actor, lambda work: payments.send_back_unknown(work, unknown[0].ref))
    world.door.perform(clerk.actor, lambda work: payments.send_back_unknown(work, unknown[0].ref))
    world.send()
    world.read_notices()
    assert str(world.sandbox.books.balance("62228888000000")) == "800000.00"
    assert kinds(world, "D-SUSPENSE") == ["payment.notice", "refund.schedule", "refund.send", "refund.confirm"]
    audited(world)


def test_a_payment_astray_of_a_firm_with_a_sealed_deposit_is_not_shown(world: World) -> None:
    firm = world.firms[0]
    world.request(firm)
    world.pay(firm, to="6210001888019999999999")
    world.read_notices()
    assert not world.door.read(lambda session: finance.page(session, world.now)).unknown
    world.close()
    assert world.door.read(lambda session: finance.page(session, world.now)).unknown


def test_without_a_basic_account_there_is_no_sub_account(world: World) -> None:
    stranger = world.crowd.join(Role.BIDDER, "新来的公司", keys=False)
    with pytest.raises(RuleBroken) as refused:
        world.request(stranger)
    assert (refused.value.code, refused.value.article) == ("deposit.basic_account_missing", "招标投标法实施条例第二十六条")


def test_a_basic_account_stands_in_the_firms_own_name(world: World) -> None:
    from deposits.services import accounts

    firm = world.firms[0]
    with pytest.raises(RuleBroken, match=r"account\.other_name"):
        world.door.perform(firm.actor, lambda work: accounts.register(work, "别的公司", "62220000000", "建设银行"))


def test_nobody_asks_for_a_sub_account_after_the_deadline(world: World) -> None:
    world.close(unseal=False)
    with pytest.raises(WrongState, match=r"deposit_requirement\.request"):
        world.request(world.firms[0])


def test_only_bidders_ask(world: World) -> None:
    centre = world.crowd.join(Role.CENTRE, "临江市公共资源交易中心", keys=False)
    with pytest.raises(NotAllowed):
        world.request(centre)


def test_a_payment_in_time_whose_notice_comes_after_the_deadline_counts(world: World) -> None:
    bidder, idler = world.firms[:2]
    for firm in (bidder, idler):
        world.request(firm)
        world.pay(firm)
    world.close(bidder)
    assert world.view(bidder).state == "requested"
    world.read_notices()
    assert [world.view(firm).state for firm in (bidder, idler)] == ["locked", "refund_due"]


@pytest.mark.on_both
def test_what_was_not_completed_goes_back_when_the_bank_has_nothing_more_to_tell(world: World) -> None:
    from core.kernel.ticks import each
    from deposits.queries import due
    from deposits.services import requirements

    short, never = world.firms[:2]
    world.request(never)
    world.request(short)
    world.pay(short, "1.00")
    world.read_notices()
    world.close(short, never)
    lapse = each(due.incomplete, requirements.give_up_waiting)
    assert lapse(world.door) == 0
    world.jump(timedelta(days=1))
    assert lapse(world.door) == 2
    assert [world.view(firm).state for firm in (short, never)] == ["refund_due", "lapsed"]
    world.send()
    world.read_notices()
    assert (world.view(short).state, world.balance_of(short)) == ("refunded", "1.00")
    audited(world)


def test_the_list_is_sealed_until_the_opening(world: World) -> None:
    parties = frozenset({Role.TENDERER, Role.CENTRE, Role.SUPERVISOR, Role.FINANCE})
    world.paid(*world.firms)
    with pytest.raises(NotAllowed, match=r"deposit\.sealed"):
        world.door.read(lambda session: queries.listed(session, world.number, parties))
    world.close(*world.firms, unseal=False)
    with pytest.raises(NotAllowed, match=r"deposit\.sealed"):
        world.door.read(lambda session: queries.listed(session, world.number, parties))
    assert not world.door.read(lambda session: finance.page(session, world.now)).lines


def test_an_event_goes_to_its_bidder_alone(world: World, door: Door) -> None:
    from core.kernel import streams

    world.paid(*world.firms)
    case = CaseId("D-T2026-000001-1")
    for firm in world.firms:
        told = door.read(lambda session, firm=firm: streams.since(session, case, f"bidder:{firm.org}", 0))  # type: ignore[misc]
        assert [(entry.kind, entry.data) for entry in told] == [("deposit.request", {}), ("payment.notice", {}), ("deposit.match", {})]
    for audience in ("public", "tenderer", "host", "supervisor"):
        assert not door.read(lambda session, audience=audience: streams.since(session, case, audience, 0))  # type: ignore[misc]


def test_what_goes_back_of_payments_taken_in_together_is_one_event_and_each_bidder_hears_of_its_own(world: World, door: Door) -> None:
    from core.kernel import streams

    world.paid(*world.firms)
    for firm, times in zip(world.firms, (2, 1, 0), strict=True):
        for _ in range(times):
            world.pay(firm)
    world.read_notices()
    case = CaseId("D-T2026-000001-1")
    (event,) = door.read(lambda session: chain.find(session, case, "refund.schedule"))
    told = json.loads(event.envelope.payload)["body"]["refunds"]
    first, second, third = (str(firm.org) for firm in world.firms)
    assert sorted(one["bidder"] for one in told) == sorted((first, first, second))
    assert len({one["refund"] for one in told}) == len({one["payment"] for one in told}) == 3
    for org, times in ((first, 1), (second, 1), (third, 0)):
        heard = door.read(lambda session, org=org: streams.since(session, case, f"bidder:{org}", 0))  # type: ignore[misc]
        assert [entry.data for entry in heard if entry.kind == "refund.schedule"] == [{}] * times
    world.send()
    world.read_notices()
    assert [world.balance_of(firm) for firm in world.firms] == ["1600000.00", "800000.00", "0.00"]
    audited(world)


def test_clock_texts_are_exact(world: World) -> None:
    firm = world.firms[0]
    world.request(firm)
    at = clock.text(world.now)
    world.pay(firm, value_at=at)
    world.read_notices()
    assert clock.text(world.view(firm).payments[0].value_at) == at

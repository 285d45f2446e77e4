"""Fees through the services, on both databases: rule, counted time, objection, correction, confirmation, payment; who may not, when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.identity.models.messages import InboxMessage
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain.fee_life import FeeState
from evaluation.models.fees import Fee, FeeOrder
from tests.builders.evaluation import Room
from tests.builders.fees import Fees, bank, number_of
from tests.builders.people import Person
from tests.builders.stages import READY, REVIEWING, SUBMITTED

pytestmark = [pytest.mark.begins(READY), pytest.mark.sqlite_alone]


@pytest.fixture
def fees(world: Room, monkeypatch: pytest.MonkeyPatch) -> Fees:
    return Fees(world.told(monkeypatch))


@pytest.fixture
def banked(fees: Fees, clock_file: Path, tmp_path: Path) -> Iterator[Fees]:
    with bank(tmp_path, clock_file) as (fees.bank, fees.books):
        fees.endow()
        yield fees


def refused(kind: type[Refusal], act: object, *given: object, **more: object) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)  # type: ignore[operator]
    return refusal.value.code


def states(fees: Fees) -> dict[str, FeeState]:
    return fees.door.read(lambda session: dict(session.execute(select(Fee.line, Fee.state)).all()))


def told(fees: Fees, who: Person) -> list[str]:
    query = select(InboxMessage.words).where(InboxMessage.person_id == who.person)
    return sorted(words for words in fees.door.read(lambda session: list(session.scalars(query))) if words.startswith("fee."))


def calculated(fees: Fees) -> None:
    """The committee has handed in its report; the rule comes late, and the fees are calculated."""
    fees.fix(late_reason="抽取申请先行签署")
    assert fees.calculate() == 1


def finish(fees: Fees) -> None:
    """From the review to the report."""
    room = fees.room
    for who in room.members:
        room.review(who)
    for who in room.members:
        room.submit(who)
    room.open_map()
    for place, org in enumerate(room.opened.asked):
        room.opened.price(org, f"{130_000_000 + place * 1_000_000}.00")
    room.prices_in()
    room.draft_report()
    for who in room.members:
        room.sign_report(who)


def to_result(fees: Fees) -> None:
    """The candidates are published, the award decided, its notice sent."""
    one = fees.room.tender
    one.publish_candidates()
    one.end_publicity()
    one.bidders[0] = next(who for who in one.bidders if str(who.org) == fees.room.candidates[0])
    one.step_award()
    one.send_award_notice()


@pytest.mark.begins(SUBMITTED)
@pytest.mark.on_both
def test_fees_are_calculated_confirmed_and_paid_once_names_may_be_known(banked: Fees) -> None:
    fees, room = banked, banked.room
    calculated(fees)
    members = room.members
    assert {line: one["fee_fen"] for line, one in fees.lines().items()} == {f"{seat}-1": 200_00 for seat in range(1, 8)}
    assert all(one["minutes"] >= 1 and not one["wasted"] for one in fees.lines().values())
    assert told(fees, members[0]) == ["fee.calculated"] and told(fees, room.tender.tenderer) == ["fee.to_confirm"]
    body = fees.bodies(room.case, "fee.calculate")[0]
    assert body["total_fen"] == 7 * 200_00 and str(members[0].person) not in str(body)
    for who in members[:6]:
        fees.give_account(who)
    lines = sorted(fees.lines())
    assert refused(RuleBroken, fees.confirm, *lines, total_fen=1) == "fee.total_differs"
    fees.confirm(*lines)
    fees.set_payer()
    assert fees.order() == 0 and not fees.chain()  # nobody may know yet who they are
    to_result(fees)
    assert fees.order() == 6
    assert states(fees) == dict.fromkeys(lines[:6], FeeState.PAID) | {lines[6]: FeeState.CONFIRMED}
    assert [kind for kind, _ in fees.chain()].count("fee.pay") == 6
    assert fees.chain()[0][1].items() >= {"fee_fen": 200_00, "tax_fen": 0, "net_fen": 200_00}.items()
    assert fees.books is not None and str(fees.books.books.balance(number_of(members[0]))) == "200.00"
    assert "fee.paid" in told(fees, members[0])
    assert fees.order() == 0


@pytest.mark.begins(SUBMITTED)
def test_an_objection_is_answered_once_and_a_confirmation_falls_with_it(fees: Fees) -> None:
    calculated(fees)
    room = fees.room
    one, other = room.members[0], room.members[1]
    assert refused(NotFound, fees.object_to, other, "1-1") == "fee.not_found"
    fees.confirm("1-1", "2-1")
    fees.object_to(one, "1-1")
    assert states(fees)["1-1"] is FeeState.OBJECTED and "fee.objected" in told(fees, room.tender.centre)
    assert refused(WrongState, fees.confirm, "1-1") == "fee.confirm.wrong_state"
    begin = room.tender.now - timedelta(minutes=100)
    answer = fees.correct("1-1", [(begin, begin + timedelta(minutes=40))], emergency=True)
    assert answer == {"line": "1-1", "state": "corrected", "fee_fen": 400_00}
    assert [step["code"] for step in fees.said_of("1-1")["steps"]] == ["day", "flat", "emergency"]
    assert refused(WrongState, fees.correct, "1-1") == "fee.correct.wrong_state"
    assert refused(WrongState, fees.object_to, one, "1-1") == "fee.object.wrong_state"
    fees.confirm("1-1")
    assert refused(WrongState, fees.object_to, one, "1-1") == "fee.object.twice"
    assert refused(WrongState, fees.confirm, "2-1") == "fee.confirm.wrong_state"
    assert refused(NotAllowed, fees.confirm, "3-1", who=room.tender.agency) == "fee.confirm.not_allowed"


@pytest.mark.begins(REVIEWING)
def test_breaks_do_not_count_and_extras_are_what_the_standard_knows(fees: Fees) -> None:
    room = fees.room
    fees.fix(late_reason="抽取申请先行签署")
    room.tender.jump(room.tender.now + timedelta(minutes=125))
    now = room.tender.now
    fees.rest(now - timedelta(minutes=70), now - timedelta(minutes=2), "1", "2")
    fees.extra("1-1", emergency=True)
    assert refused(RuleBroken, fees.rest, now, now + timedelta(minutes=5)) == "fee.break.future"
    assert refused(RuleBroken, fees.rest, now - timedelta(minutes=5), now, "9") == "fee.seat_unknown"
    assert refused(NotAllowed, fees.rest, now - timedelta(minutes=5), now, who=room.members[0]) == "act.role"
    assert refused(RuleBroken, fees.extra, "9-1") == "fee.line"
    assert refused(RuleBroken, fees.extra, "1-1", nights=1) == "fee.extra.unknown"
    remote = next(seat.code for seat in room.view(room.tender.centre).seats if not seat.site.startswith("主场"))
    assert refused(RuleBroken, fees.extra, f"{remote}-1", travelled=True) == "fee.extra.remote"
    finish(fees)
    assert fees.calculate() == 1 and fees.calculate() == 0
    found = fees.lines()
    assert (found["1-1"]["fee_fen"], found["2-1"]["fee_fen"], found["3-1"]["fee_fen"]) == (200_00 + 200_00, 200_00, 500_00)
    assert refused(WrongState, fees.extra, "1-1") == "fee.calculated"


def test_who_steps_back_has_the_small_fee_and_the_successor_their_own_time(fees: Fees) -> None:
    room = fees.room
    fees.fix()
    now = room.tender.now
    assert refused(WrongState, fees.rest, now - timedelta(minutes=9), now) == "fee.room_missing"
    room.with_chair()
    leaving = room.members[2]
    room.declare(leaving, none=False, reason="与投标人的项目经理曾共事")
    room.tender.jump(room.tender.now + timedelta(minutes=90))
    room.sign_in(room.members[2])
    for who in room.members:
        room.declare(who)
    finish(fees)
    fees.calculate()
    found = fees.lines()
    assert (found["3-1"]["wasted"], found["3-1"]["fee_fen"]) == (True, 100_00)
    assert (found["3-2"]["wasted"], found["3-2"]["fee_fen"]) == (False, 200_00)
    assert found["1-1"]["fee_fen"] == 400_00
    fees.object_to(leaving, "3-1")


@pytest.mark.on_both
def test_the_rule_is_fixed_once_by_the_centre_and_late_only_with_a_reason(fees: Fees) -> None:
    room = fees.room
    assert refused(NotAllowed, fees.fix, room.tender.tenderer) == "act.role"
    for changes, code in (
        ({"table": "none"}, "fee.table_unknown"),
        ({"table": "shandong-2017"}, "fee.table_elsewhere"),
        ({"basis": " "}, "fee.basis_missing"),
        ({"payer": "agency"}, "fee.payer_other"),
        ({"half_hour": ""}, "fee.half_hour"),
        ({"term_days": 0}, "evaluation.body"),
    ):
        assert refused(RuleBroken, fees.fix, **changes) == code
    room.requested()
    assert refused(RuleBroken, fees.fix) == "fee.late_reason"
    assert fees.fix(late_reason="抽取申请先行签署")["payer"] == "tenderer"
    assert refused(WrongState, fees.fix, late_reason="再次") == "fee.rule.twice"


@pytest.mark.begins(SUBMITTED)
def test_without_a_rule_nothing_is_calculated(fees: Fees) -> None:
    now = fees.room.tender.now
    assert refused(WrongState, fees.rest, now - timedelta(seconds=1), now) == "fee.rule_missing"
    assert fees.calculate() == 0


@pytest.mark.begins(SUBMITTED)
@pytest.mark.on_both
def test_a_payment_that_came_back_goes_out_again_to_another_account(banked: Fees) -> None:
    fees, room = banked, banked.room
    calculated(fees)
    one = room.members[0]
    assert refused(RuleBroken, fees.give_account, one, name="别人") == "fee.account.other_name"
    assert refused(RuleBroken, fees.give_account, one, number="12") == "account.number"
    fees.give_account(one)
    fees.confirm("1-1")
    fees.set_payer()
    to_result(fees)
    assert fees.books is not None
    fees.books.books.close_account(number_of(one))
    assert fees.order() == 1 and states(fees)["1-1"] is FeeState.RETURNED
    assert "fee.returned" in told(fees, one) and fees.order() == 0
    other = "62170000999999"
    fees.books.books.open_account(other, one.name)
    fees.give_account(one, other)
    fees.books.books.set_fault("lose_answers", 1)
    assert fees.order() == 1 and states(fees)["1-1"] is FeeState.IN_DOUBT
    assert fees.ask_again() == 1 and states(fees)["1-1"] is FeeState.PAID and fees.ask_again() == 0
    assert str(fees.books.books.balance(other)) == "200.00"
    orders = fees.door.read(lambda session: list(session.scalars(select(FeeOrder).order_by(FeeOrder.attempt))))
    assert [(row.attempt, row.cause, row.paid_at is None) for row in orders] == [(1, "AC04", True), (2, "", False)]
    assert [kind for kind, _ in fees.chain()] == ["fee.order", "fee.return", "fee.order", "fee.pay"]


@pytest.mark.begins(SUBMITTED)
@pytest.mark.on_both
def test_payer_and_finance_are_warned_once_when_the_term_has_passed(fees: Fees) -> None:
    room = fees.room
    finance = room.tender.crowd.join(Role.FINANCE, room.tender.centre.org_name)
    calculated(fees)
    to_result(fees)
    assert fees.warn() == 0
    room.tender.jump(room.tender.now + timedelta(days=16))
    assert fees.warn() == 1 and fees.warn() == 0
    assert "fee.overdue" in told(fees, finance) and "fee.overdue" in told(fees, room.tender.tenderer)


def test_an_account_belongs_to_the_organisation_that_pays(fees: Fees) -> None:
    room = fees.room
    assert refused(NotAllowed, fees.set_payer, room.tender.bidders[0]) == "fee.payer_account.not_allowed"
    assert refused(RuleBroken, fees.set_payer, name="别的单位") == "account.other_name"
    assert refused(RuleBroken, fees.set_payer, bank="x") == "account.bank"
    fees.set_payer()
    fees.set_payer(number="6222000000000002")

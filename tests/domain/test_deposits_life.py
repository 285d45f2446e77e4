"""The lives of a requirement, a deposit and a refund: every action, state and role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.ids import CaseId, DepositId, OrgId, PersonId, RefundId
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain import deposit, refund
from deposits.domain.audience import PROJECTIONS
from deposits.domain.deposit import (
    MOVES,
    READS,
    REQUIREMENT_MOVES,
    DepositAction,
    DepositState,
    RequirementAction,
    RequirementFacts,
    RequirementState,
    See,
    after_bank_lag,
    at_deadline,
    roles_of,
)
from deposits.domain.matching import GOES_BACK, Outcome
from deposits.domain.refund import RefundAction, RefundReason, RefundState, may, reason_of
from deposits.events import DepositLocked, Noticed, PaymentsNoticed, RefundsScheduled, Scheduled

NOW = datetime(2026, 9, 1, tzinfo=UTC)
S, A = DepositState, DepositAction
SYSTEM, FINANCE = frozenset({Role.SYSTEM}), frozenset({Role.FINANCE})
ALLOWED = {
    (A.TAKE, S.REQUESTED): S.SHORT,
    (A.TAKE, S.SHORT): S.SHORT,
    (A.COMPLETE, S.REQUESTED): S.MATCHED,
    (A.COMPLETE, S.SHORT): S.MATCHED,
    (A.LOCK, S.MATCHED): S.LOCKED,
    (A.LAPSE, S.REQUESTED): S.LAPSED,
    (A.SCHEDULE_REFUND, S.SHORT): S.REFUND_DUE,
    (A.SCHEDULE_REFUND, S.MATCHED): S.REFUND_DUE,
    (A.SCHEDULE_REFUND, S.LOCKED): S.REFUND_DUE,
    (A.RETRY_REFUND, S.REFUND_FAILED): S.REFUND_DUE,
    (A.SEND_REFUND, S.REFUND_DUE): S.REFUNDING,
    (A.CONFIRM_REFUND, S.REFUNDING): S.REFUNDED,
    (A.FAIL_REFUND, S.REFUNDING): S.REFUND_FAILED,
    (A.AWAIT_DECISION, S.LOCKED): S.FORFEITABLE,
    (A.WAIVE, S.FORFEITABLE): S.LOCKED,
    **{(A.PROPOSE_FORFEIT, state): S.FORFEIT_PROPOSED for state in (S.LOCKED, S.FORFEITABLE, S.REFUND_DUE)},
    (A.REFUSE_FORFEIT, S.FORFEIT_PROPOSED): S.LOCKED,
    (A.KEEP_WAITING, S.FORFEIT_PROPOSED): S.FORFEITABLE,
    (A.FORFEIT, S.FORFEIT_PROPOSED): S.FORFEITED,
    (A.GO_DORMANT, S.REFUND_FAILED): S.DORMANT,
}
WHO = {A.RETRY_REFUND: Role.FINANCE, A.GO_DORMANT: Role.FINANCE, A.WAIVE: Role.TENDERER, A.PROPOSE_FORFEIT: Role.TENDERER}
WHO |= dict.fromkeys((A.REFUSE_FORFEIT, A.KEEP_WAITING, A.FORFEIT), Role.SUPERVISOR)


@pytest.mark.parametrize("action", DepositAction)
@pytest.mark.parametrize("state", DepositState)
@pytest.mark.parametrize("role", Role)
def test_every_action_on_a_deposit(action: DepositAction, state: DepositState, role: Role) -> None:
    who = WHO.get(action, Role.SYSTEM)
    if role is who and (action, state) in ALLOWED:
        assert MOVES.choose(action, state, frozenset({role}), None) is ALLOWED[action, state]
    else:
        with pytest.raises(Refusal):
            MOVES.choose(action, state, frozenset({role}), None)


R, RA = RefundState, RefundAction
REFUNDS = {
    (RA.SEND, R.SCHEDULED): R.SENDING,
    (RA.DOUBT, R.SENDING): R.IN_DOUBT,
    (RA.DOUBT, R.IN_DOUBT): R.IN_DOUBT,
    (RA.DOUBT, R.ACCEPTED): R.ACCEPTED,
    **{(RA.ACCEPT, state): R.ACCEPTED for state in (R.SENDING, R.IN_DOUBT, R.ACCEPTED)},
    (RA.ACCEPT, R.CONFIRMED): R.CONFIRMED,
    **{(RA.CONFIRM, state): R.CONFIRMED for state in (R.SENDING, R.IN_DOUBT, R.ACCEPTED)},
    **{(RA.REJECT, state): R.REJECTED for state in (R.SENDING, R.IN_DOUBT, R.ACCEPTED)},
    (RA.RETRY, R.REJECTED): R.REJECTED,
    (RA.CANCEL, R.SCHEDULED): R.CANCELLED,
}


@pytest.mark.parametrize("action", RefundAction)
@pytest.mark.parametrize("state", RefundState)
@pytest.mark.parametrize("role", Role)
def test_every_action_on_a_refund(action: RefundAction, state: RefundState, role: Role) -> None:
    who = {RA.RETRY: Role.FINANCE, RA.CANCEL: Role.TENDERER}.get(action, Role.SYSTEM)
    if role is who and (action, state) in REFUNDS:
        assert refund.MOVES.choose(action, state, frozenset({role}), None) is REFUNDS[action, state]
    else:
        with pytest.raises(Refusal):
            refund.MOVES.choose(action, state, frozenset({role}), None)
    assert may(action, state) == ((action, state) in REFUNDS and action not in (RA.RETRY, RA.CANCEL))


def facts(**changes: object) -> RequirementFacts:
    made: dict[str, object] = {"now": NOW, "amount": Money(100), "deadline": NOW + timedelta(days=1), "has_basic_account": True}
    return RequirementFacts(**made | changes)  # type: ignore[arg-type]


def test_a_sub_account_is_for_bidders_in_time_with_a_basic_account_where_something_is_asked() -> None:
    state, bidder = RequirementState.TAKING, frozenset({Role.BIDDER})
    assert REQUIREMENT_MOVES.choose(RequirementAction.REQUEST, state, bidder, facts()) is state
    for changes, code in (
        ({"amount": Money(0)}, "deposit.not_asked"),
        ({"now": NOW + timedelta(days=1)}, "deposit.deadline_passed"),
        ({"by_transfer": False}, "deposit.no_transfer"),
        ({"has_basic_account": False}, "deposit.basic_account_missing"),
    ):
        with pytest.raises(RuleBroken, match=code):
            REQUIREMENT_MOVES.choose(RequirementAction.REQUEST, state, bidder, facts(**changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", RequirementState)
def test_nobody_sees_the_list_before_the_opening(role: Role, state: RequirementState) -> None:
    readers = {Role.TENDERER, Role.AGENCY, Role.CENTRE, Role.SUPERVISOR, Role.FINANCE}
    may = {RequirementState.OPENED: readers, RequirementState.ENDED: {Role.FINANCE}}  # of a terminated lot: who pays it back, alone
    assert READS.may(See.LIST, state, frozenset({role})) == (role in may.get(state, set()))
    assert READS.may(See.OWN, state, frozenset({role})) == (role is Role.BIDDER)


@pytest.mark.parametrize("state", DepositState)
def test_what_the_deadline_does(state: DepositState) -> None:
    paid = state in (S.SHORT, S.MATCHED, S.LOCKED)
    assert at_deadline(state, has_bid=True) is (A.LOCK if state is S.MATCHED else None)
    assert at_deadline(state, has_bid=False) is (A.SCHEDULE_REFUND if paid else None)
    assert after_bank_lag(state) is {S.REQUESTED: A.LAPSE, S.SHORT: A.SCHEDULE_REFUND}.get(state)
    assert deposit.may_refund(state) == paid
    assert deposit.awaits_decision(state) == (state is S.FORFEITABLE)
    assert deposit.takes_payments(state) == (state in (S.REQUESTED, S.SHORT))
    assert deposit.is_standing(state) == (state in (S.REQUESTED, S.SHORT, S.MATCHED, S.LOCKED))


def test_the_chain_of_a_lots_deposits_has_its_number() -> None:
    assert deposit.chain_of("T2026-000001-1") == "D-T2026-000001-1"


def test_a_lot_takes_requests_until_its_deadline_and_for_a_security_when_it_is_opened() -> None:
    assert [deposit.takes_requests(state) for state in RequirementState] == [True, False, True, False]


def test_a_requirement_has_closed_when_its_deadline_was_dealt_with() -> None:
    assert [deposit.has_closed(state) for state in RequirementState] == [False, True, True, True]


def test_what_is_missing_comes_in_time_until_the_deadline_and_bidders_are_public_once_opened() -> None:
    late = NOW + timedelta(days=1)
    assert [deposit.is_in_time(state, late, NOW) for state in RequirementState] == [True, False, False, False]
    assert not deposit.is_in_time(RequirementState.TAKING, late, late)
    assert [deposit.is_public(state) for state in RequirementState] == [False, False, True, False]


def test_roles_for_a_deposit_are_those_of_its_own_bidder_of_finance_and_of_the_platform() -> None:
    own, other = OrgId(UUID(int=1)), OrgId(UUID(int=2))
    bidder = Actor(PersonId(UUID(int=3)), own, frozenset({Role.BIDDER, Role.FINANCE}))
    assert roles_of(bidder, own) == {Role.BIDDER, Role.FINANCE}
    assert roles_of(bidder, other) == {Role.FINANCE}
    assert roles_of(SYSTEM_ACTOR, own) == {Role.SYSTEM}


def test_every_payment_that_goes_back_has_a_reason() -> None:
    assert {reason_of(outcome) for outcome in GOES_BACK | {Outcome.OVER, Outcome.UNKNOWN}} < set(RefundReason)


def test_an_event_is_projected_to_its_bidder_without_a_word() -> None:
    org = OrgId(UUID(int=1))
    locked = DepositLocked(case=CaseId("D-T2026-000001-1"), deposit=DepositId(UUID(int=2)), bidder=org)
    (shown,) = PROJECTIONS["deposit.lock"](locked)
    assert (shown.audience, shown.kind, shown.data) == (f"bidder:{org}", "deposit.lock", {})


def test_payments_told_of_together_are_projected_to_each_bidder_once() -> None:
    def noticed(bidder: OrgId | None) -> Noticed:
        return Noticed("x", None, bidder, "1", Money(1), NOW, "unknown", Money(0), Money(0))

    first, second = OrgId(UUID(int=1)), OrgId(UUID(int=2))
    told = PaymentsNoticed(case=CaseId("D-SUSPENSE"), payments=tuple(map(noticed, (first, None, second, first))))
    shown = [(one.audience, one.kind, one.data) for one in PROJECTIONS["payment.notice"](told)]
    assert shown == [(f"bidder:{org}", "payment.notice", {}) for org in (first, second)]
    assert [one["amount_fen"] for one in told.body()["payments"]] == [1] * 4  # type: ignore[index, union-attr]  # a list of objects


def test_refunds_made_due_together_are_projected_to_each_bidder_once_and_nobody_learns_how_many_they_are() -> None:
    def scheduled(bidder: OrgId | None) -> Scheduled:
        return Scheduled(RefundId(UUID(int=9)), None, bidder, "x", Money(7), "over", NOW)

    first, second = OrgId(UUID(int=1)), OrgId(UUID(int=2))
    told = RefundsScheduled(case=CaseId("D-T2026-000001-1"), refunds=tuple(map(scheduled, (first, second, None, first))))
    shown = [(one.audience, one.kind, one.data) for one in PROJECTIONS["refund.schedule"](told)]
    assert shown == [(f"bidder:{org}", "refund.schedule", {}) for org in (first, second)]
    assert [one["principal_fen"] for one in told.body()["refunds"]] == [7] * 4  # type: ignore[index, union-attr]  # a list of objects

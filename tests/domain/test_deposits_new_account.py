"""Another account for a refund: who may ask for which, and who approves it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from deposits.domain.new_account import (
    MOVES,
    AccountAction,
    AccountFacts,
    AccountState,
    ApproveBody,
    AskBody,
    RefundFacts,
    RefuseBody,
    check_ask,
    is_approved,
    may_be_asked,
    next_action,
)
from deposits.domain.refund import RefundReason, RefundState

FIRM = "第一建筑工程有限公司"
FILE = {"name": "开户证明.pdf", "sha256": "a" * 64, "size": 10}
SAID: dict[str, Any] = {
    "refund": str(UUID(int=1)),
    "firm": FIRM,
    "name": "第一建筑工程有限责任公司",  # another lawful ending of the same form
    "account": "6210 0077 7701",
    "bank": "建设银行",
    "reason": "原账户已销户。",
    "proof": [FILE],
}
FACTS = RefundFacts(RefundState.REJECTED, RefundReason.CONTRACT_SIGNED, "AC04", False, FIRM, "622200000001")
FINANCE = frozenset({Role.FINANCE})
ONE, OTHER = PersonId(UUID(int=7)), PersonId(UUID(int=8))


def refund(**changes: Any) -> RefundFacts:
    return replace(FACTS, **changes)


def test_a_firm_may_name_another_account_of_its_own() -> None:
    said = AskBody.read(SAID)
    assert said.payee.number == "621000777701"
    check_ask(said, FIRM, FACTS)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "第二建筑工程有限公司"}, "new_account.other_name"),
        ({"firm": "第二建筑工程有限公司", "name": "第二建筑工程有限公司"}, "new_account.other_name"),
        ({"account": "622200000001"}, "new_account.same"),
        ({"proof": []}, "new_account.no_proof"),
    ],
)
def test_but_not_one_of_another_name_the_same_again_or_without_proof(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_ask(AskBody.read(SAID | changes), FIRM, FACTS)
    assert broken.value.code == code


@pytest.mark.parametrize(
    "changes",
    [
        {"state": RefundState.CONFIRMED},
        {"cause": "MS03"},  # the bank's own reasons: the same account is tried again
        {"replaced": True},
        {"reason": RefundReason.FORFEITED},
        {"reason": RefundReason.DORMANT},
    ],
)
def test_only_a_refund_that_failed_for_its_account_needs_one(changes: dict[str, Any]) -> None:
    assert not may_be_asked(refund(**changes))
    with pytest.raises(WrongState):
        check_ask(AskBody.read(SAID), FIRM, refund(**changes))


def test_what_somebody_else_had_paid_goes_back_to_nobody_but_that_payer() -> None:
    with pytest.raises(RuleBroken) as broken:
        check_ask(AskBody.read(SAID), FIRM, refund(payee="张三"))
    assert broken.value.code == "new_account.not_own_payment"


def test_two_persons_of_finance_approve_and_one_refuses() -> None:
    def moved(action: AccountAction, state: AccountState, person: PersonId, first: PersonId | None = None) -> AccountState:
        return MOVES.choose(action, state, FINANCE, AccountFacts(person, first))

    assert (next_action(AccountState.ASKED), next_action(AccountState.CHECKED)) == (AccountAction.CHECK, AccountAction.APPROVE)
    assert moved(AccountAction.CHECK, AccountState.ASKED, ONE) is AccountState.CHECKED
    assert is_approved(moved(AccountAction.APPROVE, AccountState.CHECKED, OTHER, ONE))
    with pytest.raises(NotAllowed):
        moved(AccountAction.APPROVE, AccountState.CHECKED, ONE, ONE)
    assert [moved(AccountAction.REFUSE, state, ONE) for state in (AccountState.ASKED, AccountState.CHECKED)] == [AccountState.REFUSED] * 2
    for action, state in (
        (AccountAction.REFUSE, AccountState.APPROVED),
        (AccountAction.APPROVE, AccountState.REFUSED),
        (AccountAction.CHECK, AccountState.APPROVED),
    ):
        with pytest.raises(WrongState):
            moved(action, state, OTHER, ONE)
    with pytest.raises(NotAllowed):
        MOVES.choose(AccountAction.CHECK, AccountState.ASKED, frozenset({Role.BIDDER}), AccountFacts(ONE, None))


def test_bodies_are_read_to_the_letter() -> None:
    digest = {"request_sha256": "b" * 64}
    assert ApproveBody.read(digest | {"account": "621000777701"}).account == "621000777701"
    assert RefuseBody.read(digest | {"reason": "不清晰"}).reason == "不清晰"
    for read, body in (
        (AskBody.read, SAID | {"extra": 1}),
        (AskBody.read, SAID | {"account": "x"}),
        (AskBody.read, SAID | {"proof": [FILE | {"more": 1}]}),
        (ApproveBody.read, digest),
        (RefuseBody.read, digest | {"reason": ""}),
    ):
        with pytest.raises(RuleBroken):
            read(body)

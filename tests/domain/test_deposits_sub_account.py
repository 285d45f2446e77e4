"""Which sub-accounts may be cancelled, and what is signed to cancel them."""

from __future__ import annotations

import pytest

from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.money import Money
from deposits.domain.deposit import DepositState
from deposits.domain.sub_account import MOST_ACCOUNTS, Cancellation, Emptiness, check_empty, is_empty

ENDED = {DepositState.LAPSED, DepositState.REFUNDED, DepositState.FORFEITED}
ACCOUNT = "6210001888010000000001"


@pytest.mark.parametrize("state", list(DepositState))
def test_only_what_is_over_and_holds_nothing_is_empty(state: DepositState) -> None:
    facts = Emptiness(state, Money(0))
    assert is_empty(facts) is (state in ENDED)
    assert not is_empty(Emptiness(state, Money(1)))
    assert not is_empty(Emptiness(state, Money(0), is_cancelled=True))
    if state in ENDED:
        check_empty(facts, ACCOUNT)


@pytest.mark.parametrize(
    ("facts", "kind", "code"),
    [
        (Emptiness(DepositState.LAPSED, Money(0), is_cancelled=True), WrongState, "sub_account.cancelled"),
        (Emptiness(DepositState.REFUNDING, Money(0)), WrongState, "sub_account.in_use"),
        (Emptiness(DepositState.DORMANT, Money(0)), WrongState, "sub_account.in_use"),
        (Emptiness(DepositState.REFUNDED, Money(1)), RuleBroken, "sub_account.not_empty"),
    ],
)
def test_everything_else_is_refused(facts: Emptiness, kind: type[Refusal], code: str) -> None:
    with pytest.raises(kind) as refused:
        check_empty(facts, ACCOUNT)
    assert (refused.value.code, refused.value.facts["sub_account"]) == (code, ACCOUNT)


def test_a_statement_names_some_accounts_each_once() -> None:
    said = Cancellation.read({"accounts": [ACCOUNT, "62100018880100000002"], "reason": "已办结"})
    assert said == Cancellation((ACCOUNT, "62100018880100000002"), "已办结")


@pytest.mark.parametrize(
    ("accounts", "code"),
    [([], "sub_account.none"), ([ACCOUNT, ACCOUNT], "sub_account.none"), ([ACCOUNT] * (MOST_ACCOUNTS + 1), "body.malformed")],
)
def test_none_twice_or_too_many_are_no_statement(accounts: list[str], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        Cancellation.read({"accounts": accounts, "reason": "已办结"})
    assert refused.value.code == code

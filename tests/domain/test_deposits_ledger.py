"""The ledger: whatever is booked in whatever order, debits equal credits and nothing falls below zero."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain import ledger
from deposits.domain.ledger import BANK, INTEREST_EARNED, INTEREST_PAID, Account, AccountKind, Entry, Transfer, apply, is_balanced

NAMES = st.sampled_from(["1", "2", "3"])
AMOUNTS = st.integers(0, 1000).map(Money)


def refund(kind: str, name: str, principal: Money, interest: Money) -> Entry:
    make = ledger.order if kind == "order" else ledger.undo
    return make(name, ledger.held(name), principal, interest)


ENTRIES = st.one_of(
    st.builds(ledger.receive, NAMES, AMOUNTS),
    st.builds(ledger.match, NAMES, NAMES, AMOUNTS),
    st.builds(ledger.earn, NAMES, AMOUNTS),
    st.builds(refund, st.sampled_from(["order", "undo"]), NAMES, AMOUNTS, AMOUNTS),
    st.builds(ledger.settle, NAMES, AMOUNTS),
)


@given(st.lists(ENTRIES, max_size=60))
def test_any_sequence_of_entries_keeps_debits_equal_to_credits_and_every_balance_above_zero(entries: list[Entry]) -> None:
    books: dict[Account, Money] = {}
    for entry in entries:
        before = dict(books)
        try:
            books |= apply(entry, books)
        except RuleBroken as refusal:
            assert refusal.code == "ledger.below_zero"
            assert books == before
        assert is_balanced(books)
        assert sum(leg.fen for leg in entry.postings) == 0


@given(st.lists(ENTRIES, max_size=60))
def test_no_money_comes_or_goes_but_through_the_bank(entries: list[Entry]) -> None:
    books: dict[Account, Money] = {}
    for entry in entries:
        try:
            books |= apply(entry, books)
        except RuleBroken:
            continue
    others = (AccountKind.HELD, AccountKind.SUSPENSE, AccountKind.IN_TRANSIT)
    owed = sum(amount.fen for account, amount in books.items() if account.kind in others)
    bank, paid, earned = (books.get(account, Money(0)).fen for account in (BANK, INTEREST_PAID, INTEREST_EARNED))
    assert bank + paid == owed + earned


def test_a_deposit_paid_and_refunded_with_interest_leaves_nothing_behind() -> None:
    books: dict[Account, Money] = {}
    for entry in (
        ledger.receive("n", Money(1000)),
        ledger.match("n", "d", Money(1000)),
        ledger.order("r", ledger.held("d"), Money(1000), Money(7)),
        ledger.undo("r", ledger.held("d"), Money(1000), Money(7)),
        ledger.order("r2", ledger.held("d"), Money(1000), Money(8)),
        ledger.earn("i", Money(8)),
        ledger.settle("r2", Money(1008)),
    ):
        books |= apply(entry, books)
    assert {account.key: amount.fen for account, amount in books.items() if amount.fen} == {"interest_paid": 8, "interest_earned": 8}


def test_money_promised_is_gone_for_every_other_purpose() -> None:
    books = apply(ledger.receive("n", Money(10)), {})
    books |= apply(ledger.match("n", "d", Money(10)), books)
    books |= apply(ledger.order("r", ledger.held("d"), Money(10), Money(0)), books)
    with pytest.raises(RuleBroken, match=r"ledger\.below_zero account=held:d"):
        apply(ledger.order("r2", ledger.held("d"), Money(1), Money(0)), books)


def test_a_forfeited_deposit_is_owed_to_another_and_to_its_bidder_no_more() -> None:
    books = apply(ledger.receive("n", Money(10)), {})
    books |= apply(ledger.match("n", "d", Money(10)), books)
    books |= apply(ledger.forfeit("d", Money(10)), books)
    assert (books[ledger.held("d")], books[ledger.forfeited("d")]) == (Money(0), Money(10))


def test_nothing_is_no_transfer_and_an_account_does_not_pay_itself() -> None:
    with pytest.raises(ValueError, match="no transfer"):
        Transfer(BANK, INTEREST_EARNED, Money(0))
    with pytest.raises(ValueError, match="no transfer"):
        Transfer(BANK, BANK, Money(1))
    assert ledger.earn("i", Money(0)).transfers == ()


def test_accounts_are_named_after_their_kind_and_thing() -> None:
    assert [account.key for account in (BANK, ledger.held("a"), ledger.suspense("b"), ledger.in_transit("c"))] == [
        "bank",
        "held:a",
        "suspense:b",
        "in_transit:c",
    ]


@given(AMOUNTS, AMOUNTS)
def test_what_of_a_payment_is_no_deposit_waits_in_suspense(taken: Money, rest: Money) -> None:
    books = apply(ledger.receive("n", taken + rest, "d", taken), {})
    kept = {ledger.held("d"): taken, ledger.suspense("n"): rest, BANK: taken + rest}
    assert books == {account: amount for account, amount in kept.items() if amount.fen}

"""Matching: name, account, time, amount, in that order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.account import COLLECTING, basic_account, normal_name, normal_number, plain_number
from deposits.domain.matching import GOES_BACK, Asked, Judgement, Outcome, Payment, judge

DEADLINE = datetime(2026, 9, 21, 1, tzinfo=UTC)
ASKED = Asked("甲方建设（集团）有限公司", "62220001", Money(100), Money(0), DEADLINE)
PAYMENT = Payment("甲方建设(集团) 有限公司", "6222 0001", Money(100), DEADLINE - timedelta(milliseconds=1))


@pytest.mark.parametrize(
    ("payment", "asked", "outcome", "taken"),
    [
        ({}, {}, Outcome.MATCHED, 100),
        ({"amount": Money(99)}, {}, Outcome.SHORT, 99),
        ({"amount": Money(101)}, {}, Outcome.OVER, 100),
        ({"amount": Money(40)}, {"paid": Money(60)}, Outcome.MATCHED, 40),
        ({"amount": Money(41)}, {"paid": Money(60)}, Outcome.OVER, 40),
        ({"value_at": DEADLINE}, {}, Outcome.LATE, 0),
        ({"payer_name": "乙方"}, {}, Outcome.WRONG_NAME, 0),
        ({"payer_account": "62220002"}, {}, Outcome.NOT_BASIC_ACCOUNT, 0),
        ({"payer_name": "乙方", "payer_account": "1", "value_at": DEADLINE}, {}, Outcome.WRONG_NAME, 0),
        ({}, {"paid": Money(100)}, Outcome.DUPLICATE, 0),
        ({}, {"paid": Money(100), "open": False}, Outcome.DUPLICATE, 0),
        ({}, {"open": False}, Outcome.LATE, 0),
        ({}, {"basic_account": ""}, Outcome.NOT_BASIC_ACCOUNT, 0),
    ],
)
def test_what_a_payment_means(payment: dict[str, object], asked: dict[str, object], outcome: Outcome, taken: int) -> None:
    found = judge(replace(PAYMENT, **payment), replace(ASKED, **asked))  # type: ignore[arg-type]
    amount = payment.get("amount", Money(100))
    assert isinstance(amount, Money)
    assert found == Judgement(outcome, Money(taken), amount - Money(taken))


@given(st.integers(1, 300), st.integers(0, 100), st.booleans())
def test_taken_and_returned_are_the_payment_and_no_deposit_takes_more_than_is_asked(amount: int, paid: int, is_open: bool) -> None:
    found = judge(replace(PAYMENT, amount=Money(amount)), replace(ASKED, paid=Money(paid), open=is_open))
    assert found.taken + found.returned == Money(amount)
    assert paid + found.taken.fen <= 100
    assert (found.taken.fen == 0) == (found.outcome in GOES_BACK)


def test_an_account_is_compared_without_spaces_strokes_and_width() -> None:
    assert plain_number(" 6222-0001 ００１a") == "62220001001A"
    assert normal_number("6222 0001") == "62220001"
    assert normal_name(" 甲（1） Co ") == "甲(1)co"


@pytest.mark.parametrize("number", ["", "1234567", "1" * 35, "6222_0001", "账号62220001"])
def test_what_is_no_account_number_is_refused(number: str) -> None:
    with pytest.raises(RuleBroken, match=r"account\.number"):
        normal_number(number)


def test_a_basic_account_stands_in_the_firms_name() -> None:
    assert basic_account("甲（1）", "甲(1)", "62220001", " 建设银行 ").name == "甲（1）"
    with pytest.raises(RuleBroken) as refused:
        basic_account("甲", "乙", "62220001", "建设银行")
    assert (refused.value.code, refused.value.article) == ("account.other_name", "招标投标法实施条例第二十六条")
    with pytest.raises(RuleBroken, match=r"account\.bank"):
        basic_account("甲", "甲", "62220001", " x ")


def test_sub_accounts_have_the_collecting_accounts_number_before_their_own() -> None:
    assert COLLECTING.sub_account(7) == f"{COLLECTING.number}0000000007"
    assert len(COLLECTING.sub_account(10**30)) <= 34

"""Matching: name, account, time, amount, in that order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

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
        ({"payer_account": "62220002"}, {"basic_only": False}, Outcome.MATCHED, 100),
        ({"payer_name": "乙方"}, {"basic_only": False}, Outcome.WRONG_NAME, 0),
        ({"amount": Money(99)}, {"several": False}, Outcome.SPLIT, 0),
        ({}, {"several": False}, Outcome.MATCHED, 100),
        ({"amount": Money(101)}, {"several": False}, Outcome.OVER, 100),
        ({"amount": Money(1)}, {"several": False, "paid": Money(100)}, Outcome.DUPLICATE, 0),
        ({"amount": Money(99), "value_at": DEADLINE}, {"several": False}, Outcome.LATE, 0),
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


YES_OR_NO = (True, False)
COMBINATIONS = list(product(*[YES_OR_NO] * 3, (1, 99, 100, 101), (0, 60, 100), *[YES_OR_NO] * 3))


def said_otherwise(*case: int) -> Outcome:
    """The same rule as a table of questions in their order, the first whose answer is yes."""
    named, basic, early, amount, paid, is_open, basic_only, several = case
    rows = (
        (not named, Outcome.WRONG_NAME),
        (basic_only and not basic, Outcome.NOT_BASIC_ACCOUNT),
        (not early, Outcome.LATE),
        (paid == 100, Outcome.DUPLICATE),
        (not is_open, Outcome.LATE),
        (amount < 100 and not several, Outcome.SPLIT),
        (paid + amount < 100, Outcome.SHORT),
        (paid + amount > 100, Outcome.OVER),
        (True, Outcome.MATCHED),
    )
    return next(outcome for holds, outcome in rows if holds)


def test_every_combination_has_the_outcome_of_the_table() -> None:
    for case in COMBINATIONS:
        named, basic, early, amount, paid, is_open, basic_only, several = case
        payment = Payment(
            PAYMENT.payer_name if named else "乙方建设（集团）有限公司",
            PAYMENT.payer_account if basic else "62220002",
            Money(amount),
            PAYMENT.value_at if early else DEADLINE,
        )
        asked = replace(ASKED, paid=Money(paid), open=is_open, basic_only=basic_only, several=several)
        found = judge(payment, asked)
        assert found.outcome is said_otherwise(*case)
        assert found.taken + found.returned == Money(amount)
        assert Money(paid) + found.taken <= Money(100)
        assert (found.taken.fen == 0) == (found.outcome in GOES_BACK)
        assert (Money(paid) + found.taken == Money(100)) == (found.outcome in (Outcome.MATCHED, Outcome.OVER) or paid == 100)


SAME_NAMES = [
    ("甲方建设（集团）有限公司", "甲方建设(集团)有限公司"),
    ("甲方建设［集团］有限公司", "甲方建设【集团】有限公司"),
    ("甲方建设〔集团〕有限公司", "甲方建设(集团) 有限公司"),
    ("甲方建设有限公司", "甲方建设有限责任公司"),
    ("甲方建设股份有限公司", "甲方建设股份公司"),
    ("ＡＢＣ建设有限公司", "abc建设有限公司"),
    ("甲方\u3000建设\t有限公司", "甲方建设有限公司"),
    ("甲方\u200b建设有限公司\ufeff", "甲方建设有限公司"),
    ("爱立信•中国有限公司", "爱立信·中国有限公司"),
    ("甲－乙建设有限公司", "甲-乙建设有限公司"),
]
OTHER_NAMES = [
    ("甲方建设有限公司", "甲方建设股份有限公司"),
    ("甲方建设有限公司", "甲方建设有限公司临江分公司"),
    ("甲方建设有限公司", "甲方建设集团有限公司"),
    ("甲方建设有限公司", "甲方建没有限公司"),
    ("甲方建设有限公司", "甲方建设公司"),
    ("临江甲方建设有限公司", "甲方建设有限公司"),
    ("第1建筑有限公司", "第11建筑有限公司"),
    ("第一建筑有限公司", "第1建筑有限公司"),
    ("甲·乙建设有限公司", "甲乙建设有限公司"),
    ("甲方建设(集团)有限公司", "甲方建设集团有限公司"),
]


@pytest.mark.parametrize(("one", "other"), SAME_NAMES)
def test_two_ways_of_writing_a_name_are_one(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other)
    assert judge(replace(PAYMENT, payer_name=other), replace(ASKED, bidder_name=one)).outcome is Outcome.MATCHED


@pytest.mark.parametrize(("one", "other"), OTHER_NAMES)
def test_a_name_that_is_only_like_another_is_anothers(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)
    assert judge(replace(PAYMENT, payer_name=other), replace(ASKED, bidder_name=one)).outcome is Outcome.WRONG_NAME


@given(st.text(st.sampled_from("甲乙建设有限责任股份公司()（）〔】· -－ab１"), max_size=12))
def test_a_normal_name_is_its_own(written: str) -> None:
    assert normal_name(normal_name(written)) == normal_name(written)
    assert normal_name(f" {written} ") == normal_name(written)


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

"""Matching: what a payment into a sub-account means for the deposit that it was made for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.kernel.money import Money
from deposits.domain.account import normal_name, plain_number


class Outcome(Enum):
    """What became of a payment."""

    MATCHED = "matched"  # the deposit is complete
    SHORT = "short"  # taken, and more is wanted
    OVER = "over"  # the deposit is complete, and the excess goes back
    LATE = "late"
    WRONG_NAME = "wrong_name"
    NOT_BASIC_ACCOUNT = "not_basic_account"
    DUPLICATE = "duplicate"  # the deposit was complete already
    UNKNOWN = "unknown"  # no such sub-account: waits in suspense until a person decides
    INTEREST = "interest"  # the bank's interest
    REFUND = "refund"  # the bank booked a refund of ours
    UNEXPLAINED = "unexplained"  # a debit that fits no refund: a difference until a person explains it


GOES_BACK = frozenset({Outcome.LATE, Outcome.WRONG_NAME, Outcome.NOT_BASIC_ACCOUNT, Outcome.DUPLICATE})
"""Refused as a whole: the payment is sent back where it came from."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A credit as the bank tells it; `value_at` is the bank's value time."""

    payer_name: str
    payer_account: str
    amount: Money
    value_at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the bidder whose sub-account it is, and what it has paid so far. `open`: the deposit still takes payments."""

    bidder_name: str
    basic_account: str
    required: Money
    paid: Money
    deadline: datetime
    open: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a payment means: `taken` goes to the deposit, `returned` goes back; together they are the payment."""

    outcome: Outcome
    taken: Money
    returned: Money


def judge(payment: Payment, asked: Asked) -> Judgement:
    """The rule of matching: name, basic account (Regulation on Tendering and Bidding, art. 26), time, then amount.

    On time means a value time before the deadline, as for bids. Several transfers from the basic account add up.
    """
    if (refused := _refused(payment, asked)) is not None:
        return Judgement(refused, Money(0), payment.amount)
    wanted = asked.required - asked.paid
    if payment.amount < wanted:
        return Judgement(Outcome.SHORT, payment.amount, Money(0))
    if payment.amount == wanted:
        return Judgement(Outcome.MATCHED, payment.amount, Money(0))
    return Judgement(Outcome.OVER, wanted, payment.amount - wanted)


def _refused(payment: Payment, asked: Asked) -> Outcome | None:
    if normal_name(payment.payer_name) != normal_name(asked.bidder_name):
        return Outcome.WRONG_NAME
    if plain_number(payment.payer_account) != plain_number(asked.basic_account):
        return Outcome.NOT_BASIC_ACCOUNT
    if payment.value_at >= asked.deadline:
        return Outcome.LATE
    if asked.paid >= asked.required:
        return Outcome.DUPLICATE
    if not asked.open:  # its notice came after we had stopped waiting
        return Outcome.LATE
    return None

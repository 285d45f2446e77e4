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
    SPLIT = "split"  # a part only, and the document wants the whole in one transfer
    UNKNOWN = "unknown"  # no such sub-account: waits in suspense until a person decides
    INTEREST = "interest"  # the bank's interest
    REFUND = "refund"  # the bank booked a refund of ours
    UNEXPLAINED = "unexplained"  # a debit that fits no refund: a difference until a person explains it


GOES_BACK = frozenset({Outcome.LATE, Outcome.WRONG_NAME, Outcome.NOT_BASIC_ACCOUNT, Outcome.DUPLICATE, Outcome.SPLIT})
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
    """What is asked of the bidder whose sub-account it is, and what it has paid so far. `open`: the deposit still takes payments;
    `basic_only`: money comes from the basic account or not at all; `several`: transfers add up."""

    bidder_name: str
    basic_account: str
    required: Money
    paid: Money
    deadline: datetime
    open: bool = True
    basic_only: bool = True
    several: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a payment means: `taken` goes to the deposit, `returned` goes back; together they are the payment."""

    outcome: Outcome
    taken: Money
    returned: Money


def judge(payment: Payment, asked: Asked) -> Judgement:
    """The rule of matching: name, basic account where one is asked for (Regulation on Tendering and Bidding, art. 26), time, then amount.

    On time means a value time before the deadline, as for bids. Several transfers add up where the tender document lets them.
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
    is_others = normal_name(payment.payer_name) != normal_name(asked.bidder_name)
    is_astray = asked.basic_only and plain_number(payment.payer_account) != plain_number(asked.basic_account)
    rows = (
        (is_others, Outcome.WRONG_NAME),
        (is_astray, Outcome.NOT_BASIC_ACCOUNT),
        (payment.value_at >= asked.deadline, Outcome.LATE),
        (asked.paid >= asked.required, Outcome.DUPLICATE),
        (not asked.open, Outcome.LATE),  # its notice came after we had stopped waiting
        (not asked.several and payment.amount < asked.required, Outcome.SPLIT),
    )
    return next((outcome for holds, outcome in rows if holds), None)

"""The letter that a bidder gets for each of its payments: what happened, what goes back and when, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.identity.domain.message import Topic
from core.kernel.money import Money
from deposits.domain.matching import Judgement, Outcome


class Step(Enum):
    """What its reader is to do next."""

    SEAL = "seal"  # the deposit is complete: the bid is what is wanted now
    NOTHING = "nothing"
    TOP_UP = "top_up"  # the rest, before the deadline
    PAY_WHOLE = "pay_whole"  # again, all of it in one transfer
    PAY_IN_OWN_NAME = "pay_in_own_name"
    PAY_FROM_BASIC = "pay_from_basic"
    TOO_LATE = "too_late"  # nothing can be made good any more


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the deposit stands when the letter is read. `is_standing`: it is not on its way back; `in_time`: the deadline is to come."""

    required: Money
    paid: Money
    is_standing: bool
    in_time: bool

    @property
    def missing(self) -> Money:
        """What is wanted still."""
        return self.required - self.paid


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says of a payment. `returned` goes back by `back_by` at the latest, None where nothing does."""

    outcome: Outcome
    taken: Money
    returned: Money
    back_by: datetime | None
    missing: Money
    step: Step


STEPS = {
    Outcome.MATCHED: Step.SEAL,
    Outcome.OVER: Step.SEAL,
    Outcome.SHORT: Step.TOP_UP,
    Outcome.SPLIT: Step.PAY_WHOLE,
    Outcome.WRONG_NAME: Step.PAY_IN_OWN_NAME,
    Outcome.NOT_BASIC_ACCOUNT: Step.PAY_FROM_BASIC,
    Outcome.DUPLICATE: Step.NOTHING,
    Outcome.LATE: Step.TOO_LATE,
}
"""What makes it good while there is time. Every outcome of a payment into a sub-account has its row, and its letter."""


def next_step(outcome: Outcome, now: Situation) -> Step:
    """What to do after a payment: nothing for who has all it needs or has its money back, and nothing helps who is too late."""
    step = STEPS[outcome]
    if not now.is_standing:
        return Step.NOTHING
    if now.missing.fen == 0:
        return Step.SEAL if step is Step.SEAL and now.in_time else Step.NOTHING
    return step if now.in_time else Step.TOO_LATE


def topic_of(outcome: Outcome) -> Topic:
    """Under which topic its bidder is told: what calls for an act is a task."""
    return Topic.PROGRESS if STEPS.get(outcome) in (Step.SEAL, Step.NOTHING) else Topic.TASK


def letter(judged: Judgement, back_by: datetime | None, now: Situation) -> Letter:
    """The letter on a payment that was judged; `back_by`: until when its refund is due."""
    by = back_by if judged.returned.fen else None
    return Letter(judged.outcome, judged.taken, judged.returned, by, now.missing, next_step(judged.outcome, now))

"""Letters on payments: each outcome has its own, and what it asks of its reader can still be done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.identity.domain.message import Topic
from core.kernel.money import Money
from deposits.domain.letter import STEPS, Letter, Situation, Step, letter, next_step, topic_of
from deposits.domain.matching import GOES_BACK, Judgement, Outcome

BY = datetime(2026, 9, 26, tzinfo=UTC)
OPEN_SHORT = Situation(Money(100), Money(60), is_standing=True, in_time=True)
OPEN_DONE = Situation(Money(100), Money(100), is_standing=True, in_time=True)
OVER_SHORT = Situation(Money(100), Money(60), is_standing=True, in_time=False)
OVER_DONE = Situation(Money(100), Money(100), is_standing=True, in_time=False)
GONE = Situation(Money(100), Money(60), is_standing=False, in_time=True)


@pytest.mark.parametrize(
    ("outcome", "open_short", "open_done"),
    [
        (Outcome.MATCHED, Step.SEAL, Step.SEAL),
        (Outcome.OVER, Step.SEAL, Step.SEAL),
        (Outcome.SHORT, Step.TOP_UP, Step.NOTHING),
        (Outcome.SPLIT, Step.PAY_WHOLE, Step.NOTHING),
        (Outcome.WRONG_NAME, Step.PAY_IN_OWN_NAME, Step.NOTHING),
        (Outcome.NOT_BASIC_ACCOUNT, Step.PAY_FROM_BASIC, Step.NOTHING),
        (Outcome.DUPLICATE, Step.NOTHING, Step.NOTHING),
        (Outcome.LATE, Step.TOO_LATE, Step.NOTHING),
    ],
)
def test_what_to_do_after_a_payment(outcome: Outcome, open_short: Step, open_done: Step) -> None:
    assert next_step(outcome, OPEN_SHORT) is open_short
    assert next_step(outcome, OPEN_DONE) is open_done
    assert next_step(outcome, OVER_SHORT) is Step.TOO_LATE
    assert next_step(outcome, OVER_DONE) is Step.NOTHING
    assert next_step(outcome, GONE) is Step.NOTHING


def test_what_calls_for_an_act_is_told_as_a_task() -> None:
    tasks = {outcome for outcome in STEPS if topic_of(outcome) is Topic.TASK}
    assert tasks == {outcome for outcome, step in STEPS.items() if step not in (Step.SEAL, Step.NOTHING)}
    assert tasks and tasks != set(STEPS)


def test_every_outcome_of_a_payment_into_a_sub_account_has_its_letter() -> None:
    assert STEPS.keys() == GOES_BACK | {Outcome.MATCHED, Outcome.SHORT, Outcome.OVER}


def test_a_letter_says_what_goes_back_and_by_when_only_where_something_does() -> None:
    assert letter(Judgement(Outcome.OVER, Money(40), Money(7)), BY, OPEN_DONE) == Letter(
        Outcome.OVER, Money(40), Money(7), BY, Money(0), Step.SEAL
    )
    assert letter(Judgement(Outcome.SHORT, Money(60), Money(0)), BY, OPEN_SHORT) == Letter(
        Outcome.SHORT, Money(60), Money(0), None, Money(40), Step.TOP_UP
    )

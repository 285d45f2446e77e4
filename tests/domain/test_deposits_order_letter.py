"""As what a bidder is told of holds, decisions and refunds, and what is nothing to tell it of."""

from __future__ import annotations

import pytest

from core.identity.domain.message import Topic
from deposits.domain.forfeiture import ForfeitureState
from deposits.domain.order_letter import NOT_THE_BIDDERS, TASKS, WORDS, RefundTold, of_decision, of_refund, topic_of
from deposits.domain.refund import RefundReason


def test_what_calls_for_an_act_is_a_task() -> None:
    assert TASKS < WORDS
    assert {words for words in WORDS if topic_of(words) is Topic.TASK} == TASKS


def test_a_note_agrees_or_refuses() -> None:
    assert of_decision("forfeit.decide", ForfeitureState.REFUSED) == "keep_decided"  # heard late
    assert of_decision("forfeit.note", ForfeitureState.AGREED) == "kept"
    assert of_decision("forfeit.note", ForfeitureState.REFUSED) == "keep_refused"


@pytest.mark.parametrize(
    ("kind", "cause", "may_ask", "words"),
    [
        ("refund.send", "", True, "refund_sent"),
        ("refund.confirm", "", True, "refund_confirmed"),
        ("refund.fail", "MS03", True, "refund_failed"),
        ("refund.fail", "AC04", False, "refund_failed"),
        ("refund.fail", "AC04", True, "refund_failed_account"),
        ("refund.fail", "DS02", True, "refund_stopped"),
        ("refund.redirect", "", True, "account_approved"),
    ],
)
def test_a_refund_is_told_as_what_can_be_done_about_it(kind: str, cause: str, may_ask: bool, words: str) -> None:
    assert of_refund(kind, RefundTold(RefundReason.CONTRACT_SIGNED, cause, may_ask)) == words
    assert [of_refund(kind, RefundTold(reason, cause, may_ask)) for reason in NOT_THE_BIDDERS] == [None, None]

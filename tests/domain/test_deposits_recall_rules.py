"""Which refunds may be recalled, by whom, and what the bank's word means."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.ids import PersonId
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain.deposit import FINANCE, SYSTEM
from deposits.domain.recall import Resolved
from deposits.domain.refund import OPEN, RefundState
from deposits.domain.refund_recall import (
    MOVES,
    RecallAction,
    RecallBody,
    RecallFacts,
    RecallState,
    SecondBody,
    awaits_bank,
    check_recall,
    is_proposed,
    may_recall,
    meaning,
)

REFUND = UUID("01900000-0000-7000-8000-000000000001")
ONE, OTHER = PersonId(UUID(int=1)), PersonId(UUID(int=2))
SAID = RecallBody(REFUND, Money(100), "收款账号有疑问")


@pytest.mark.parametrize("state", list(RefundState))
def test_a_refund_that_is_with_the_bank_is_recalled_once(state: RefundState) -> None:
    assert may_recall(state, False) is (state in OPEN)
    assert not may_recall(state, True)


def test_a_recall_is_over_the_sum_that_was_sent() -> None:
    check_recall(SAID, Money(100), RefundState.IN_DOUBT, False)
    with pytest.raises(RuleBroken) as other:
        check_recall(SAID, Money(101), RefundState.IN_DOUBT, False)
    with pytest.raises(WrongState) as gone:
        check_recall(SAID, Money(100), RefundState.CONFIRMED, False)
    assert (other.value.code, gone.value.code) == ("recall.amount", "recall.nothing_to_recall")


def test_another_person_approves_and_only_the_bank_decides() -> None:
    facts = RecallFacts(OTHER, ONE)
    assert MOVES.choose(RecallAction.APPROVE, RecallState.PROPOSED, FINANCE, facts) is RecallState.ASKED
    assert MOVES.choose(RecallAction.DROP, RecallState.PROPOSED, FINANCE, RecallFacts(ONE, ONE)) is RecallState.DROPPED
    assert MOVES.choose(RecallAction.STOP, RecallState.ASKED, SYSTEM, RecallFacts()) is RecallState.STOPPED
    assert MOVES.choose(RecallAction.REFUSE, RecallState.ASKED, SYSTEM, RecallFacts()) is RecallState.REFUSED
    with pytest.raises(NotAllowed) as same:
        MOVES.choose(RecallAction.APPROVE, RecallState.PROPOSED, FINANCE, RecallFacts(ONE, ONE))
    assert same.value.code == "recall.same_person"
    for action, state, roles in (
        (RecallAction.APPROVE, RecallState.PROPOSED, frozenset({Role.BIDDER})),
        (RecallAction.DROP, RecallState.ASKED, FINANCE),
        (RecallAction.STOP, RecallState.PROPOSED, SYSTEM),
        (RecallAction.STOP, RecallState.ASKED, FINANCE),
        (RecallAction.REFUSE, RecallState.STOPPED, SYSTEM),
    ):
        with pytest.raises(Refusal):
            MOVES.choose(action, state, roles, facts)


def test_the_banks_word_is_its_own() -> None:
    assert [meaning(one) for one in (Resolved.CANCELLED, Resolved.REFUSED, Resolved.OPEN)] == [RecallAction.STOP, RecallAction.REFUSE, None]
    assert [one for one in RecallState if is_proposed(one)] == [RecallState.PROPOSED]
    assert [one for one in RecallState if awaits_bank(one)] == [RecallState.ASKED]


def test_what_is_signed_is_read_member_by_member() -> None:
    assert RecallBody.read({"refund": str(REFUND), "total_fen": 100, "reason": "收款账号有疑问"}) == SAID
    assert SecondBody.read({"proposal_sha256": "a" * 64, "reason": ""}) == SecondBody("a" * 64, "")
    for wrong in ({"refund": "x", "total_fen": 100, "reason": "r"}, {"refund": str(REFUND), "total_fen": 0, "reason": "r"}):
        with pytest.raises(RuleBroken):
            RecallBody.read(wrong)
    with pytest.raises(RuleBroken):
        SecondBody.read({"proposal_sha256": "a" * 64})

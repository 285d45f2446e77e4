"""Batches and the table of rates: who releases, what a release names, from when a rate holds, what the bank's word means."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.ids import PersonId
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain import batch, rate
from deposits.domain.batch import BatchAction, BatchFacts, BatchState, ReleaseBody, digest_of, is_released, next_action
from deposits.domain.interest import RATES, Rate
from deposits.domain.ledger import AccountKind
from deposits.domain.messages import OrderStatus
from deposits.domain.rate import RateAction, RateBody, RateFacts, RateState, check_rate, earliest_since, read_approval, table_of
from deposits.domain.refund import RefundAction, RefundReason, meaning
from deposits.domain.refund_source import refund_of, source

ONE, OTHER = PersonId(UUID(int=1)), PersonId(UUID(int=2))
FINANCE = frozenset({Role.FINANCE})
SAID: dict[str, Any] = {"batch": "TK20260901-001", "count": 2, "principal_fen": 300, "refunds_sha256": "a" * 64}
PROPOSED = {"since": "2027-01-01", "yearly": "0.0005", "source": "公告"}


def test_two_different_persons_of_finance_release() -> None:
    assert next_action(BatchState.WAITING) is BatchAction.SIGN and next_action(BatchState.SIGNED) is BatchAction.RELEASE
    assert batch.MOVES.choose(BatchAction.SIGN, BatchState.WAITING, FINANCE, BatchFacts(ONE, None)) is BatchState.SIGNED
    assert batch.MOVES.choose(BatchAction.RELEASE, BatchState.SIGNED, FINANCE, BatchFacts(OTHER, ONE)) is BatchState.RELEASED
    with pytest.raises(NotAllowed, match="same_person"):
        batch.MOVES.choose(BatchAction.RELEASE, BatchState.SIGNED, FINANCE, BatchFacts(ONE, ONE))
    with pytest.raises(NotAllowed):
        batch.MOVES.choose(BatchAction.SIGN, BatchState.WAITING, frozenset({Role.CENTRE}), BatchFacts(ONE, None))
    with pytest.raises(WrongState):
        batch.MOVES.choose(next_action(BatchState.RELEASED), BatchState.RELEASED, FINANCE, BatchFacts(OTHER, ONE))
    assert [is_released(state) for state in BatchState] == [False, False, True]


def test_a_release_names_every_refund_its_amount_and_its_account() -> None:
    paid = [(UUID(int=2), Money(200), "B"), (UUID(int=1), Money(100), "A")]
    assert digest_of(paid) == digest_of(paid[::-1])
    for other in ([paid[0]], [paid[0], (UUID(int=1), Money(101), "A")], [paid[0], (UUID(int=1), Money(100), "C")]):
        assert digest_of(other) != digest_of(paid)
    assert ReleaseBody.read(SAID).principal == Money(300)
    for changes in ({"count": 0}, {"count": 501}, {"principal_fen": 0}, {"refunds_sha256": ""}, {"extra": 1}):
        with pytest.raises(RuleBroken):
            ReleaseBody.read(SAID | changes)


def test_a_rate_holds_from_today_at_the_earliest_and_after_the_last() -> None:
    last, today = RATES[-1].since, date(2027, 1, 1)
    assert earliest_since(today, RATES) == today
    assert earliest_since(last, RATES) == date.fromordinal(last.toordinal() + 1)
    said = RateBody.read(PROPOSED)
    check_rate(said, today, RATES)
    with pytest.raises(RuleBroken, match="since"):
        check_rate(said, date(2027, 1, 2), RATES)
    assert table_of([said]) == (*RATES, Rate(today, Decimal("0.0005")))
    assert read_approval({"proposal_sha256": "a" * 64}) == "a" * 64
    for changes in ({"yearly": "1"}, {"yearly": "0.11"}, {"yearly": "0.123456789"}, {"source": ""}, {"since": "x"}, {"extra": 1}):
        with pytest.raises(RuleBroken):
            RateBody.read(PROPOSED | changes)


def test_a_rate_is_approved_by_another_in_time() -> None:
    def approve(person: PersonId, earliest: date) -> RateState:
        facts = RateFacts(person, ONE, date(2027, 1, 1), earliest)
        return rate.MOVES.choose(RateAction.APPROVE, RateState.PROPOSED, FINANCE, facts)

    assert approve(OTHER, date(2027, 1, 1)) is RateState.APPROVED
    with pytest.raises(NotAllowed, match="same_person"):
        approve(ONE, date(2027, 1, 1))
    with pytest.raises(RuleBroken, match="since"):
        approve(OTHER, date(2027, 1, 2))


def test_the_banks_word_on_an_order() -> None:
    meant = {status: meaning(status) for status in OrderStatus}
    assert meant.pop(OrderStatus.REJECTED) is RefundAction.REJECT and meant.pop(OrderStatus.PENDING) is RefundAction.DOUBT
    assert set(meant.values()) == {RefundAction.ACCEPT}


def test_a_refund_is_paid_from_the_account_of_what_it_gives_back() -> None:
    one = UUID(int=1)
    paid = [
        source(RefundReason.CONTRACT_SIGNED, one, None, None),
        source(RefundReason.FORFEITED, one, None, None),
        source(RefundReason.LATE, None, one, None),
        source(RefundReason.DORMANT, None, None, one),
    ]
    assert [account.kind for account in paid] == [AccountKind.HELD, AccountKind.FORFEITED, AccountKind.SUSPENSE, AccountKind.CLAIMED]
    assert refund_of(one.hex) == one and refund_of("not one of ours") is None

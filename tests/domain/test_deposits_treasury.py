"""The treasury account: proposed by one person, approved by another."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from deposits.domain.treasury import MOVES, TreasuryAction, TreasuryBody, TreasuryFacts, TreasuryState

SAID = {"name": "国家金库临江市支库", "account": "6210 0019-9901", "bank": "中国人民银行", "source": "通知"}
ONE, OTHER = PersonId(UUID(int=1)), PersonId(UUID(int=2))


def test_another_person_of_finance_approves_once() -> None:
    def approve(state: TreasuryState, role: Role, person: PersonId) -> TreasuryState:
        return MOVES.choose(TreasuryAction.APPROVE, state, frozenset({role}), TreasuryFacts(person, ONE))

    assert approve(TreasuryState.PROPOSED, Role.FINANCE, OTHER) is TreasuryState.APPROVED
    for role, person in ((Role.FINANCE, ONE), (Role.CENTRE, OTHER)):
        with pytest.raises(NotAllowed):
            approve(TreasuryState.PROPOSED, role, person)
    with pytest.raises(WrongState):
        approve(TreasuryState.APPROVED, Role.FINANCE, OTHER)


def test_its_body_is_read_to_the_letter() -> None:
    assert TreasuryBody.read(SAID).account.number == "621000199901"
    for changes in ({"account": "x"}, {"source": ""}, {"more": 1}):
        with pytest.raises(RuleBroken):
            TreasuryBody.read(SAID | changes)

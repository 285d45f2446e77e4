"""A tender plan's table of moves, and what its statements must say."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, Stale, WrongState
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from tests.builders.plans import entry
from trading.domain.plan import (
    MOVES,
    PlanAction,
    PlanCancellation,
    PlanChange,
    PlanEntry,
    PlanFacts,
    PlanState,
    check_replaces,
    roles_of,
)

READY = PlanFacts(today=date(2026, 11, 29), month="2026-11")
EXPECTED = {
    ("save", "draft"): ("draft", Role.TENDERER),
    ("revise", "published"): ("published", Role.TENDERER),
    ("publish", "draft"): ("published", Role.TENDERER),
    ("change", "published"): ("published", Role.TENDERER),
    ("cancel", "published"): ("cancelled", Role.TENDERER),
    ("link", "published"): ("linked", Role.SYSTEM),
}


@pytest.mark.parametrize("action", PlanAction)
def test_every_action_in_every_state_for_every_role(action: PlanAction) -> None:
    who = next(role for (name, _), (_, role) in EXPECTED.items() if name == action.value)
    for state in PlanState:
        for role in Role:
            to, allowed = EXPECTED.get((action.value, state.value), ("", None))
            if role is allowed:
                assert MOVES.choose(action, state, frozenset({role}), READY) is PlanState(to)
            else:
                with pytest.raises(WrongState if role is who else NotAllowed):
                    MOVES.choose(action, state, frozenset({role}), READY)


@pytest.mark.parametrize("action", [PlanAction.PUBLISH, PlanAction.CHANGE])
def test_a_month_that_has_passed_is_refused(action: PlanAction) -> None:
    state = PlanState.DRAFT if action is PlanAction.PUBLISH else PlanState.PUBLISHED
    with pytest.raises(RuleBroken, match=r"plan\.month_past"):
        MOVES.choose(action, state, frozenset({Role.TENDERER}), PlanFacts(today=date(2026, 11, 29), month="2026-10"))


def test_a_plan_is_read_as_it_was_signed() -> None:
    assert PlanEntry.read(entry()).to_json() == entry()
    change = PlanChange.read(entry() | {"reason": "推迟", "replaces": "ab" * 32})
    assert (change.entry.month, change.reason) == ("2099-01", "推迟")
    assert PlanCancellation.read({"reason": "资金", "replaces": "ab" * 32}).reason == "资金"


@pytest.mark.parametrize(
    "wrong", [{"month": "2099-13"}, {"month": "soon"}, {"amount_fen": 0}, {"title": ""}, {"regime": "other"}, {"more": 1}]
)
def test_a_plan_that_says_something_else_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match=r"body\.malformed"):
        PlanEntry.read(entry(**wrong))


def test_a_change_names_the_statement_that_stands() -> None:
    check_replaces("ab", "ab")
    with pytest.raises(Stale):
        check_replaces("ab", "cd")


def test_the_platform_has_its_role_towards_every_plan() -> None:
    assert roles_of(SYSTEM_ACTOR, OrgId(UUID(int=1))) == {Role.SYSTEM}

"""Who decides on a card, until when, and who may see which card while the committee scores blind."""

from __future__ import annotations

from itertools import product

import pytest

from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.roles import Role
from trading.domain.collusion.card import BLIND, Signal
from trading.domain.collusion.life import MOVES, READS, CardAction, CardFacts, CardState, Decision, Phase, See
from trading.domain.collusion_audience import PROJECTIONS
from trading.events_collusion import CollusionChecked

CHAIR, SUPERVISOR = frozenset({Role.EXPERT}), frozenset({Role.SUPERVISOR})
BEFORE = CardFacts(Phase.BLIND)


def test_a_card_is_confirmed_explained_or_clarified_first():
    assert MOVES.choose(CardAction.CLARIFY, CardState.OPEN, CHAIR, BEFORE) is CardState.CLARIFYING
    assert MOVES.choose(CardAction.EXPLAIN, CardState.CLARIFYING, SUPERVISOR, BEFORE) is CardState.EXPLAINED
    assert MOVES.choose(CardAction.CONFIRM, CardState.OPEN, CHAIR, CardFacts(Phase.LOCKED)) is CardState.CONFIRMED


@pytest.mark.parametrize(("state", "action"), list(product((CardState.CONFIRMED, CardState.EXPLAINED), CardAction)))
def test_what_was_decided_stands(state, action):
    with pytest.raises(WrongState):
        MOVES.choose(action, state, CHAIR, BEFORE)


def test_nothing_is_decided_after_the_report():
    with pytest.raises(WrongState, match=r"collusion\.reported"):
        MOVES.choose(CardAction.CONFIRM, CardState.OPEN, CHAIR, CardFacts(Phase.REPORTED))


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.EXPERT, Role.SUPERVISOR)])
def test_nobody_else_decides_the_platform_least_of_all(role):
    for action in CardAction:
        with pytest.raises(NotAllowed):
            MOVES.choose(action, CardState.OPEN, frozenset({role}), BEFORE)


def test_while_scores_are_blind_members_see_code_names_alone():
    assert READS.may(See.CODED, Phase.BLIND, CHAIR) and not READS.may(See.NAMED, Phase.BLIND, CHAIR)
    assert READS.may(See.NAMED, Phase.LOCKED, CHAIR)
    assert all(READS.may(See.NAMED, phase, SUPERVISOR) for phase in Phase)


@pytest.mark.parametrize("role", [Role.TENDERER, Role.CENTRE])
def test_tenderer_and_centre_see_cards_with_the_report(role):
    seen = [phase for phase in Phase for what in See if READS.may(what, phase, frozenset({role}))]
    assert seen == [Phase.REPORTED]


@pytest.mark.parametrize("role", [Role.BIDDER, Role.AGENCY, Role.FINANCE, Role.ADMIN, Role.AWARD_MEMBER, Role.OFFICER])
def test_nobody_else_ever_sees_a_card(role):
    assert not any(READS.may(what, phase, frozenset({role})) for what in See for phase in Phase)


def test_what_is_shown_under_code_names_is_words_alone():
    assert {Signal.SIMILAR_TEXT, Signal.SAME_DEVIATION} == BLIND


@pytest.mark.parametrize("change", [{"decision": "reject"}, {"note": ""}, {"card": "x"}, {"more": 1}, {"decision": 3}])
def test_a_malformed_decision_is_refused(change):
    body = {"card": "0" * 32, "decision": "confirm", "note": "两份文件同一处错漏，投标人未能说明。"}
    assert Decision.read(body).action is CardAction.CONFIRM
    with pytest.raises(RuleBroken):
        Decision.read(body | change)


def test_the_supervisor_alone_hears_of_cards_as_they_come():
    at = {"case": CaseId("T2026-000001"), "lot": "1", "round": 1}
    checked = CollusionChecked(**at, method="1", tools={}, looked_at=[], cards=[{"ref": "K1"}], strongest="high")
    [told] = PROJECTIONS["collusion.check"](checked)
    assert (told.audience, told.data) == ("supervisor", {"lot": "1", "round": 1, "strongest": "high"})

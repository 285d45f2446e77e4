"""The award session: its moves, its reads, and what the rules say of who sits, who has spoken and who leaves."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from uuid import uuid4

import pytest

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, Refusal, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role
from evaluation.domain.award_methods import Outcome
from evaluation.domain.award_session import MOVES, READS, Action, Facts, See, State, roles_of

S, A = State, Action
FIVE = frozenset("abcde")
HERE = Facts(member="a", seats=5, office=FIVE, signed_in=FIVE, declared=FIVE)
CHAIR = replace(HERE, deliberates=True, chair="a")
READY: dict[tuple[Action, State], tuple[State, Role, Facts]] = {
    (A.SEAT, S.MEMBER_DRAW): (S.SIGN_IN, Role.SYSTEM, Facts()),
    (A.SIGN_IN, S.SIGN_IN): (S.SIGN_IN, Role.AWARD_MEMBER, Facts(member="a")),
    (A.ASSEMBLE, S.SIGN_IN): (S.RECUSAL, Role.SYSTEM, HERE),
    (A.DECLARE, S.RECUSAL): (S.RECUSAL, Role.AWARD_MEMBER, Facts(member="a")),
    (A.STEP_BACK, S.RECUSAL): (S.SIGN_IN, Role.AWARD_MEMBER, Facts(member="a")),
    (A.REPLACE, S.SIGN_IN): (S.SIGN_IN, Role.TENDERER, Facts()),
    (A.REPLACE, S.RECUSAL): (S.SIGN_IN, Role.TENDERER, replace(HERE, leaver="b")),
    (A.DELIBERATE, S.RECUSAL): (S.DELIBERATION, Role.SYSTEM, CHAIR),
    (A.BEGIN, S.RECUSAL): (S.VOTING, Role.SYSTEM, HERE),
    (A.SPEAK, S.DELIBERATION): (S.DELIBERATION, Role.AWARD_MEMBER, replace(CHAIR, member="b")),
    (A.HEAR, S.DELIBERATION): (S.VOTING, Role.SYSTEM, replace(CHAIR, voted=frozenset("bcde"))),
    (A.VOTE, S.VOTING): (S.VOTING, Role.AWARD_MEMBER, HERE),
    (A.START_AGAIN, S.DELIBERATION): (S.SIGN_IN, Role.TENDERER, replace(HERE, leaver="b")),
    (A.START_AGAIN, S.VOTING): (S.SIGN_IN, Role.TENDERER, replace(HERE, leaver="b")),
    (A.GO_ON, S.DELIBERATION): (S.DELIBERATION, Role.TENDERER, replace(CHAIR, leaver="b", may_go_on=True, quorum=4)),
    (A.GO_ON, S.VOTING): (S.VOTING, Role.TENDERER, replace(HERE, leaver="b", may_go_on=True, quorum=4)),
    (A.CALL_ROUND, S.VOTING): (S.VOTING, Role.SYSTEM, Facts(outcome=Outcome.ANOTHER_ROUND)),
    (A.CALL_ROUND, S.DRAWING): (S.VOTING, Role.SYSTEM, Facts(outcome=Outcome.ANOTHER_ROUND)),
    (A.CALL_DRAW, S.VOTING): (S.DRAWING, Role.SYSTEM, Facts(outcome=Outcome.DRAW)),
    (A.CALL_DRAW, S.DRAWING): (S.DRAWING, Role.SYSTEM, Facts(outcome=Outcome.DRAW)),
    (A.DECIDE, S.VOTING): (S.DECIDED, Role.SYSTEM, Facts(outcome=Outcome.WON)),
    (A.DECIDE, S.DRAWING): (S.DECIDED, Role.SYSTEM, Facts(outcome=Outcome.WON)),
}
ROLE_OF = {action: role for (action, _), (_, role, _) in READY.items()}


@pytest.mark.parametrize(("action", "state", "role"), list(product(Action, State, Role)))
def test_each_action_is_for_its_states_and_role_alone(action: Action, state: State, role: Role) -> None:
    facts = READY.get((action, state), (S.DECIDED, role, HERE))[2]
    if role is not ROLE_OF[action]:
        with pytest.raises(NotAllowed):
            MOVES.choose(action, state, frozenset({role}), facts)
    elif (action, state) not in READY:
        with pytest.raises(WrongState):
            MOVES.choose(action, state, frozenset({role}), facts)
    else:
        assert MOVES.choose(action, state, frozenset({role}), facts) is READY[action, state][0]


@pytest.mark.parametrize(
    ("action", "state", "facts", "code"),
    [
        (A.SIGN_IN, S.SIGN_IN, replace(HERE, member="a"), "award.sign_in.twice"),
        (A.ASSEMBLE, S.SIGN_IN, replace(HERE, signed_in=FIVE - {"e"}), "award.members_missing"),
        (A.ASSEMBLE, S.SIGN_IN, replace(HERE, office=FIVE - {"e"}, signed_in=FIVE - {"e"}), "award.members_missing"),
        (A.DECLARE, S.RECUSAL, HERE, "award.declare.twice"),
        (A.STEP_BACK, S.RECUSAL, HERE, "award.declare.twice"),
        (A.REPLACE, S.SIGN_IN, replace(HERE, leaver="z"), "award.replace.not_in_office"),
        (A.DELIBERATE, S.RECUSAL, replace(CHAIR, declared=frozenset()), "award.declarations_missing"),
        (A.DELIBERATE, S.RECUSAL, HERE, "award.no_deliberation"),
        (A.BEGIN, S.RECUSAL, CHAIR, "award.opinions_missing"),
        (A.BEGIN, S.RECUSAL, replace(HERE, declared=frozenset("ab")), "award.declarations_missing"),
        (A.SPEAK, S.DELIBERATION, CHAIR, "award.chair_speaks_last"),
        (A.SPEAK, S.DELIBERATION, replace(CHAIR, member="b", voted=frozenset("b")), "award.speak.twice"),
        (A.HEAR, S.DELIBERATION, replace(CHAIR, voted=frozenset("bcd")), "award.opinions_missing"),
        (A.VOTE, S.VOTING, replace(HERE, voted=frozenset("a")), "ballot.twice"),
        (A.VOTE, S.VOTING, replace(CHAIR, member="b"), "award.chair_decides"),
        (A.START_AGAIN, S.VOTING, replace(HERE, leaver="z"), "award.replace.not_in_office"),
        (A.START_AGAIN, S.VOTING, replace(HERE, leaver="b", voted=frozenset("b")), "award.replace.has_voted"),
        (A.START_AGAIN, S.VOTING, replace(HERE, leaver="b", may_go_on=True, quorum=3), "award.replace.goes_on"),
        (A.GO_ON, S.VOTING, replace(HERE, leaver="b"), "award.replace.starts_again"),
        (A.GO_ON, S.VOTING, replace(HERE, leaver="b", may_go_on=True, quorum=5), "award.replace.starts_again"),
        (A.GO_ON, S.VOTING, replace(CHAIR, leaver="a", may_go_on=True, quorum=3), "award.replace.starts_again"),
        (A.GO_ON, S.VOTING, replace(HERE, leaver="b", voted=frozenset("b"), may_go_on=True), "award.replace.has_voted"),
        (A.CALL_ROUND, S.VOTING, Facts(), "ballot.round_not_needed"),
        (A.CALL_DRAW, S.VOTING, Facts(), "ballot.not_tied"),
        (A.DECIDE, S.VOTING, Facts(), "ballot.not_won"),
    ],
)
def test_each_rule_refuses_with_its_own_code(action: Action, state: State, facts: Facts, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        MOVES.choose(action, state, frozenset({ROLE_OF[action]}), facts)
    assert refused.value.code == code


def test_the_result_is_read_when_it_is_decided_and_bidders_read_nothing() -> None:
    tenderer = frozenset({Role.TENDERER})
    assert not READS.may(See.RESULT, S.VOTING, tenderer) and READS.may(See.RESULT, S.DECIDED, tenderer)
    assert not any(READS.may(what, state, frozenset({Role.BIDDER, Role.EXPERT})) for what in See for state in State)
    assert not READS.may(See.ROUNDS, S.DECIDED, frozenset({Role.CENTRE}))


def test_roles_are_those_for_this_session_alone() -> None:
    member, other, tenderer = PersonId(uuid4()), PersonId(uuid4()), OrgId(uuid4())
    held = frozenset({Role.AWARD_MEMBER})
    assert roles_of(Actor(member, tenderer, held), [member], tenderer) == held
    assert roles_of(Actor(other, tenderer, held), [member], tenderer) == frozenset()
    assert roles_of(Actor(other, tenderer, frozenset({Role.TENDERER})), [], tenderer) == {Role.TENDERER}
    assert roles_of(Actor(other, OrgId(uuid4()), frozenset({Role.TENDERER})), [], tenderer) == frozenset()
    assert roles_of(Actor(other, None, frozenset({Role.SUPERVISOR})), [], tenderer) == {Role.SUPERVISOR}

"""The award session: its moves, its reads, its roster, its ballots, and the count from ballots alone."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role
from evaluation.domain.award_session import (
    MOVES,
    READS,
    Action,
    BallotBody,
    Candidate,
    Cast,
    Facts,
    Outcome,
    Roster,
    See,
    State,
    check_roster,
    count,
    outcome_of,
    preset_order,
    roles_of,
    rounds_json,
)

S, A = State, Action
READY = {
    A.VOTE: (S.VOTING, S.VOTING, {Role.AWARD_MEMBER}, Facts()),
    A.CALL_ROUND: (S.VOTING, S.VOTING, {Role.SYSTEM}, Facts(outcome=Outcome.ANOTHER_ROUND)),
    A.DECIDE: (S.VOTING, S.DECIDED, {Role.SYSTEM}, Facts(outcome=Outcome.WON)),
    A.LEAVE_TIED: (S.VOTING, S.TIED, {Role.SYSTEM}, Facts(outcome=Outcome.TIED)),
}
MOST = list(product(Action, State, Role))


@pytest.mark.parametrize(("action", "state", "role"), MOST)
def test_each_action_is_for_its_state_and_roles_alone(action: Action, state: State, role: Role) -> None:
    source, to, roles, facts = READY[action]
    if role not in roles:
        with pytest.raises(NotAllowed):
            MOVES.choose(action, state, frozenset({role}), facts)
    elif state is not source:
        with pytest.raises(WrongState):
            MOVES.choose(action, state, frozenset({role}), facts)
    else:
        assert MOVES.choose(action, state, frozenset({role}), facts) is to


@pytest.mark.parametrize(
    ("action", "facts", "code"),
    [
        (A.VOTE, Facts(has_voted=True), "ballot.twice"),
        (A.CALL_ROUND, Facts(), "ballot.round_not_needed"),
        (A.DECIDE, Facts(), "ballot.not_won"),
        (A.LEAVE_TIED, Facts(), "ballot.not_tied"),
    ],
)
def test_each_rule_refuses_with_its_own_code(action: Action, facts: Facts, code: str) -> None:
    with pytest.raises(WrongState) as refused:
        MOVES.choose(action, S.VOTING, frozenset(READY[action][2]), facts)
    assert refused.value.code == code


def test_the_result_is_read_when_it_is_decided_and_bidders_read_nothing() -> None:
    assert not READS.may(See.RESULT, S.VOTING, frozenset({Role.TENDERER})) and READS.may(See.RESULT, S.DECIDED, frozenset({Role.TENDERER}))
    assert not any(READS.may(what, state, frozenset({Role.BIDDER, Role.EXPERT})) for what in See for state in State)


def test_roles_are_those_for_this_session_alone() -> None:
    member, other, tenderer = PersonId(uuid4()), PersonId(uuid4()), OrgId(uuid4())
    held = frozenset({Role.AWARD_MEMBER})
    assert roles_of(Actor(member, tenderer, held), [member], tenderer) == held
    assert roles_of(Actor(other, tenderer, held), [member], tenderer) == frozenset()
    assert roles_of(Actor(other, tenderer, frozenset({Role.TENDERER})), [], tenderer) == {Role.TENDERER}
    assert roles_of(Actor(other, OrgId(uuid4()), frozenset({Role.TENDERER})), [], tenderer) == frozenset()
    assert roles_of(Actor(other, None, frozenset({Role.SUPERVISOR})), [], tenderer) == {Role.SUPERVISOR}


PEOPLE = tuple(PersonId(UUID(int=number)) for number in range(7))
PLAN: dict[str, Any] = {"method": "DIRECT_VOTE", "members": 5, "ties": ["price", "draw"]}


@pytest.mark.parametrize(
    ("roster", "plan", "code"),
    [
        (Roster(PEOPLE[:5], frozenset(PEOPLE), frozenset()), PLAN | {"method": "SCORING_AWARD"}, "award.method_unknown"),
        (Roster(PEOPLE[:4], frozenset(PEOPLE), frozenset()), PLAN, "award.members_differ"),
        (Roster((*PEOPLE[:4], PEOPLE[0]), frozenset(PEOPLE), frozenset()), PLAN, "award.members_differ"),
        (Roster(PEOPLE[:5], frozenset(PEOPLE[1:]), frozenset()), PLAN, "award.not_a_member"),
        (Roster(PEOPLE[:5], frozenset(PEOPLE), frozenset(PEOPLE[4:])), PLAN, "award.evaluated_before"),
    ],
)
def test_the_roster_must_fit_the_plan(roster: Roster, plan: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_roster(plan, roster)
    assert refused.value.code == code
    check_roster(PLAN, Roster(PEOPLE[:5], frozenset(PEOPLE), frozenset(PEOPLE[5:])))


def test_a_ballot_names_a_contender_and_a_page() -> None:
    reasons = [{"text": "业绩最多", "page": "评标报告 第3页"}]
    assert BallotBody.read({"round": 1, "choice": "X", "reasons": reasons}, ["X", "Y"], 1).reasons[0].page == "评标报告 第3页"
    for body, code in (
        ({"round": 2, "choice": "X", "reasons": reasons}, "ballot.round"),
        ({"round": 1, "choice": "Z", "reasons": reasons}, "ballot.choice"),
        ({"round": 1, "choice": "X", "reasons": []}, "ballot.reason_missing"),
        ({"round": 1, "choice": "X", "reasons": [{"text": "好", "page": ""}]}, "evaluation.body"),
    ):
        with pytest.raises(RuleBroken) as refused:
            BallotBody.read(body, ["X", "Y"], 1)
        assert refused.value.code == code


THREE = [
    Candidate("X", Decimal(100), Decimal("90.1")),
    Candidate("Y", Decimal(99), Decimal("88")),
    Candidate("Z", Decimal(99), Decimal("90.1")),
]


def test_the_keys_of_the_plan_order_the_candidates_up_to_a_draw() -> None:
    assert preset_order(["price", "evaluation_score", "draw"], THREE) == ("Z", "Y", "X")
    assert preset_order(["evaluation_score", "price"], THREE) == ("Z", "X", "Y")
    assert preset_order(["price", "draw"], THREE) == ()
    assert preset_order(["draw", "price"], THREE) == ()


MEMBERS = [str(number) for number in range(1, 6)]


def ballots(number: int, choices: str) -> list[Cast]:
    return [Cast(number, member, choice) for member, choice in zip(MEMBERS, choices, strict=False)]


def test_more_than_half_of_all_members_decides() -> None:
    result = count(PLAN, MEMBERS, THREE, ballots(1, "XXXYZ"))
    assert outcome_of(result) is Outcome.WON and result is not None and result.winner == "X"
    assert rounds_json(result) == [{"votes": {"X": 3, "Y": 1, "Z": 1}, "electors": 5, "eliminated": ""}]


def test_a_round_is_counted_when_its_last_ballot_is_in() -> None:
    assert outcome_of(count(PLAN, MEMBERS, THREE, [])) is Outcome.INCOMPLETE
    assert outcome_of(count(PLAN, MEMBERS, THREE, ballots(1, "XXXY"))) is Outcome.INCOMPLETE


def test_no_majority_calls_a_run_off_of_the_top_two() -> None:
    first = ballots(1, "XXYYZ")
    result = count(PLAN, MEMBERS, THREE, first)
    assert outcome_of(result) is Outcome.ANOTHER_ROUND and result is not None and result.next_round == ("X", "Y")
    assert outcome_of(count(PLAN, MEMBERS, THREE, [*first, *ballots(2, "XXYY")])) is Outcome.INCOMPLETE
    again = count(PLAN, MEMBERS, THREE, [*first, *ballots(2, "XYYYX")])
    assert again is not None and again.winner == "Y"


def test_a_lasting_tie_goes_to_the_preset_key_or_is_left_to_a_draw() -> None:
    four = [*THREE, Candidate("W", Decimal(100), Decimal("90.1"))]
    level = [cast for number in (1, 2, 3) for cast in ballots(number, "XXYYZ")]
    level = ballots(1, "XXYYZ") + ballots(2, "XXYYX")
    assert outcome_of(count(PLAN, MEMBERS, THREE, level)) is Outcome.WON
    even = [str(number) for number in range(1, 5)]
    rounds = [Cast(number, member, choice) for number in (1, 2, 3) for member, choice in zip(even, "XXWW", strict=True)]
    tied = count(PLAN | {"ties": ["price", "draw"]}, even, four, rounds)
    assert outcome_of(tied) is Outcome.TIED and tied is not None and tied.tied == ("W", "X")


def test_elimination_goes_round_by_round() -> None:
    plan = PLAN | {"method": "ELIMINATION_VOTE"}
    result = count(plan, MEMBERS, THREE, ballots(1, "XXYYZ"))
    assert result is not None and result.next_round == ("X", "Y")

"""The award committee's session (定标): who does what in which state, who sees what, and what follows by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from core.kernel.actor import Actor
from core.kernel.errors import Refusal, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.moves import Move, Moves, Read, Reads, at
from core.kernel.roles import Role
from evaluation.domain.award_methods import Outcome


class State(Enum):
    """Each state is named after what it waits for."""

    MEMBER_DRAW = "member_draw"  # members are drawn from the tenderer's list
    SIGN_IN = "sign_in"  # every member to sign in; a missing one is replaced
    RECUSAL = "recusal"  # every member's declaration
    DELIBERATION = "deliberation"  # every member's written opinion, the chair's not
    VOTING = "voting"  # the ballots of a round
    DRAWING = "drawing"  # lots among those who are level, or whom the vote has kept
    DECIDED = "decided"


class Action(Enum):
    """What members and tenderer do, and what follows by itself from the last of them."""

    SEAT = "seat"
    SIGN_IN = "sign_in"
    ASSEMBLE = "assemble"
    DECLARE = "declare"
    STEP_BACK = "step_back"
    REPLACE = "replace"
    DELIBERATE = "deliberate"
    BEGIN = "begin"
    SPEAK = "speak"
    HEAR = "hear"
    VOTE = "vote"
    START_AGAIN = "start_again"
    GO_ON = "go_on"
    CALL_ROUND = "call_round"
    CALL_DRAW = "call_draw"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at. Members are person ids: `member` acts, `leaver` is said to fall out, the sets hold those in office who have
    done their part. `seats`: how many the plan wants; `quorum` counts what would be left."""

    member: str = ""
    leaver: str = ""
    chair: str = ""
    seats: int = 0
    office: frozenset[str] = frozenset()
    signed_in: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    voted: frozenset[str] = frozenset()
    deliberates: bool = False
    may_go_on: bool = False
    quorum: int = 0
    outcome: Outcome = Outcome.INCOMPLETE


def _once(done: frozenset[str], facts: Facts, code: str) -> Refusal | None:
    return WrongState(code) if facts.member in done else None


def signs_in_once(facts: Facts) -> Refusal | None:
    """One sign-in of each member."""
    return _once(facts.signed_in, facts, "award.sign_in.twice")


def all_are_here(facts: Facts) -> Refusal | None:
    """Every seat is taken and everybody present: who is missing is replaced before the start."""
    if len(facts.office) == facts.seats and facts.signed_in == facts.office:
        return None
    return WrongState("award.members_missing")


def declares_once(facts: Facts) -> Refusal | None:
    """One declaration of each member."""
    return _once(facts.declared, facts, "award.declare.twice")


def _declared(facts: Facts) -> Refusal | None:
    return None if facts.declared == facts.office else WrongState("award.declarations_missing")


def deliberates_now(facts: Facts) -> Refusal | None:
    """All have declared, and the plan's method begins with written opinions."""
    return _declared(facts) or (None if facts.deliberates else WrongState("award.no_deliberation"))


def votes_now(facts: Facts) -> Refusal | None:
    """All have declared, and the plan's method begins with ballots."""
    return _declared(facts) or (WrongState("award.opinions_missing") if facts.deliberates else None)


def speaks_before_the_chair(facts: Facts) -> Refusal | None:
    """One opinion of each member; the chair speaks last, and decides (集体议事)."""
    if facts.member == facts.chair:
        return WrongState("award.chair_speaks_last")
    return _once(facts.voted, facts, "award.speak.twice")


def all_have_spoken(facts: Facts) -> Refusal | None:
    """Everybody but the chair has given an opinion."""
    return None if facts.voted >= facts.office - {facts.chair} else WrongState("award.opinions_missing")


def votes_once(facts: Facts) -> Refusal | None:
    """One ballot for each member and round; after a deliberation the chair's alone."""
    if facts.deliberates and facts.member != facts.chair:
        return WrongState("award.chair_decides")
    return _once(facts.voted, facts, "ballot.twice")


def may_be_replaced(facts: Facts) -> Refusal | None:
    """Somebody in office leaves, or a seat that was left is filled."""
    return None if facts.leaver in facts.office or not facts.leaver else WrongState("award.replace.not_in_office")


def _may_leave(facts: Facts) -> Refusal | None:
    """Never after a ballot of this round has been cast by everyone, which ends it at once; and a ballot that was cast is counted."""
    if facts.leaver not in facts.office:
        return WrongState("award.replace.not_in_office")
    return WrongState("award.replace.has_voted") if facts.leaver in facts.voted else None


def _goes_on(facts: Facts) -> bool:
    """The plan lets the others go on, they are enough, and the one who leaves is not the chair who alone may decide."""
    chair_leaves = facts.deliberates and facts.leaver == facts.chair
    return facts.may_go_on and len(facts.office) - 1 >= facts.quorum and not chair_leaves


def starts_again(facts: Facts) -> Refusal | None:
    """The plan says so, or those who are left are fewer than the quorum."""
    return _may_leave(facts) or (WrongState("award.replace.goes_on") if _goes_on(facts) else None)


def goes_on(facts: Facts) -> Refusal | None:
    """The plan says so and the quorum holds."""
    return _may_leave(facts) or (None if _goes_on(facts) else WrongState("award.replace.starts_again"))


def needs_another_round(facts: Facts) -> Refusal | None:
    """Nobody has won yet."""
    return None if facts.outcome is Outcome.ANOTHER_ROUND else WrongState("ballot.round_not_needed")


def needs_a_draw(facts: Facts) -> Refusal | None:
    """Some stay level after the re-votes and the plan's keys, or the vote has kept those among whom the plan draws."""
    return None if facts.outcome is Outcome.DRAW else WrongState("ballot.not_tied")


def is_won(facts: Facts) -> Refusal | None:
    """Ballots and draws chose one."""
    return None if facts.outcome is Outcome.WON else WrongState("ballot.not_won")


MEMBER = frozenset({Role.AWARD_MEMBER})
TENDERER = frozenset({Role.TENDERER})
SYSTEM = frozenset({Role.SYSTEM})
WATCHERS = frozenset({Role.AWARD_MEMBER, Role.TENDERER, Role.SUPERVISOR})
S, A = State, Action

MOVES: Moves[Action, State, Role, Facts] = Moves(
    "award",
    (
        # action, from, to, who, only if; supervisors watch and do not vote
        Move(A.SEAT, at(S.MEMBER_DRAW), S.SIGN_IN, SYSTEM),
        Move(A.SIGN_IN, at(S.SIGN_IN), S.SIGN_IN, MEMBER, signs_in_once),
        Move(A.ASSEMBLE, at(S.SIGN_IN), S.RECUSAL, SYSTEM, all_are_here),
        Move(A.DECLARE, at(S.RECUSAL), S.RECUSAL, MEMBER, declares_once),
        Move(A.STEP_BACK, at(S.RECUSAL), S.SIGN_IN, MEMBER, declares_once),
        Move(A.REPLACE, at(S.SIGN_IN, S.RECUSAL), S.SIGN_IN, TENDERER, may_be_replaced),
        Move(A.DELIBERATE, at(S.RECUSAL), S.DELIBERATION, SYSTEM, deliberates_now),
        Move(A.BEGIN, at(S.RECUSAL), S.VOTING, SYSTEM, votes_now),
        Move(A.SPEAK, at(S.DELIBERATION), S.DELIBERATION, MEMBER, speaks_before_the_chair),
        Move(A.HEAR, at(S.DELIBERATION), S.VOTING, SYSTEM, all_have_spoken),
        Move(A.VOTE, at(S.VOTING), S.VOTING, MEMBER, votes_once),
        Move(A.START_AGAIN, at(S.DELIBERATION, S.VOTING), S.SIGN_IN, TENDERER, starts_again),
        Move(A.GO_ON, at(S.DELIBERATION), S.DELIBERATION, TENDERER, goes_on),
        Move(A.GO_ON, at(S.VOTING), S.VOTING, TENDERER, goes_on),
        Move(A.CALL_ROUND, at(S.VOTING, S.DRAWING), S.VOTING, SYSTEM, needs_another_round),
        Move(A.CALL_DRAW, at(S.VOTING, S.DRAWING), S.DRAWING, SYSTEM, needs_a_draw),
        Move(A.DECIDE, at(S.VOTING, S.DRAWING), S.DECIDED, SYSTEM, is_won),
    ),
)

FOLLOWING: dict[Outcome, Action] = {
    Outcome.ANOTHER_ROUND: Action.CALL_ROUND,
    Outcome.DRAW: Action.CALL_DRAW,
    Outcome.WON: Action.DECIDE,
}
"""What the count of a round brings about."""


def before_start(state: State) -> bool:
    """Whether whoever is missing is still replaced without more ado."""
    return state in (State.SIGN_IN, State.RECUSAL)


def awaits_ballots(state: State) -> bool:
    """Whether ballots of a round are being cast."""
    return state is State.VOTING


class See(Enum):
    """What a page of the session may show."""

    MATRIX = "matrix"  # candidates × factors, from the report
    VOTED = "voted"  # that a member has signed in, declared, voted; never what
    NAMES = "names"  # who the members are
    ROUNDS = "rounds"  # opinions when all are in, ballots of complete rounds
    PAPERS = "papers"  # report, tender document and the candidates' bids, to which reasons point
    RESULT = "result"


READS: Reads[See, State, Role] = Reads(
    "award",
    (
        # what, who, in states
        Read(See.MATRIX, WATCHERS, frozenset(State)),
        Read(See.VOTED, WATCHERS | {Role.CENTRE}, frozenset(State)),
        Read(See.NAMES, TENDERER | {Role.SUPERVISOR}, frozenset(State)),
        Read(See.ROUNDS, WATCHERS, frozenset(State)),
        Read(See.PAPERS, WATCHERS, frozenset(State)),
        Read(See.RESULT, WATCHERS | {Role.CENTRE}, at(State.DECIDED)),
    ),
)


def roles_of(actor: Actor, members: Iterable[PersonId], tenderer: OrgId) -> frozenset[Role]:
    """The roles of `actor` here: a member by the tenderer's list, the tenderer of this project alone, centre and supervisor by grant."""
    held = set(actor.roles & {Role.CENTRE, Role.SUPERVISOR, Role.SYSTEM})
    if Role.AWARD_MEMBER in actor.roles and actor.person in set(members):
        held.add(Role.AWARD_MEMBER)
    if Role.TENDERER in actor.roles and actor.org == tenderer:
        held.add(Role.TENDERER)
    return frozenset(held)

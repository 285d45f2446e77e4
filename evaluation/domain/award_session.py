"""The award committee's session (定标): who votes when, on what plan, and what the ballots decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import pairwise, takewhile
from typing import Any

from core.kernel.actor import Actor
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, Read, Reads, at
from core.kernel.roles import Role
from evaluation.domain.award import Ballot, Result, Tally, direct_vote, elimination_vote, tally
from evaluation.domain.body import Body


class State(Enum):
    """The life of an award session: ballots are cast round by round until one is chosen, or a tie lasts that no published key breaks."""

    VOTING = "voting"
    DECIDED = "decided"
    TIED = "tied"  # left to a recorded draw


class Action(Enum):
    """What members do, and what follows by itself from the last ballot of a round."""

    VOTE = "vote"
    CALL_ROUND = "call_round"
    DECIDE = "decide"
    LEAVE_TIED = "leave_tied"


class Outcome(Enum):
    """What the ballots so far say."""

    INCOMPLETE = "incomplete"
    ANOTHER_ROUND = "another_round"
    WON = "won"
    TIED = "tied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at; `has_voted` is about the acting member in this round."""

    has_voted: bool = False
    outcome: Outcome = Outcome.INCOMPLETE


def votes_once(facts: Facts) -> Refusal | None:
    """One ballot for each member and round."""
    return WrongState("ballot.twice") if facts.has_voted else None


def needs_another_round(facts: Facts) -> Refusal | None:
    """Nobody has more than half of all members yet."""
    return None if facts.outcome is Outcome.ANOTHER_ROUND else WrongState("ballot.round_not_needed")


def is_won(facts: Facts) -> Refusal | None:
    """The ballots chose one."""
    return None if facts.outcome is Outcome.WON else WrongState("ballot.not_won")


def is_tied(facts: Facts) -> Refusal | None:
    """The same candidates are level after the re-votes, and the plan's keys leave them level too."""
    return None if facts.outcome is Outcome.TIED else WrongState("ballot.not_tied")


MEMBER = frozenset({Role.AWARD_MEMBER})
SYSTEM = frozenset({Role.SYSTEM})
WATCHERS = frozenset({Role.AWARD_MEMBER, Role.TENDERER, Role.SUPERVISOR})

MOVES: Moves[Action, State, Role, Facts] = Moves(
    "award",
    (
        # action, from, to, who, only if
        Move(Action.VOTE, at(State.VOTING), State.VOTING, MEMBER, votes_once),
        Move(Action.CALL_ROUND, at(State.VOTING), State.VOTING, SYSTEM, needs_another_round),
        Move(Action.DECIDE, at(State.VOTING), State.DECIDED, SYSTEM, is_won),
        Move(Action.LEAVE_TIED, at(State.VOTING), State.TIED, SYSTEM, is_tied),
    ),
)


class See(Enum):
    """What a page of the session may show."""

    MATRIX = "matrix"  # candidates × factors, from the report
    VOTED = "voted"  # that a member has voted; never what
    ROUNDS = "rounds"  # ballots of complete rounds
    RESULT = "result"


READS: Reads[See, State, Role] = Reads(
    "award",
    (
        # what, who, in states
        Read(See.MATRIX, WATCHERS, frozenset(State)),
        Read(See.VOTED, WATCHERS | {Role.CENTRE}, frozenset(State)),
        Read(See.ROUNDS, WATCHERS, frozenset(State)),
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


# The plan and its members


def _vote(method: str, candidates: Sequence[str], tallies: Sequence[Tally], preset: Sequence[str]) -> Result:
    if method == "DIRECT_VOTE":
        return direct_vote(candidates, tallies, preset)
    return elimination_vote(candidates, tallies, preset=preset)


METHODS = frozenset({"DIRECT_VOTE", "ELIMINATION_VOTE"})


@dataclass(frozen=True, slots=True)
class Roster:
    """What must hold when the session is opened; `employed` are those who hold the role in the tenderer's organisation."""

    members: tuple[PersonId, ...]
    employed: frozenset[PersonId]
    evaluators: frozenset[PersonId]


def check_roster(plan: Mapping[str, Any], roster: Roster) -> None:
    """Raises RuleBroken unless the members fit the plan that was fixed before the notice: their number, their employer, and that none of
    them sat in the evaluation committee."""
    if plan["method"] not in METHODS:
        raise RuleBroken("award.method_unknown", method=str(plan["method"]))
    if len(set(roster.members)) != len(roster.members) or len(roster.members) != plan["members"]:
        raise RuleBroken("award.members_differ", wanted=int(plan["members"]), given=len(set(roster.members)))
    if not set(roster.members) <= roster.employed:
        raise RuleBroken("award.not_a_member")
    if set(roster.members) & roster.evaluators:
        raise RuleBroken("award.evaluated_before")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recommended bidder with what the plan's keys for ties look at."""

    org: str
    price: Decimal
    score: Decimal


def preset_order(ties: Sequence[str], candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """The candidates best first by the plan's keys up to a draw; empty where those keys leave two of them level."""
    used = list(takewhile(lambda tie: tie != "draw", ties))
    places = {one.org: [one.price if tie == "price" else -one.score for tie in used] for one in candidates}
    ranked = sorted(places, key=lambda org: places[org])
    if any(places[one] == places[following] for one, following in pairwise(ranked)):
        return ()
    return tuple(ranked)


# Ballots


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, and the page of the report or bid that shows it."""

    text: str
    page: str


@dataclass(frozen=True, slots=True)
class BallotBody:
    """A signed ballot: the candidate's organisation, and at least one reason that names its page."""

    round: int
    choice: str
    reasons: tuple[Reason, ...]

    @classmethod
    def read(cls, body: object, standing: Iterable[str], round_now: int) -> BallotBody:
        """From the signed body of `ballot`; the choice must stand in this very round."""
        fields = Body(body, "round", "choice", "reasons")
        rows = fields.objects("reasons", "text", "page", most=20)
        reasons = tuple(Reason(row.text("text", 1000, 2), row.text("page", 100, 1)) for row in rows)
        said = cls(fields.whole("round", 1), fields.text("choice", 40, 1), reasons)
        if said.round != round_now:
            raise RuleBroken("ballot.round", round=round_now)
        if said.choice not in set(standing):
            raise RuleBroken("ballot.choice")
        if not said.reasons:
            raise RuleBroken("ballot.reason_missing")
        return said


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot on file."""

    round: int
    member: str
    choice: str


def count(plan: Mapping[str, Any], members: Sequence[str], candidates: Sequence[Candidate], ballots: Sequence[Cast]) -> Result | None:
    """The standing of the vote recomputed from every ballot; None while a member's ballot of the newest round is missing."""
    contenders: Sequence[str] = sorted(one.org for one in candidates)
    tallies: list[Tally] = []
    preset = preset_order(plan["ties"], candidates)
    newest = max((ballot.round for ballot in ballots), default=1)
    result: Result | None = None
    for number in range(1, newest + 1):
        given = [Ballot(ballot.member, ballot.choice) for ballot in ballots if ballot.round == number]
        if len(given) < len(members):
            return None
        tallies.append(tally(members, contenders, given, number))
        result = _vote(plan["method"], [one.org for one in candidates], tallies, preset)
        contenders = result.next_round
    return result


def outcome_of(result: Result | None) -> Outcome:
    """What follows from a count."""
    if result is None:
        return Outcome.INCOMPLETE
    if result.next_round:
        return Outcome.ANOTHER_ROUND
    return Outcome.WON if result.winner else Outcome.TIED


def rounds_json(result: Result) -> list[dict[str, JSON]]:
    """The rounds as `award.result` states them: votes by candidate, of how many, who went out."""
    return [
        {"votes": dict(held.tally.votes), "electors": held.tally.electors, "eliminated": held.eliminated or ""} for held in result.rounds
    ]

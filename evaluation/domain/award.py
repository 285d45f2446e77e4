"""The award committee's vote: direct vote with run-offs, and elimination round by round, recomputed from the ballots alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

EQUAL_REVOTES = 2
"""After so many re-votes with the same tie the key set beforehand decides."""


class VoteFault(ValueError):
    """Ballots that can't be counted; `code` says why, `round` (from 1) where, `who` names the member or candidate, "" for neither."""

    def __init__(self, code: str, round_number: int, who: str = "") -> None:
        super().__init__(f"round {round_number}: {code} {who}".rstrip())
        self.code, self.round, self.who = code, round_number, who


class How(StrEnum):
    """What ended a vote."""

    MAJORITY = "majority"  # more than half of all members
    MOST_VOTES = "most_votes"  # ahead of one other in every run-off that was left, without more than half of all members
    LAST_LEFT = "last_left"  # all others were eliminated
    PRESET = "preset"  # the key that the award plan set for lasting ties, or the recorded draw that follows it


Grade = tuple[Decimal, ...]
"""A candidate by the keys of the plan, the smaller the better."""


@dataclass(frozen=True, slots=True)
class TieBreak:
    """What decides lasting ties: `grades` by the keys of the plan; then `drawn`, the orders that recorded draws have given."""

    grades: Mapping[str, Grade] = field(default_factory=dict)
    drawn: Mapping[frozenset[str], Sequence[str]] = field(default_factory=dict)

    def first(self, tied: Sequence[str]) -> tuple[str, ...]:
        """The best of the tied: one, or the several among whom a draw is needed."""
        return self._end(tied, min, 0)

    def last(self, tied: Sequence[str]) -> tuple[str, ...]:
        """The worst of the tied: one, or the several among whom a draw is needed."""
        return self._end(tied, max, -1)

    def _end(self, tied: Sequence[str], choose: Callable[[Iterable[Grade]], Grade], place: int) -> tuple[str, ...]:
        graded = {one: self.grades.get(one, ()) for one in tied}
        edge = choose(graded.values())
        level = tuple(sorted(one for one in tied if graded[one] == edge))
        order = self.drawn.get(frozenset(level))
        return level if len(level) == 1 or order is None else (order[place],)


NO_KEY = TieBreak()


@dataclass(frozen=True, slots=True)
class Ballot:
    """One member's choice in one round; None = abstained, which counts against every candidate."""

    member: str
    choice: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes by contender, of a body of `electors`."""

    votes: Mapping[str, int]
    electors: int


@dataclass(frozen=True, slots=True)
class Round:
    """One counted round: its tally and who went out by it."""

    tally: Tally
    eliminated: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The standing of a vote.

    `chosen` is empty and `next_round` holds the contenders while another round is needed; both are empty when a tie lasts and no preset
    key decides it, `tied` then names the equal ones for a recorded draw, after which the vote goes on.
    """

    rounds: tuple[Round, ...]
    chosen: tuple[str, ...] = ()
    how: How | None = None
    next_round: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()

    @property
    def winner(self) -> str | None:
        """The one candidate chosen, None while there is none or where several were kept."""
        return self.chosen[0] if len(self.chosen) == 1 else None


def tally(
    members: Collection[str], contenders: Collection[str], ballots: Sequence[Ballot], round_number: int = 1, electors: int = 0
) -> Tally:
    """The count of one round; raises VoteFault unless each member, and nobody else, gave one ballot for a contender or abstained.

    `electors`: how many more than half is counted of, where members who fell out count too; 0 = the members.
    """
    given: set[str] = set()
    votes = dict.fromkeys(sorted(contenders), 0)
    for ballot in ballots:
        if ballot.member not in members:
            raise VoteFault("not_a_member", round_number, ballot.member)
        if ballot.member in given:
            raise VoteFault("second_ballot", round_number, ballot.member)
        given.add(ballot.member)
        if ballot.choice is None:
            continue
        if ballot.choice not in votes:
            raise VoteFault("not_a_contender", round_number, ballot.choice)
        votes[ballot.choice] += 1
    for member in sorted(set(members) - given):
        raise VoteFault("ballot_missing", round_number, member)
    return Tally(votes, electors or len(members))


def direct_vote(candidates: Collection[str], tallies: Sequence[Tally], ties: TieBreak = NO_KEY) -> Result:
    """直接票决: more than half of all members wins; otherwise a run-off of the top two, ties at the second place included.

    When `EQUAL_REVOTES` run-offs in a row leave the same contenders, the vote is brought to an end: level leaders by `ties`; the second
    place, where several share it, by `ties` too and a last run-off follows; of two that are left the one who leads.
    Raises VoteFault for a round that should not have been held.
    """
    contenders, rounds, equal = tuple(sorted(candidates)), list[Round](), 0
    for number, count in enumerate(tallies, 1):
        _may_be_held(count, contenders, number)
        rounds.append(Round(count))
        if winner := _majority(count):
            return _ended(rounds, tallies, (winner,), How.MAJORITY)
        following, best = _top_two(count), _leaders(count)
        equal = equal + 1 if number > 1 and following == contenders else 0
        contenders = following
        if equal < EQUAL_REVOTES:
            continue
        if len(best) == 1 and len(contenders) <= 2:
            return _ended(rounds, tallies, best, How.MOST_VOTES)
        level = best if len(best) > 1 else tuple(one for one in contenders if one not in best)
        chosen = ties.first(level)
        if len(chosen) > 1:
            return _tied(rounds, tallies, chosen)
        if len(best) > 1:
            return _ended(rounds, tallies, chosen, How.PRESET)
        contenders, equal = tuple(sorted((*best, *chosen))), 0
    return Result(tuple(rounds), next_round=contenders)


def elimination_vote(candidates: Collection[str], tallies: Sequence[Tally], keep: int = 1, ties: TieBreak = NO_KEY) -> Result:
    """逐轮票决: each round drops the one with fewest votes, until `keep` are left or, with one to keep, somebody has more than half.

    A tie for the last place is voted again among the tied only; after `EQUAL_REVOTES` re-votes that leave the same ones level, the one who
    comes last by `ties` goes. Bodies may grow between rounds: each tally says how many electors it had.
    Raises VoteFault for a round that should not have been held.
    """
    standing, tied, equal = sorted(candidates), list[str](), 0
    rounds: list[Round] = []
    if len(standing) <= keep:
        return _ended(rounds, tallies, tuple(standing), How.LAST_LEFT)
    for number, count in enumerate(tallies, 1):
        _may_be_held(count, tied or standing, number)
        if not tied and keep == 1 and (winner := _majority(count)):
            return _ended([*rounds, Round(count)], tallies, (winner,), How.MAJORITY)
        lowest = tuple(one for one in sorted(count.votes) if count.votes[one] == min(count.votes.values()))
        how = How.LAST_LEFT
        if len(lowest) > 1:
            equal = equal + 1 if list(lowest) == tied else 0
            tied = list(lowest)
            if equal < EQUAL_REVOTES:
                rounds.append(Round(count))
                continue
            lowest, how = ties.last(tied), How.PRESET
            if len(lowest) > 1:
                return _tied([*rounds, Round(count)], tallies, lowest)
        rounds.append(Round(count, eliminated=lowest[0]))
        standing.remove(lowest[0])
        tied, equal = [], 0
        if len(standing) <= keep:
            return _ended(rounds, tallies, tuple(standing), how)
    return Result(tuple(rounds), next_round=tuple(tied or standing))


def _may_be_held(count: Tally, contenders: Sequence[str], number: int) -> None:
    if sorted(count.votes) != list(contenders):
        raise VoteFault("wrong_contenders", number, "、".join(sorted(set(count.votes) ^ set(contenders))))
    if sum(count.votes.values()) > count.electors or any(votes < 0 for votes in count.votes.values()):
        raise VoteFault("more_votes_than_electors", number)


def _majority(count: Tally) -> str | None:
    """The one with more than half of all electors, abstentions and absences counted in."""
    return next((one for one, votes in count.votes.items() if 2 * votes > count.electors), None)


def _top_two(count: Tally) -> tuple[str, ...]:
    second = sorted(count.votes.values(), reverse=True)[:2][-1]
    return tuple(sorted(one for one, votes in count.votes.items() if votes >= second))


def _leaders(count: Tally) -> tuple[str, ...]:
    most = max(count.votes.values())
    return tuple(sorted(one for one, votes in count.votes.items() if votes == most))


def _ended(rounds: Sequence[Round], tallies: Sequence[Tally], chosen: tuple[str, ...], how: How) -> Result:
    _no_more(rounds, tallies)
    return Result(tuple(rounds), chosen=chosen, how=how)


def _tied(rounds: Sequence[Round], tallies: Sequence[Tally], tied: tuple[str, ...]) -> Result:
    _no_more(rounds, tallies)
    return Result(tuple(rounds), tied=tied)


def _no_more(rounds: Sequence[Round], tallies: Sequence[Tally]) -> None:
    if len(tallies) > len(rounds):
        raise VoteFault("vote_is_over", len(rounds) + 1)

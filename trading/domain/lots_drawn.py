"""Lots drawn by commit and reveal (摇号): the life of such a draw, whatever is drawn: coefficients, equal bids, members or the winner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Self

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role

PATIENCE = timedelta(minutes=5)  # how long a silent party is waited for
PARTY_OF: Mapping[Role, str] = {Role.CENTRE: "centre", Role.SUPERVISOR: "supervisor", Role.TENDERER: "tenderer"}
PARTIES = tuple(sorted(PARTY_OF.values()))
FEWEST_PARTIES = 2


class DrawState(Enum):
    """The life of a draw of lots."""

    REQUESTED = "requested"
    COMMITTED = "committed"
    DRAWN = "drawn"
    ABANDONED = "abandoned"


class DrawAction(Enum):
    """What is done to it; CLOSE and DRAW follow by themselves from the last commit and the last reveal."""

    COMMIT = "commit"
    CLOSE = "close"
    REVEAL = "reveal"
    DRAW = "draw"
    ABANDON = "abandon"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawFacts:
    """What the rules of a draw look at; `party` is who acts, `since` when the present waiting began."""

    now: datetime
    since: datetime
    parties: frozenset[str]
    party: str = ""
    committed: frozenset[str] = frozenset()
    revealed: frozenset[str] = frozenset()
    reveal_matches: bool = True


def may_commit(facts: DrawFacts) -> Refusal | None:
    """Each party of this draw commits once; a second slip would be a choice."""
    if facts.party not in facts.parties:
        return WrongState("coefficient.not_a_party")
    return WrongState("coefficient.commit.twice") if facts.party in facts.committed else None


def all_have_committed(facts: DrawFacts) -> Refusal | None:
    """No value is shown before every value is fixed."""
    return None if facts.committed == facts.parties else WrongState("coefficient.commits_missing")


def may_reveal(facts: DrawFacts) -> Refusal | None:
    """The value must be the one committed, and is shown once."""
    if facts.party not in facts.parties:
        return WrongState("coefficient.not_a_party")
    if facts.party in facts.revealed:
        return WrongState("coefficient.reveal.twice")
    return None if facts.reveal_matches else RuleBroken("coefficient.reveal.differs")


def all_have_revealed(facts: DrawFacts) -> Refusal | None:
    """The seed needs every party's value."""
    return None if facts.revealed == facts.parties else WrongState("coefficient.reveals_missing")


def somebody_is_silent(facts: DrawFacts) -> Refusal | None:
    """A draw is given up only when a party has been silent for five minutes; the reason is logged with the new one."""
    if facts.now < facts.since + PATIENCE:
        return WrongState("coefficient.redraw.early", minutes=int(PATIENCE.total_seconds() // 60))
    return None


_DRAWING, _SYSTEM, _CENTRE = frozenset(PARTY_OF), at(Role.SYSTEM), at(Role.CENTRE)
_S, _A = DrawState, DrawAction
DrawMoves = Moves[DrawAction, DrawState, Role, DrawFacts]


def life(name: str) -> DrawMoves:
    """The table of a draw of lots under a name of its own."""
    return Moves(
        name,
        (
            Move(_A.COMMIT, at(_S.REQUESTED), _S.REQUESTED, _DRAWING, may_commit),
            Move(_A.CLOSE, at(_S.REQUESTED), _S.COMMITTED, _SYSTEM, all_have_committed),
            Move(_A.REVEAL, at(_S.COMMITTED), _S.COMMITTED, _DRAWING, may_reveal),
            Move(_A.DRAW, at(_S.COMMITTED), _S.DRAWN, _SYSTEM, all_have_revealed),
            Move(_A.ABANDON, at(_S.REQUESTED, _S.COMMITTED), _S.ABANDONED, _CENTRE, somebody_is_silent),
        ),
    )


def next_parties(facts: DrawFacts, state: DrawState) -> tuple[str, ...]:
    """Who draws after a draw that was given up: whoever was silent is left out, so that silence buys no second throw; two at least."""
    spoke = facts.revealed if state is DrawState.COMMITTED else facts.committed
    return tuple(sorted(spoke)) if len(spoke) >= FEWEST_PARTIES else PARTIES


@dataclass(frozen=True, slots=True)
class SlipBody:
    """The body of a `….commit` or `….reveal`: the slip sealed (`value` is its commitment) or opened, 32 bytes in hex."""

    draw: str
    party: str
    value: str

    @classmethod
    def read(cls, signed: Mapping[str, JSON], member: str) -> Self:
        """The parsed body, whose value is called `member`; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        said = cls(body.text("draw", 40), body.text("party", 20), body.digest(member))
        body.done()
        return said


@dataclass(frozen=True, slots=True)
class RedrawBody:
    """The body of a `….redraw`: which draw is given up, and why."""

    draw: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, JSON]) -> Self:
        """The parsed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        said = cls(body.text("draw", 40), body.text("reason", 500, least=2))
        body.done()
        return said

"""Coefficients of the price score that the tender document leaves to a draw: their form in the method part, and the life of a draw.

Drawn in the hall by commit and reveal, after the bidders' list is public and before any key is released, so before any price is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Self

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.places import holder_of
from core.kernel.roles import Role

PATIENCE = timedelta(minutes=5)  # how long a silent party is waited for
PARTY_OF: Mapping[Role, str] = {Role.CENTRE: "centre", Role.SUPERVISOR: "supervisor", Role.TENDERER: "tenderer"}
PARTIES = tuple(sorted(PARTY_OF.values()))
FEWEST_PARTIES = 2
MOST_VALUES = 200

_ARTICLE = "招标投标法第十九条"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9]{0,9}")
_VALUE = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of the method part: the values among which it is drawn, and where the drawn one goes; `rest` gets one minus it."""

    id: str
    title: str
    values: tuple[str, ...]
    sets: tuple[str, ...]
    rest: tuple[str, ...] = ()


def coefficients_of(method: Mapping[str, object]) -> tuple[Coefficient, ...]:
    """Those of a method part, none where nothing is drawn; raises RuleBroken `method.malformed` naming the member."""
    listed = method.get("coefficients", [])
    if not isinstance(listed, list):
        raise _malformed("coefficients")
    found = tuple(_coefficient(one, f"coefficients.{n}") for n, one in enumerate(listed))
    for n, one in enumerate(found):
        if not all(_is_there(method, place) for place in (*one.sets, *one.rest)):
            raise _malformed(f"coefficients.{n}.sets")
    if len({one.id for one in found}) < len(found):
        raise _malformed("coefficients")
    return found


def _coefficient(said: object, where: str) -> Coefficient:
    if not isinstance(said, Mapping) or set(said) - {"id", "title", "values", "sets", "rest"}:
        raise _malformed(where)
    name, title = said.get("id"), said.get("title")
    values, sets, rest = (_texts(said.get(member, []), f"{where}.{member}") for member in ("values", "sets", "rest"))
    if not isinstance(name, str) or _ID.fullmatch(name) is None or not isinstance(title, str) or not 0 < len(title) <= 60:
        raise _malformed(where)
    fit = 2 <= len(values) <= MOST_VALUES and all(_VALUE.fullmatch(value) for value in values)
    if not fit or len({Decimal(value) for value in values}) < len(values):
        raise _malformed(f"{where}.values")
    if not sets:
        raise _malformed(f"{where}.sets")
    return Coefficient(name, title, values, sets, rest)


def _is_there(method: Mapping[str, object], place: str) -> bool:
    """Whether a figure of the price part stands at that place."""
    try:
        holder_of(method, place)
    except KeyError:
        return False
    return place.startswith("$.price.")


def _texts(said: object, where: str) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise _malformed(where)
    return tuple(said)


def _malformed(member: str) -> RuleBroken:
    return RuleBroken("method.malformed", _ARTICLE, member=member)


# The draw, in the form of every draw: a coefficient is a stratum with one seat, its values are who may sit there


def request_of(coefficients: Sequence[Coefficient]) -> dict[str, JSON]:
    """The `request` of the draw record that `gongheng draw replay` reads."""
    pool: list[JSON] = [{"id": f"{one.id}={value}", "strata": [one.id], "org": None} for one in coefficients for value in one.values]
    return {
        "pool": sorted(pool, key=lambda member: str(member["id"]).encode()),  # type: ignore[call-overload,index]
        "strata": [{"id": one.id, "quota": 1} for one in coefficients],
        "recused": [],
        "org_cap": 0,
    }


def chosen(picked: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Coefficient → the drawn value, from what a draw picked."""
    return {name: ids[0].removeprefix(f"{name}=") for name, ids in picked.items()}


class DrawState(Enum):
    """The life of a draw of coefficients."""

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

MOVES: Moves[DrawAction, DrawState, Role, DrawFacts] = Moves(
    "coefficient",
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
    """The body of `coefficient.commit` or `coefficient.reveal`: the slip sealed (`value` is its commitment) or opened, 32 bytes in hex."""

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
    """The body of `coefficient.redraw`: which draw is given up, and why."""

    draw: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, JSON]) -> Self:
        """The parsed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        said = cls(body.text("draw", 40), body.text("reason", 500, least=2))
        body.done()
        return said


def with_party(facts: DrawFacts, party: str, matches: bool = True) -> DrawFacts:
    """The same facts for one party's act."""
    return replace(facts, party=party, reveal_matches=matches)

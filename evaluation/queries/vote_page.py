"""What the page of votes shows: the statements of those who failed a bid, the votes that decided, and the minority beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import WrongState
from evaluation.domain.committee import code_name
from evaluation.domain.rejection import GROUNDS, Competition, Ground, Stage, challenged
from evaluation.domain.room import See
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import rooms, votes
from evaluation.queries.rooms import RoomView
from evaluation.queries.votes import CompetitionSaid


@dataclass(frozen=True, slots=True)
class Statement:
    """A member who failed a bid on a check, and why."""

    check: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Voted:
    """A member's vote on a bid, once the vote is decided."""

    name: str
    ground: str
    reason: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """A bid that was put to the vote."""

    bid: str
    statements: tuple[Statement, ...]
    rejected: bool | None  # None while the vote is held
    votes: tuple[Voted, ...]


@dataclass(frozen=True, slots=True)
class VotePage:
    """The votes of a room, for who may see them."""

    room: RoomView
    grounds: tuple[Ground, ...]
    challenges: tuple[Challenge, ...]
    standing: int
    competition: Mapping[Stage, Competition]
    said: Mapping[str, CompetitionSaid]  # code name of the member → vote on competition, once decided
    stage: Stage


def vote_page(session: Session, actor: Actor, number: str) -> VotePage:
    """The page of votes; raises NotFound, WrongState for whoever may not see them yet."""
    room = rooms.view(session, actor, number)
    if not room.may(See.VOTES):
        raise WrongState("evaluation.not_yet", state=room.state.value)
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == room.lot.id)).one()
    seats = session.scalars(select(Seat).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None)))
    code_of = {seat.id: seat.code for seat in seats}
    decided = {stage: outcome for stage in Stage if (outcome := votes.competition_of(row, stage)) is not None}
    stage = next(reversed(decided), votes.stage_of(row))
    said = votes.competition_votes(session, row, code_of, stage) if stage in decided else {}
    return VotePage(
        room,
        GROUNDS[room.lot.regime],
        _challenges(session, row, code_of),
        rooms.standing_of(session, row),
        decided,
        {code_name(seat): one for seat, one in sorted(said.items(), key=lambda pair: int(pair[0]))},
        stage,
    )


def _challenges(session: Session, row: Evaluation, code_of: votes.CodeOf) -> tuple[Challenge, ...]:
    found = votes.findings(session, code_of)
    cast_votes = votes.rejection_votes(session, row, code_of) if row.decisions is not None else {}
    outcome = {str(one["bid"]): bool(one["rejected"]) for one in cast("list[dict[str, Any]]", row.decisions or [])}
    rows = []
    for bid in challenged(found.values()):
        said = [
            Statement(one.check, code_name(seat), one.reason)
            for seat in sorted(found, key=int)
            for one in found[seat]
            if one.bid == bid and not one.passes
        ]
        voted = [
            Voted(code_name(seat), one.ground, one.reason)
            for seat in sorted(cast_votes, key=int)
            for one in cast_votes[seat]
            if one.bid == bid
        ]
        rows.append(Challenge(bid, tuple(sorted(said, key=lambda one: one.check)), outcome.get(bid), tuple(voted)))
    return tuple(rows)

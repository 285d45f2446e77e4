"""What the report says of the review: rejected bids with their grounds, how each member voted, the minority included."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.domain.committee import code_name
from evaluation.domain.rejection import GROUNDS, Stage
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import votes
from trading.domain.clock import LegalRegime


def review_data(session: Session, room: Evaluation, regime: LegalRegime) -> dict[str, Any]:
    """The fields `rejections`, `rejection_votes` and `competition` of the report."""
    seats = session.scalars(select(Seat).where(Seat.evaluation_id == room.id, Seat.left_at.is_(None)))
    code_of = {seat.id: seat.code for seat in seats}
    articles = {ground.id: ground.article for ground in GROUNDS[regime]}
    rejections = [
        {"code": one["bid"], "grounds": one["grounds"], "articles": [articles[ground] for ground in one["grounds"]]}
        for one in cast("list[dict[str, Any]]", room.rejections or [])
    ]
    return {
        "rejections": rejections,
        "rejection_votes": _votes(session, room, code_of),
        "competition": _competition(session, room, code_of),
    }


def _votes(session: Session, room: Evaluation, code_of: votes.CodeOf) -> list[dict[str, Any]]:
    if not room.decisions:
        return []
    given = votes.rejection_votes(session, room, code_of)
    return [
        {"code": vote.bid, "name": code_name(seat), "ground": vote.ground, "reason": vote.reason}
        for seat in sorted(given, key=int)
        for vote in given[seat]
    ]


def _competition(session: Session, room: Evaluation, code_of: votes.CodeOf) -> list[dict[str, Any]]:
    found = []
    for stage in Stage:
        if (outcome := votes.competition_of(room, stage)) is not None:
            said = votes.competition_votes(session, room, code_of, stage)
            ordered = sorted(said.items(), key=_by_seat)
            cast_votes = [{"name": code_name(seat), "lacking": one.lacking, "reason": one.reason} for seat, one in ordered]
            found.append({"stage": stage.value, "outcome": outcome.value, "votes": cast_votes})
    return found


def _by_seat(pair: tuple[str, object]) -> int:
    return int(pair[0])

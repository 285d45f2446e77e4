"""The rounds of an evaluation: the order that each follows, the round before it as it stood, and what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.domain.parts import merged
from evaluation.domain.preliminary import Finding
from evaluation.domain.round import Change, Scope, changed_findings, changed_scores
from evaluation.domain.sheet import BidScores
from evaluation.models.rooms import Evaluation, ScoreSheet, Seat
from evaluation.models.rounds import EvaluationRound
from evaluation.queries import votes


def current(session: Session, row: Evaluation) -> EvaluationRound | None:
    """The further round that is held, or was held last; None in the first."""
    return session.get(EvaluationRound, (row.id, row.round))


def scope_of(one: EvaluationRound) -> Scope:
    """What its order has reviewed again."""
    return Scope(one.review, frozenset(cast("list[str]", one.criteria)))


def earlier_sheets(one: EvaluationRound, seat: UUID) -> dict[str, list[BidScores]]:
    """Part → the sheet that the holder of a seat had signed when the round was opened; none for a successor."""
    held = cast("dict[str, Any]", one.kept)["members"].get(str(seat), {"sheets": {}})
    return {part: _read(sheets) for part, sheets in held["sheets"].items()}


def sat_before(one: EvaluationRound, seat: UUID) -> bool:
    """Whether the holder of a seat knows the round before, having sat in it."""
    return str(seat) in cast("dict[str, Any]", one.kept)["members"]


def fixed(session: Session, lot_id: UUID, seat: UUID, part: str) -> frozenset[tuple[str, str]]:
    """Code names and items of a sheet that stay as their member had signed them, in a further round."""
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == lot_id)).one()
    one = current(session, row)
    if one is None:
        return frozenset()
    ordered = scope_of(one).criteria
    return frozenset((sheet.bid, name) for sheet in earlier_sheets(one, seat).get(part, ()) for name in sheet.scores if name not in ordered)


def changes(session: Session, row: Evaluation, one: EvaluationRound) -> list[Change]:
    """What members in office say otherwise than in the round before: checks of the review, then scores."""
    seats = {seat.id: seat.code for seat in session.scalars(select(Seat).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None)))}
    members: Mapping[str, Any] = cast("dict[str, Any]", one.kept)["members"]
    known = {code: members[str(seat)] for seat, code in seats.items() if str(seat) in members}
    found = {code: [Finding(**item) for item in held["review"]] for code, held in known.items()}
    before = {code: [sheet for part in held["sheets"].values() for sheet in _read(part)] for code, held in known.items()}
    signed = session.scalars(select(ScoreSheet).where(ScoreSheet.seat_id.in_(seats)))
    after: dict[str, list[BidScores]] = {}
    for sheet in signed:
        after.setdefault(seats[sheet.seat_id], []).extend(_read(sheet.sheets))
    return changed_findings(found, votes.findings(session, seats)) + changed_scores(_whole(before), _whole(after))


def _whole(sheets: Mapping[str, Iterable[BidScores]]) -> dict[str, list[BidScores]]:
    """The parts of each member as one sheet for each bid."""
    return {seat: merged([[one] for one in said]) for seat, said in sheets.items()}


def _read(sheets: object) -> list[BidScores]:
    return [BidScores(**one) for one in cast("list[dict[str, Any]]", sheets)]

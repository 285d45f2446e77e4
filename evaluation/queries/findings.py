"""What members have answered to findings of the consistency checks, and who still has to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.domain.committee import code_name
from evaluation.domain.finding import AnswerBody, Matter, due, rules_of_items
from evaluation.domain.room import See
from evaluation.domain.scoring_case import technical_result
from evaluation.domain.sheet import Criterion
from evaluation.models.doubts import Doubt
from evaluation.models.findings import FindingAnswer
from evaluation.models.rooms import Evaluation, Seat

if TYPE_CHECKING:
    from evaluation.queries.rooms import RoomView


def answers(session: Session, code_of: Mapping[UUID, str]) -> dict[str, list[AnswerBody]]:
    """Seat → what its member answered, in the order of bids and criteria."""
    found: dict[str, list[AnswerBody]] = {}
    mine = select(FindingAnswer).where(FindingAnswer.seat_id.in_(code_of)).order_by(FindingAnswer.code, FindingAnswer.criterion)
    for one in session.scalars(mine):
        ticks = cast("dict[str, list[str]]", one.ticks)
        found.setdefault(code_of[one.seat_id], []).append(AnswerBody(one.code, one.criterion, one.score, one.reason, ticks))
    return found


def waiting(session: Session, row: Evaluation, code_of: Mapping[UUID, str]) -> dict[str, frozenset[Matter]]:
    """Seat → the items on which its member has still to answer; nobody once all is settled."""
    if row.settled_at is not None:
        return {}
    said = answers(session, code_of)
    left = {seat: matters - {one.matter for one in said.get(seat, ())} for seat, matters in _due(row).items()}
    return {seat: matters for seat, matters in left.items() if matters}


def _due(row: Evaluation) -> dict[str, frozenset[Matter]]:
    result = cast("dict[str, Any]", row.result or {"rows": []})
    return due(cast("list[dict[str, Any]]", row.findings or []), {one["bid"] for one in result["rows"]})


FACTS = ("unsettled", "answers_due")


def facts(session: Session, row: Evaluation, code_of: Mapping[UUID, str]) -> dict[str, Any]:
    """Those facts of the room's table that findings are about."""
    unsettled = row.settled_at is None and bool(_due(row))
    return {"unsettled": unsettled, "answers_due": frozenset(waiting(session, row, code_of)) if unsettled else frozenset()}


def technical_points(session: Session, row: Evaluation) -> dict[str, str]:
    """Code name → technical points: as they were locked, and of ranked bids as they are after somebody scored again or was replaced."""
    locked: dict[str, str] = dict(cast("dict[str, Any]", row.technical or {}).get("points", {}))
    seats = session.scalars(select(Seat).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None)))
    said = answers(session, {one.id: one.code for one in seats})
    again = row.settled_at is not None and any(one.score for given in said.values() for one in given)
    doubted = select(Doubt.state).where(Doubt.evaluation_id == row.id, Doubt.counted_at.is_not(None))
    again = again or any(state.changes for state in session.scalars(doubted))
    return locked | dict(technical_result(cast("dict[str, Any]", row.scoring_case)).points) if again else locked


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer, under a code name."""

    name: str
    code: str
    criterion: str
    score: str
    reason: str


@dataclass(frozen=True, slots=True)
class FindingsView:
    """What was answered so far, and on which items the viewer has to answer."""

    answers: tuple[AnswerView, ...]
    mine: tuple[Matter, ...]
    items: tuple[Criterion, ...] = ()

    def item(self, criterion: str) -> Criterion:
        """How an item is scored."""
        return next(one for one in self.items if one.id == criterion)


def of_room(session: Session, view: RoomView) -> FindingsView:
    """The answers in a room; nothing for whoever may not see its result."""
    if not view.may(See.RESULT):
        return FindingsView((), ())
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == view.lot.id)).one()
    code_of = {one.id: one.code for one in session.scalars(select(Seat).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None)))}
    left = waiting(session, row, code_of)
    mine = tuple(sorted(left.get(view.me.code, ()))) if view.me is not None else ()
    return FindingsView(told(session, code_of), mine, rules_of_items(view.lot.method, view.lot.score_rules, ()).criteria)


def told(session: Session, code_of: Mapping[UUID, str]) -> tuple[AnswerView, ...]:
    """Every answer, in the order of the seats."""
    said = answers(session, code_of)
    return tuple(
        AnswerView(code_name(seat), one.bid, one.criterion, one.score, one.reason) for seat in sorted(said, key=int) for one in said[seat]
    )

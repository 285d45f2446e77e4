"""Draws of lots among equal bids: which are due and held, and the records for drawing again."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.jcs import JSON
from evaluation.domain.room import State
from evaluation.domain.ties import due, equal, pool_of
from evaluation.models.rooms import Evaluation
from evaluation.models.ties import TieDraw
from trading.domain.lots_drawn import DrawState
from trading.queries import lots_drawn
from trading.queries.lots import LotView

Bids = frozenset[str]


def waiting(row: Evaluation, lot: LotView) -> tuple[tuple[str, ...], ...]:
    """The groups of equal bids among which lots are to be drawn before the report: none once they stand in order."""
    if row.result is None or row.state is not State.SUMMARY:
        return ()
    return due(cast("dict[str, Any]", row.scoring_case), cast("dict[str, Any]", row.result), ranked=not lot.separation)


def draws_of(session: Session, evaluation: UUID) -> list[TieDraw]:
    """The draws of a room in their order."""
    return list(session.scalars(select(TieDraw).where(TieDraw.evaluation_id == evaluation).order_by(TieDraw.number)))


def held(session: Session, evaluation: UUID) -> dict[Bids, TieDraw]:
    """Equal bids → their draw: drawn or under way, never one that was given up. There is one for the same bids, however often they are
    added up."""
    return {among_of(row): row for row in draws_of(session, evaluation) if row.state is not DrawState.ABANDONED}


def among_of(row: TieDraw) -> Bids:
    """Among which bids a draw is held."""
    return frozenset(pool_of(cast("dict[str, Any]", row.request)))


def is_under_way(session: Session, row: Evaluation, lot: LotView) -> bool:
    """Whether the parties are to draw now: lots were asked for, and the ranking waits for them."""
    groups = waiting(row, lot)
    drawing = {bids for bids, one in held(session, row.id).items() if one.state is not DrawState.DRAWN} if groups else set()
    return any(frozenset(bids) in drawing for bids in groups)


def records(session: Session, lot_id: UUID, case: str) -> dict[str, dict[str, JSON]]:
    """Name → record, of the draws of a lot that came to a result."""
    mine = select(TieDraw).join(Evaluation, Evaluation.id == TieDraw.evaluation_id).where(Evaluation.lot_id == lot_id)
    drawn = session.scalars(mine.where(TieDraw.state == DrawState.DRAWN).order_by(TieDraw.number))
    return {row.name: lots_drawn.record_of(session, row, case) for row in drawn}


def ranked_by(row: Evaluation) -> tuple[str, ...]:
    """The draws on which the ranking of a room rests."""
    case = cast("dict[str, Any]", row.scoring_case or {})
    return tuple(str(one["draw"]) for one in case.get("lots", ()))


def for_report(session: Session, row: Evaluation, lot: LotView) -> dict[str, Any]:
    """What the report says of equal bids: the draws that decided, or which bids stay equal since the document names no draw."""
    case, result = cast("dict[str, Any]", row.scoring_case), cast("dict[str, Any]", row.result)
    found = {one.name: one for one in draws_of(session, row.id)}
    drawn = [found[name] for name in ranked_by(row)]
    left = () if drawn else equal(case, result, ranked=not lot.separation)
    return {
        "tie_draws": [
            {
                "name": one.name,
                "among": list(pool_of(cast("dict[str, Any]", one.request))),
                "order": list(cast("list[str]", one.order)),
                "parties": list(cast("list[str]", one.parties)),
                "at": one.drawn_at,
                "pool_hash": one.pool_hash,
                "seed": one.seed,
            }
            for one in drawn
        ],
        "joint": [list(bids) for bids in left],
    }

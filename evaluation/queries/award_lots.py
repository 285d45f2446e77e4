"""Draws of lots of an award session: how those who watch see them, and the records from which anyone draws again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.jcs import JSON
from evaluation.models.awards import AwardLots, AwardSession
from trading.domain.lots_drawn import DrawState
from trading.queries import lots, lots_drawn


def pool_of(row: AwardLots) -> list[str]:
    """Among whom is drawn."""
    return [str(one["id"]) for one in cast("dict[str, Any]", row.request)["pool"]]


def quota_of(row: AwardLots) -> int:
    """How many are drawn."""
    return int(cast("dict[str, Any]", row.request)["strata"][0]["quota"])


def records(session: Session, lot_id: UUID, case: str) -> dict[str, dict[str, JSON]]:
    """Name → record, of the draws of a lot's award that came to a result."""
    mine = select(AwardLots).join(AwardSession, AwardSession.id == AwardLots.session_id).where(AwardSession.lot_id == lot_id)
    drawn = session.scalars(mine.where(AwardLots.state == DrawState.DRAWN).order_by(AwardSession.opened_at, AwardLots.number))
    return {row.name: lots_drawn.record_of(session, row, case) for row in drawn}


def record(session: Session, number: str, name: str) -> dict[str, JSON]:
    """The record of one draw that came to a result; raises NotFound."""
    lot = lots.by_number(session, number)
    found = records(session, lot.id, lot.case).get(name)
    if found is None:
        raise NotFound("award_draw.not_found")
    return found


@dataclass(frozen=True, slots=True)
class LotsView:
    """A draw of lots as those who watch see it; `among` and `order` hold ids of candidates, or of people where members are drawn."""

    name: str
    purpose: str
    state: DrawState
    parties: tuple[str, ...]
    among: tuple[str, ...]
    quota: int
    commits: dict[str, str]
    values: dict[str, str]
    order: tuple[str, ...]
    seed: str
    since: datetime


def views(session: Session, session_id: UUID) -> tuple[LotsView, ...]:
    """The draws of a session in their order."""
    rows = session.scalars(select(AwardLots).where(AwardLots.session_id == session_id).order_by(AwardLots.number))
    return tuple(_view(session, row) for row in rows)


def _view(session: Session, row: AwardLots) -> LotsView:
    commits, values = lots_drawn.shown(lots_drawn.slips(session, row))
    return LotsView(
        name=row.name,
        purpose=row.purpose,
        state=row.state,
        parties=tuple(cast("list[str]", row.parties)),
        among=tuple(pool_of(row)),
        quota=quota_of(row),
        commits=commits,
        values=values,
        order=tuple(cast("list[str]", row.order)),
        seed=row.seed,
        since=row.since,
    )

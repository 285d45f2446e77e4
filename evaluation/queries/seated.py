"""Where the seats of a room were drawn to last, and whether a member sits there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.domain.seating import Spot
from evaluation.models.rooms import Seat
from evaluation.models.seating import SeatCheckIn, SeatDraw


@dataclass(frozen=True, slots=True)
class Drawn:
    """The newest draw of a room that came out."""

    no: int
    at: datetime
    spots: dict[str, Spot]


def newest(session: Session, evaluation: UUID) -> Drawn | None:
    """The last draw that came out."""
    query = select(SeatDraw).where(SeatDraw.evaluation_id == evaluation, SeatDraw.drawn_at.is_not(None)).order_by(SeatDraw.no.desc())
    row = session.scalars(query.limit(1)).first()
    if row is None or row.drawn_at is None:
        return None
    spots = {str(one["seat"]): Spot(*(one[name] for name in Spot.__slots__)) for one in cast("list[Any]", row.seats)}
    return Drawn(row.no, row.drawn_at, spots)


def is_seated(session: Session, evaluation: UUID, code: str) -> bool:
    """Whether the member of a seat sits at the workstation drawn last; also where none was drawn for it."""
    drawn = newest(session, evaluation)
    if drawn is None or code not in drawn.spots:
        return True
    mine = select(Seat.id).join(SeatCheckIn, SeatCheckIn.seat_id == Seat.id)
    here = mine.where(Seat.evaluation_id == evaluation, Seat.code == code, Seat.left_at.is_(None), SeatCheckIn.no == drawn.no)
    return session.scalar(here) is not None

"""Which sheets of a room are due: for the ticks of its seats, and for the member who asks."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.domain.parts import TECHNICAL, parts_due, parts_of
from evaluation.models.rooms import Evaluation, ScoreSheet, Seat
from trading.queries.lots import LotView


def due(row: Evaluation, lot: LotView) -> tuple[str, ...]:
    """The parts whose sheets make a seat's tick: those due now, and once none is, the technical ones that were."""
    return parts_due(lot.method, row.state) or (parts_of(lot.method)[:1] if row.technical is not None else ())


def part_due(session: Session, row: Evaluation, lot: LotView, seat: str) -> str:
    """The part whose sheet the holder of a seat signs next."""
    mine = select(ScoreSheet.part).join(Seat, Seat.id == ScoreSheet.seat_id)
    signed = set(session.scalars(mine.where(Seat.evaluation_id == row.id, Seat.code == seat, Seat.left_at.is_(None))))
    return next((part for part in parts_due(lot.method, row.state) if seat and part not in signed), "")


def signed_last(session: Session, lot: LotView, seat: UUID) -> str:
    """The last part whose sheet this seat has signed, the technical one while there is none."""
    signed = set(session.scalars(select(ScoreSheet.part).where(ScoreSheet.seat_id == seat)))
    return next((part for part in reversed(parts_of(lot.method)) if part in signed), TECHNICAL)

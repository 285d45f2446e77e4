"""Draws of workstations, who sat down where, and desks that were left."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime
from core.kernel.jcs import JSON


class SeatDraw(Base):
    """A draw of one room; `seats` is null until it is drawn, then [{seat, site, room, station, key_id, spki}]."""

    __tablename__ = "seat_draw"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary(32))
    seats: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SeatCheckIn(Base):
    """A member sat down, in one draw."""

    __tablename__ = "seat_check_in"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SeatAbsence(Base):
    """A desk that was left, by its number in the room; `until` is null while nobody is back."""

    __tablename__ = "seat_absence"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seat: Mapped[str] = mapped_column(String(4))
    why: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)

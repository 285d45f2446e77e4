"""Draws of lots among equal bids, and their slips."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from trading.domain.coefficient import DrawState


class TieDraw(Base):
    """A draw of lots among equal bids of a room; `request` holds them by code name, `order` is empty until it is drawn."""

    __tablename__ = "tie_draw"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(40))
    state: Mapped[DrawState] = state_column(DrawState)
    parties: Mapped[JSON] = mapped_column(JsonText)
    request: Mapped[JSON] = mapped_column(JsonText)
    pool_hash: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(String(64))
    order: Mapped[JSON] = mapped_column("drawn_order", JsonText)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("evaluation_id", "number"),)


class TieSlip(Base):
    """A party's slip: sealed by its commitment, `value` is "" until it is opened."""

    __tablename__ = "tie_slip"

    tie_id: Mapped[UUID] = mapped_column(ForeignKey("tie_draw.id"), primary_key=True)
    party: Mapped[str] = mapped_column(String(20), primary_key=True)
    commitment: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(String(64))

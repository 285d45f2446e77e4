"""Draws of lots among equal bids, and their slips."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText
from core.kernel.jcs import JSON
from trading.models.lots_drawn import LotsDraw, LotsSlip


class TieSlip(LotsSlip, Base):
    """A party's slip in a draw among equal bids."""

    __tablename__ = "tie_slip"

    draw_id: Mapped[UUID] = mapped_column("tie_id", ForeignKey("tie_draw.id"), primary_key=True)


class TieDraw(LotsDraw, Base):
    """A draw of lots among equal bids of a room; `request` holds them by code name, `order` is empty until it is drawn."""

    __tablename__ = "tie_draw"
    __table_args__ = (UniqueConstraint("evaluation_id", "number"),)
    SLIP = TieSlip

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), index=True)
    order: Mapped[JSON] = mapped_column("drawn_order", JsonText)

"""Tables of the draw of coefficients."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText
from core.kernel.jcs import JSON
from trading.models.lots_drawn import LotsDraw, LotsSlip


class CoefficientSlip(LotsSlip, Base):
    """A party's slip in a draw of coefficients."""

    __tablename__ = "coefficient_slip"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("coefficient_draw.id"), primary_key=True)


class CoefficientDraw(LotsDraw, Base):
    """A draw of a lot's coefficients; `drawn` is empty until it is drawn."""

    __tablename__ = "coefficient_draw"
    __table_args__ = (UniqueConstraint("lot_id", "name"),)
    SLIP = CoefficientSlip

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    drawn: Mapped[JSON] = mapped_column(JsonText)

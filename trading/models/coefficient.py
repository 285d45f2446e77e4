"""Tables of the draw of coefficients."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from trading.domain.coefficient import DrawState


class CoefficientDraw(Base):
    """One draw of a lot's coefficients; a second only where the first was given up. `since` is when the present waiting began."""

    __tablename__ = "coefficient_draw"
    __table_args__ = (UniqueConstraint("lot_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    state: Mapped[DrawState] = state_column(DrawState)
    parties: Mapped[JSON] = mapped_column(JsonText)
    request: Mapped[JSON] = mapped_column(JsonText)
    pool_hash: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(String(64))
    drawn: Mapped[JSON] = mapped_column(JsonText)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CoefficientSlip(Base):
    """A party's slip: sealed by its commitment, `value` is "" until it is opened."""

    __tablename__ = "coefficient_slip"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("coefficient_draw.id"), primary_key=True)
    party: Mapped[str] = mapped_column(String(20), primary_key=True)
    commitment: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(String(64))

"""Orders to evaluate a lot again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from trading.domain.reevaluation import Ground


class ReevaluationOrder(Base):
    """An order as it was signed; `round` is the round of evaluation that it brings about, 2 for the first order."""

    __tablename__ = "reevaluation_order"

    payload_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    round: Mapped[int] = mapped_column(Integer)
    role: Mapped[str] = mapped_column(String(20))
    report_sha256: Mapped[str] = mapped_column(String(64))
    ground: Mapped[Ground] = state_column(Ground)
    complaint: Mapped[str] = mapped_column(String(24))
    review: Mapped[bool]
    criteria: Mapped[JSON] = mapped_column(JsonText)  # ids of scored items
    reason: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("lot_id", "round"),)

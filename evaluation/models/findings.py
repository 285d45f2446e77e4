"""What members answered to findings of the consistency checks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText
from core.kernel.jcs import JSON


class FindingAnswer(Base):
    """A member's answer on one objective item of one bid: another score, or "" and why the difference stands."""

    __tablename__ = "finding_answer"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(60), primary_key=True)
    score: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(2000))
    ticks: Mapped[JSON] = mapped_column(JsonText)
    at: Mapped[datetime]

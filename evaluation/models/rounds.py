"""Further rounds of an evaluation: the order that brought each about, and the round before it as it stood."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText
from core.kernel.jcs import JSON


class EvaluationRound(Base):
    """A further round; `kept` is the round before it: what was concluded, and each member's review, sheets and signature by seat id."""

    __tablename__ = "evaluation_round"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)  # 2, 3, …
    order_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    review: Mapped[bool]
    criteria: Mapped[JSON] = mapped_column(JsonText)  # ids of the items that are scored again
    kept: Mapped[JSON] = mapped_column(JsonText)
    opened_at: Mapped[datetime]

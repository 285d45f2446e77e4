"""Table of performance securities that winners are asked for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime
from core.kernel.jcs import JSON
from core.kernel.money import Money


class PerformanceAsk(Base):
    """What a lot's winner must give before the contract; the requirement of the same id takes it, as money or as a guarantee."""

    __tablename__ = "performance_ask"

    asked_id: Mapped[UUID] = mapped_column(ForeignKey("deposit_requirement.lot_id"), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(unique=True)  # of the package above
    winners: Mapped[JSON] = mapped_column(JsonText)  # organisation ids: a consortium has several, any of which may give it
    price: Mapped[Money]
    asked_at: Mapped[datetime]
    contracted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

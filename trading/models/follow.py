"""Table of who follows which lot; it says nothing of who bids."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime


class Follow(Base):
    """Somebody wants to be told what happens to a lot (关注)."""

    __tablename__ = "lot_follow"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)

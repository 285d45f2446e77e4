"""Calls of members for the host."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base


class HostCall(Base):
    """A call by its number in the room; `answered_at` is null while it waits."""

    __tablename__ = "host_call"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seat: Mapped[str] = mapped_column(String(4))
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

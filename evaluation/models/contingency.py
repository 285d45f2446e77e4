"""Times at which an evaluation stood still."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from evaluation.domain.contingency import Phase, State


class Halt(Base):
    """One of them. `old_seats`: the ids of the seats in office when all was sealed; `words`: [{what, text, at, by}]."""

    __tablename__ = "halt"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    phase: Mapped[Phase] = state_column(Phase)
    state: Mapped[State] = state_column(State)
    site: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    counts_from: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of its hours, where a drill has put them forward
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    payload_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    material_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    old_seats: Mapped[JSON] = mapped_column(JsonText, default=list, server_default="[]")
    words: Mapped[JSON] = mapped_column(JsonText, default=list, server_default="[]")

    @property
    def since(self) -> datetime:
        """From when its hours count."""
        return self.counts_from or self.at

    __table_args__ = (Index("ix_halt_state_at", "state", "at"),)

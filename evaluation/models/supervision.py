"""Supervisors' acts, with their answers and what they were urged by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, state_column
from core.kernel.jcs import JSON
from evaluation.domain.supervision import Measure, State


class SupervisionAct(Base):
    """An act by its number in the room; `payload_sha256` is the digest of its statement. `seat_id` is the member addressed, so that a
    successor in the seat does not answer for who sat there."""

    __tablename__ = "supervision_act"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), index=True)
    no: Mapped[int] = mapped_column(Integer)
    measure: Mapped[Measure] = state_column(Measure)
    addressee: Mapped[str] = mapped_column(String(20))
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    reason: Mapped[str] = mapped_column(String(500))
    payload_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[State] = state_column(State)
    at: Mapped[datetime]
    due: Mapped[datetime]
    is_lapsed: Mapped[bool] = mapped_column(Boolean, default=False)  # of the due time that stands
    words: Mapped[JSON] = mapped_column(JsonText, default=list)  # [{what, text, at, by}]: answers, urgings, the close, in their order

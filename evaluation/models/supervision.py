"""Supervisors' acts, with their answers and what they were urged by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, state_column
from core.kernel.jcs import JSON
from evaluation.domain.supervision import Measure, State
from evaluation.domain.viewing import Purpose
from evaluation.domain.viewing import State as ViewState


class SupervisionAct(Base):
    """An act by its number in the lot, which may have no room yet; `payload_sha256` is the digest of its statement. `seat_id` is the member
    addressed, so that a successor in the seat does not answer for who sat there."""

    __tablename__ = "supervision_act"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    no: Mapped[int] = mapped_column(Integer)
    measure: Mapped[Measure] = state_column(Measure)
    addressee: Mapped[str] = mapped_column(String(20))
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    about: Mapped[str] = mapped_column(String(64), default="")  # digest of the alarm or view, "" for none
    reason: Mapped[str] = mapped_column(String(500))
    payload_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[State] = state_column(State)
    at: Mapped[datetime]
    due: Mapped[datetime]
    is_lapsed: Mapped[bool] = mapped_column(Boolean, default=False)  # of the due time that stands
    words: Mapped[JSON] = mapped_column(JsonText, default=list)  # [{what, text, at, by}]: answers, urgings, the close, in their order


class SupervisionView(Base):
    """A supervisor's view by its number in the room, and what was opened in it."""

    __tablename__ = "supervision_view"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), index=True)
    no: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[UUID]
    purpose: Mapped[Purpose] = state_column(Purpose)
    note: Mapped[str] = mapped_column(String(200))
    payload_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[ViewState] = state_column(ViewState)
    at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    looked: Mapped[JSON] = mapped_column(JsonText, default=list)  # [{what, at}], each once

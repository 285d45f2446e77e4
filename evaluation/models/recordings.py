"""Recordings: lines, their tapes, their gaps, and who watched what and why."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, state_column
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from evaluation.domain.recording import Form, TapeState
from evaluation.domain.viewing import Purpose


class RecordingLine(Base):
    """A seat in one form, once it was recorded; `seen_ms`: up to which slice its gaps are settled, ms since 1970; `full_since`: since
    when there has been no room for it, null while there is."""

    __tablename__ = "recording_line"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    seat: Mapped[str] = mapped_column(String(4), primary_key=True)
    form: Mapped[Form] = state_column(Form, primary_key=True)
    seen_ms: Mapped[int | None] = mapped_column(BigInteger)
    gaps: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    full_since: Mapped[datetime | None]


class Tape(Base):
    """A run of one recorder; slices, size, link and `last_ms` are those of the last signed head."""

    __tablename__ = "tape"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    seat: Mapped[str] = mapped_column(String(4))
    form: Mapped[Form] = state_column(Form)
    media: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[TapeState] = state_column(TapeState, index=True)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    slices: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    size: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    link: Mapped[bytes] = mapped_column(LargeBinary(32))
    last_ms: Mapped[int | None] = mapped_column(BigInteger)
    kept_until: Mapped[date | None] = mapped_column(Date)  # by the policy when it ended; None: for ever
    copied_at: Mapped[datetime | None]
    disposed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_tape_line", "evaluation_id", "seat", "form", "begun_at"),)


class RecordingGap(Base):
    """An interval without a slice; `until_ms` is null while it lasts."""

    __tablename__ = "recording_gap"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    seat: Mapped[str] = mapped_column(String(4), primary_key=True)
    form: Mapped[Form] = state_column(Form, primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    since_ms: Mapped[int] = mapped_column(BigInteger)
    until_ms: Mapped[int | None] = mapped_column(BigInteger)


class RecordingView(Base):
    """That somebody said why they watch, and may watch these seats in this form until the view is over. A supervisor said so in a visit
    (`supervision_view`), and watches as long as that goes on."""

    __tablename__ = "recording_view"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = state_column(Role)
    seats: Mapped[JSON] = mapped_column(JsonText)
    form: Mapped[Form] = state_column(Form)
    purpose: Mapped[Purpose] = state_column(Purpose)
    note: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("supervision_view.id"), index=True)

    __table_args__ = (Index("ix_recording_view_room", "evaluation_id", "at"),)

"""What belongs to one seat's workstation alone: the order of its drafts, its notes and bookmarks. Never an event."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Enum, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base
from evaluation.domain.note import NoteKind


class DraftOrder(Base):
    """The number of a seat's newest draft of one bid, and which window wrote it."""

    __tablename__ = "draft_order"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    tab: Mapped[str] = mapped_column(String(36))
    number: Mapped[int] = mapped_column(BigInteger)


class SeatNote(Base):
    """A bookmark or a note in a document; the client makes the id, so that sending it again makes no second one."""

    __tablename__ = "seat_note"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    code: Mapped[str] = mapped_column(String(8))
    sha256: Mapped[str] = mapped_column(String(64))
    page: Mapped[int] = mapped_column(Integer)
    kind: Mapped[NoteKind] = mapped_column(Enum(NoteKind, native_enum=False, create_constraint=False, length=10))
    criterion: Mapped[str] = mapped_column(String(60))
    quote: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_seat_note_seat", "seat_id"),)

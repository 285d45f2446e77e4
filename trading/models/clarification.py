"""Tables of questions about tender documents and of their public answers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime
from core.kernel.jcs import JSON


class DocumentQuestion(Base):
    """A question that a firm asked. Its name is shown to nobody else, nor how many asked; `settled_by` is the clarification's number, 0
    while it waits."""

    __tablename__ = "document_question"
    __table_args__ = (UniqueConstraint("lot_id", "org_id", "digest"), Index("ix_document_question_waiting", "lot_id", "settled_by"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by: Mapped[int]


class DocumentClarification(Base):
    """A clarification (澄清), published to everybody at once."""

    __tablename__ = "document_clarification"
    __table_args__ = (
        UniqueConstraint("lot_id", "number"),
        CheckConstraint("deadline >= deadline_before", name="deadline_never_shortened"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    number: Mapped[int]
    answers: Mapped[JSON] = mapped_column(JsonText)  # [{"question", "answer", "settles"}]
    affects_bids: Mapped[bool]
    deadline_before: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime] = mapped_column(UtcDateTime)
    notice: Mapped[str] = mapped_column(String(32))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""Table of the amendments of tender documents; the first version stands in the statement that published it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime
from core.kernel.jcs import JSON


class DocumentAmendment(Base):
    """An amendment (澄清与修改); `number` 1 made the lot's second version. `body` is the whole new version as it was signed."""

    __tablename__ = "document_amendment"
    __table_args__ = (
        UniqueConstraint("lot_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("deadline >= deadline_before", name="deadline_never_shortened"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    number: Mapped[int]
    previous_sha256: Mapped[str] = mapped_column(String(64))
    document_sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[JSON] = mapped_column(JsonText)
    reason: Mapped[str] = mapped_column(Text)
    affects_bids: Mapped[bool]
    deadline_before: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime] = mapped_column(UtcDateTime)  # in force from the publication on
    notice: Mapped[str] = mapped_column(String(32))  # the notice's number
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""Table of what was read in the files of opened bids."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime
from core.kernel.jcs import JSON


class ParsedFileRow(Base):
    """One opened file as read: `pages` is the list of its pages' texts, JSON under zlib; the file itself stays as it was received."""

    __tablename__ = "parsed_file"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("opened_file.id"), primary_key=True)
    parser: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    oddities: Mapped[JSON] = mapped_column(JsonText)
    facts: Mapped[JSON] = mapped_column(JsonText)  # of its metadata
    page_count: Mapped[int]
    pages: Mapped[bytes] = mapped_column(LargeBinary)
    is_cut: Mapped[bool]
    parsed_at: Mapped[datetime] = mapped_column(UtcDateTime)

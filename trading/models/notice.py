"""Table of published notices (公告、公示)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from trading.domain.notice import NoticeKind


class Notice(Base):
    """A notice of a lot, public from the moment on which it was signed. `body` is the signed body and the names that belong to it."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_page", "published_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)  # T2026-000001-1-N1
    kind: Mapped[NoticeKind] = state_column(NoticeKind)
    title: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(String(1000))  # title, project, parties, number: what the list's search looks through
    body: Mapped[JSON] = mapped_column(JsonText)
    signed_sha256: Mapped[str] = mapped_column(String(64))  # of the signed payload; "" where the platform speaks
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

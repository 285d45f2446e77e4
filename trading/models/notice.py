"""Table of notices (公告、公示), drafts included."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from trading.domain.notice import NoticeKind, NoticeState

_DRAFT = text("state = 'draft'")


class Notice(Base):
    """A notice of a lot: drafted by the agency, public from the moment on which the tenderer signed it. `body` is the signed body."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_page", "published_at", "id"),
        Index("uq_notice_draft", "lot_id", "kind", unique=True, sqlite_where=_DRAFT, postgresql_where=_DRAFT),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published_when_public"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)  # T2026-000001-1-N1
    kind: Mapped[NoticeKind] = state_column(NoticeKind)
    state: Mapped[NoticeState] = state_column(NoticeState)
    title: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(String(1000))  # title, project, parties, number: what the list's search looks through
    body: Mapped[JSON] = mapped_column(JsonText)
    signed_sha256: Mapped[str] = mapped_column(String(64))  # of the signed payload; "" while a draft
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

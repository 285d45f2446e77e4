"""Table of the files of tender documents (招标文件)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime


class DocumentFile(Base):
    """A file of a lot's tender document, as the signed statement lists it; its bytes lie in the content store under `sha256`."""

    __tablename__ = "document_file"
    __table_args__ = (
        UniqueConstraint("lot_id", "document_sha256", "place"),
        CheckConstraint("size > 0", name="size_positive"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    document_sha256: Mapped[str] = mapped_column(String(64))
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)

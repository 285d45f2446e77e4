"""Table of the receipts that firms asked for when they downloaded a tender document."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime


class DownloadReceipt(Base):
    """A receipt for one version of a lot's tender document. Who has any is secret for ever: no page but the firm's own reads this table."""

    __tablename__ = "download_receipt"
    __table_args__ = (Index("ix_download_receipt_lot_org", "lot_id", "org_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    version: Mapped[int]
    document_sha256: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)

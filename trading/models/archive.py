"""Tables of the archive: one row for each case that is or will be filed, the orders that hold it, and the count of file numbers."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from trading.domain.archive import ArchiveState, Secrecy
from trading.domain.retention import Retention


class ArchiveCount(Base):
    """How many file numbers a fonds has given out in a year for a class; its row is the lock of the next one."""

    __tablename__ = "archive_count"

    fonds: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    retention: Mapped[Retention] = state_column(Retention, primary_key=True)
    count: Mapped[int]


class Archive(Base):
    """A case in the archive, or on its way there: what its making has not come to yet is "" or null."""

    __tablename__ = "archive"
    __table_args__ = (UniqueConstraint("number"), Index("ix_archive_page", "filed_at", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), unique=True)
    state: Mapped[ArchiveState] = state_column(ArchiveState, index=True)
    number: Mapped[str] = mapped_column(String(60))  # 档号
    fonds: Mapped[str] = mapped_column(String(8))
    year: Mapped[int]
    serial: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    responsible: Mapped[str] = mapped_column(String(200))
    secrecy: Mapped[Secrecy] = state_column(Secrecy)
    retention: Mapped[Retention] = state_column(Retention)
    kept_until: Mapped[date | None] = mapped_column(Date)  # None: for ever
    reasons: Mapped[JSON] = mapped_column(JsonText)
    checks: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # the report
    checks_hold: Mapped[bool]
    package_sha256: Mapped[str] = mapped_column(String(64))
    package_size: Mapped[int] = mapped_column(BigInteger)
    metadata_sha256: Mapped[str] = mapped_column(String(64))
    checks_sha256: Mapped[str] = mapped_column(String(64))
    files: Mapped[int]
    search_text: Mapped[str] = mapped_column(String(1000))
    prepared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    statement_sha256: Mapped[str] = mapped_column(String(64))  # of `case.archive`


class ArchiveHold(Base):
    """An order that keeps a filed case as it is; `lifted_at` is null while it stands."""

    __tablename__ = "archive_hold"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    archive_id: Mapped[UUID] = mapped_column(ForeignKey("archive.id"), index=True)
    placed_by: Mapped[Role] = state_column(Role)
    org_name: Mapped[str] = mapped_column(String(200))
    document: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(500))
    statement_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str] = mapped_column(String(200))
    lift_document: Mapped[str] = mapped_column(String(100))
    lift_reason: Mapped[str] = mapped_column(String(500))

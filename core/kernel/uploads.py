"""Uploads under way: how long each will be, how much of it is safely on disk, and when it is given up."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, String, Uuid, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.kernel import practice
from core.kernel.db import Base, UtcDateTime, lock
from core.kernel.errors import NotFound, Stale
from core.kernel.ids import PersonId, new_id

if TYPE_CHECKING:
    from core.kernel.work import Work

LIFETIME = timedelta(days=7)
PRACTICE = practice.LIFETIME


class Upload(Base):
    """An upload under way or complete; only its owner may see or continue it."""

    __tablename__ = "upload"
    __table_args__ = (CheckConstraint("acknowledged >= 0 AND acknowledged <= length", name="within"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    length: Mapped[int] = mapped_column(BigInteger)
    acknowledged: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    practice: Mapped[bool] = mapped_column(default=False)  # its bytes stay staged, never reach the store, and go with it
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload as its owner sees it; `sha256` is None until the last byte is on disk. A `practice` one is sealed in a practice alone."""

    id: UUID
    length: int
    offset: int
    sha256: str | None
    expires_at: datetime
    practice: bool = False


def _view(row: Upload) -> UploadView:
    return UploadView(row.id, row.length, row.acknowledged, row.sha256, row.expires_at, row.practice)


def create(work: Work, owner: PersonId, length: int, *, practising: bool = False) -> UploadView:
    """Begins an upload of `length` bytes for `owner`."""
    at = work.now()
    row = Upload(id=new_id(at), owner_id=owner, length=length, acknowledged=0, created_at=at)
    row.practice, row.expires_at = practising, at + (PRACTICE if practising else LIFETIME)
    work.session.add(row)
    return _view(row)


def acknowledge(work: Work, upload: UUID, owner: PersonId, *, before: int, after: int, sha256: str | None) -> UploadView:
    """Moves the offset from `before` to `after`, which is on disk by now; raises Stale when another request moved it first."""
    row = lock(work.session, Upload, Upload.id == upload)
    if row.owner_id != owner:
        raise NotFound("upload.missing")
    if row.acknowledged != before:
        raise Stale("upload.offset", offset=row.acknowledged)
    row.acknowledged, row.sha256 = after, sha256
    return _view(row)


def give_up(work: Work, upload: UUID, owner: PersonId) -> None:
    """Forgets an upload; raises NotFound for a stranger's."""
    found = work.session.execute(delete(Upload).where(Upload.id == upload, Upload.owner_id == owner))
    if not found.rowcount:  # type: ignore[attr-defined]
        raise NotFound("upload.missing")


def find(session: Session, upload: UUID, owner: PersonId) -> UploadView:
    """The owner's upload; raises NotFound for a stranger's as for none at all."""
    row = session.scalar(select(Upload).where(Upload.id == upload, Upload.owner_id == owner))
    if row is None:
        raise NotFound("upload.missing")
    return _view(row)


def complete(session: Session, owner: PersonId, sha256: str) -> UploadView:
    """The owner's complete upload with that digest, which must have come in through an upload of the owner's own."""
    query = select(Upload).where(Upload.owner_id == owner, Upload.sha256 == sha256, Upload.practice.is_(False)).limit(1)
    row = session.scalar(query)
    if row is None:
        raise NotFound("upload.missing")
    return _view(row)


def practised(session: Session, owner: PersonId) -> list[UUID]:
    """All that somebody has uploaded for practice."""
    return list(session.scalars(select(Upload.id).where(Upload.owner_id == owner, Upload.practice)))


def overdue(session: Session, at: datetime, most: int = 100) -> list[UUID]:
    """Uploads whose time is over and that nobody needs: those for practice, and those that were never finished."""
    return list(session.scalars(select(Upload.id).where(_passing(), Upload.expires_at <= at).limit(most)))


def drop(work: Work, gone: Collection[UUID]) -> None:
    """Deletes the rows of such uploads, whose staged files the caller has discarded before: dying in between, it is done again. One that
    was finished meanwhile stays."""
    work.session.execute(delete(Upload).where(Upload.id.in_(gone), _passing()))


def _passing() -> ColumnElement[bool]:
    return or_(Upload.practice, Upload.sha256.is_(None))

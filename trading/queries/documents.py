"""Files of tender documents, and drafts of what is to be signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.ids import LotId
from trading.domain.draft import DraftKind
from trading.models.document import DocumentFile
from trading.models.draft import LotDraft
from trading.models.lot import Lot


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of the tender document that stands."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class DraftView:
    """The body that waits for a signature."""

    body: dict[str, Any]
    saved_at: datetime


def files(session: Session, lot: LotId) -> tuple[FileView, ...]:
    """The files of the document that stands, in the document's order."""
    query = select(DocumentFile).join(Lot, Lot.id == DocumentFile.lot_id).where(Lot.id == lot)
    standing = query.where(DocumentFile.document_sha256 == Lot.document_sha256).order_by(DocumentFile.place)
    return tuple(FileView(row.name, row.sha256, row.size) for row in session.scalars(standing))


def file(session: Session, lot: LotId, sha256: str) -> FileView:
    """One of them; raises NotFound."""
    for entry in files(session, lot):
        if entry.sha256 == sha256:
            return entry
    raise NotFound("document_file.not_found")


def draft(session: Session, lot: LotId, kind: DraftKind) -> DraftView | None:
    """The draft of that kind, if there is one."""
    row = session.get(LotDraft, (lot, kind))
    return None if row is None else DraftView(cast("dict[str, Any]", row.body), row.saved_at)

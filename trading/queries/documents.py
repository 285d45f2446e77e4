"""Files of tender documents, and drafts of what is to be signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import chain
from core.kernel.errors import NotFound
from core.kernel.ids import LotId
from core.kernel.signing import read_statement
from trading.domain.draft import DraftKind
from trading.models.amendment import DocumentAmendment
from trading.models.document import DocumentFile
from trading.models.draft import LotDraft
from trading.models.lot import Lot
from trading.queries.lots import split


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
    """A file of the document that stands or of one that was amended since the notice; raises NotFound."""
    amended = select(DocumentAmendment.previous_sha256).where(DocumentAmendment.lot_id == lot)
    standing = select(Lot.document_sha256).where(Lot.id == lot)
    published = DocumentFile.document_sha256.in_(standing) | DocumentFile.document_sha256.in_(amended)
    query = select(DocumentFile).where(DocumentFile.lot_id == lot, DocumentFile.sha256 == sha256, published)
    row = session.scalars(query.order_by(DocumentFile.published_at.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFound("document_file.not_found")
    return FileView(row.name, row.sha256, row.size)


def digests(session: Session, lot: LotId) -> frozenset[str]:
    """The digests of all files that any version of the lot's document has had."""
    return frozenset(session.scalars(select(DocumentFile.sha256).where(DocumentFile.lot_id == lot)))


def draft(session: Session, lot: LotId, kind: DraftKind) -> DraftView | None:
    """The draft of that kind, if there is one."""
    row = session.get(LotDraft, (lot, kind))
    return None if row is None else DraftView(cast("dict[str, Any]", row.body), row.saved_at)


def validity_days(session: Session, number: str) -> int:
    """For how many days from the deadline on a bid binds, by the document that was published; 0: not said. No amendment may change it."""
    case, no = split(number)
    published = [read_statement(found.envelope.payload) for found in chain.find(session, case, "document.publish")]
    said = [one.body.get("validity_days", 0) for one in published if one.lot == no]
    return said[-1] if said and isinstance(said[-1], int) else 0


def first_body(session: Session, number: str, document_sha256: str) -> dict[str, Any]:
    """The body of the statement that published a first version."""
    found = chain.find(session, split(number)[0], "document.publish", document_sha256)
    if not found:
        raise NotFound("document_version.not_found")
    return dict(read_statement(found[-1].envelope.payload).body)

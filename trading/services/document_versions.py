"""How a version of a tender document comes to stand: its files are there, and the lot takes its terms over."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import select

from core.kernel import uploads
from core.kernel.errors import RuleBroken
from core.kernel.ids import LotId, PersonId, new_id
from core.kernel.jcs import JSON
from core.kernel.work import Work
from trading.domain.document import TenderDocument
from trading.models.document import DocumentFile
from trading.models.lot import Lot
from trading.queries import documents as queries


def check_files(work: Work, lot: Lot, document: TenderDocument, owner: PersonId) -> None:
    """Every file was in an earlier version or has come in through an upload of the owner's own; raises NotFound, or RuleBroken for a
    size that is not the upload's."""
    known = queries.digests(work.session, LotId(lot.id))
    for entry in document.files:
        if entry.sha256 not in known and uploads.complete(work.session, owner, entry.sha256).length != entry.size:
            raise RuleBroken("document.size_other", name=entry.name)


def lay_down(work: Work, lot: Lot, document: TenderDocument, at: datetime) -> None:
    """From now on this is the document of a held lot; the files of earlier ones stay."""
    listed = select(DocumentFile.id).where(DocumentFile.lot_id == lot.id, DocumentFile.document_sha256 == document.document_sha256)
    is_new = work.session.scalar(listed.limit(1)) is None  # an amendment may return to an earlier document, or move the deadline alone
    for place, entry in enumerate(document.files if is_new else ()):
        work.session.add(
            DocumentFile(
                id=new_id(at),
                lot_id=lot.id,
                document_sha256=document.document_sha256,
                place=place,
                name=entry.name,
                sha256=entry.sha256,
                size=entry.size,
                published_at=at,
            )
        )
    lot.document_sha256 = document.document_sha256
    lot.method = cast(JSON, document.method)
    lot.envelopes = [entry.to_json() for entry in document.envelopes]
    lot.deposit, lot.ceiling, lot.escrow = document.deposit, document.ceiling, document.escrow
    lot.deposit_terms = None if document.deposit_terms is None else document.deposit_terms.to_json()
    lot.performance_terms = None if document.performance is None else document.performance.to_json()
    lot.reference_price_commit = document.reference_price_commit
    lot.consortium_members = document.consortium_members
    lot.score_rules = cast(JSON, document.score_rules)
    lot.review_plan = None if document.review is None else document.review.to_json()

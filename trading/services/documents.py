"""Tender documents: the agency lays them down before the notice."""

from __future__ import annotations

from typing import cast

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import uploads
from core.kernel.errors import RuleBroken
from core.kernel.ids import LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.body import digest
from trading.domain.document import TenderDocument, check
from trading.domain.draft import DraftKind
from trading.domain.lot import LotAction
from trading.events import DocumentPublished
from trading.models.document import DocumentFile
from trading.models.lot import Lot
from trading.queries.lots import split
from trading.services import drafts
from trading.services.lots import hold, move


def publish(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The agency lays down the lot's tender document, or a newer one while the notice is not out; the public gets it from the release on.

    Its files have come in through the agency's own uploads. Raises NotFound for a file that has not, RuleBroken with the article for a
    document that the law does not allow.
    """
    case, no = split(number)
    expect = Expect("document.publish", case, no, role=Role.AGENCY)
    return once(work, request, expect, lambda act: _publish(work, number, act))


def _publish(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    move(work, lot, project, LotAction.PUBLISH_DOCUMENT, act.role)
    document = TenderDocument.read(act.body)
    rest = {name: value for name, value in act.body.items() if name != "document_sha256"}
    check(document, digest(rest), project.regime, project.estimate)
    _take_files(work, lot, document, act)
    lot.document_sha256 = document.document_sha256
    lot.method = cast(JSON, document.method)
    lot.envelopes = [entry.to_json() for entry in document.envelopes]
    lot.deposit, lot.ceiling, lot.escrow = document.deposit, document.ceiling, document.escrow
    lot.reference_price_commit = document.reference_price_commit
    named = document.document_sha256
    work.record(DocumentPublished(case=split(number)[0], lot=lot.no, signed=act.envelope, subject=named, document_sha256=named))
    drafts.forget(work, LotId(lot.id), DraftKind.DOCUMENT)
    return {"lot": number, "document_sha256": named}


def _take_files(work: Work, lot: Lot, document: TenderDocument, act: Act) -> None:
    if lot.document_sha256 == document.document_sha256:
        return  # signed once more, with nothing changed
    earlier = select(DocumentFile.sha256).where(DocumentFile.lot_id == lot.id)
    known, at = set(work.session.scalars(earlier)), work.now()
    for place, entry in enumerate(document.files):
        if entry.sha256 not in known and uploads.complete(work.session, act.person, entry.sha256).length != entry.size:
            raise RuleBroken("document.size_other", name=entry.name)
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

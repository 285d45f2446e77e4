"""Tender documents: the agency lays them down before the notice."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.ids import LotId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.document import TenderDocument, check, digest_of
from trading.domain.draft import DraftKind
from trading.domain.lot import LotAction
from trading.events import DocumentPublished
from trading.queries.lots import split
from trading.services import document_versions as laying
from trading.services import drafts
from trading.services.freed import refuse_freed
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
    check(document, digest_of(act.body), project.regime, project.estimate)
    refuse_freed(work, project, document.deposit)
    if lot.document_sha256 != document.document_sha256:  # else signed once more, with nothing changed
        laying.check_files(work, lot, document, act.person)
        laying.lay_down(work, lot, document, work.now())
    named = document.document_sha256
    work.record(DocumentPublished(case=split(number)[0], lot=lot.no, signed=act.envelope, subject=named, document_sha256=named))
    drafts.forget(work, LotId(lot.id), DraftKind.DOCUMENT)
    return {"lot": number, "document_sha256": named}

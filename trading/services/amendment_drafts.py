"""The draft of an amendment: the whole new version as it is to be signed, held against the version that stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from core.kernel.body import Body
from core.kernel.errors import NotAllowed
from core.kernel.ids import LotId
from core.kernel.jcs import JSON
from core.kernel.work import Work
from trading.domain.amendment import Amendment, AmendmentFacts, check
from trading.domain.document import TenderDocument, digest_of
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries import document_versions as versions
from trading.services import document_versions


def draft(work: Work, lot: Lot, project: Project, content: Mapping[str, JSON]) -> dict[str, JSON]:
    """The body of an amendment for `drafts`: new files have come in through the drafter's own uploads."""
    wish = Body(content)
    document, reason = cast("dict[str, JSON]", wish.raw("document")), wish.text("reason", 2000)
    affects, not_before = wish.flag("affects_bids"), wish.text("not_before", 30, least=0)
    wish.done()
    body: dict[str, JSON] = {
        "number": versions.version_of(work.session, LotId(lot.id)),
        "previous_sha256": lot.document_sha256,
        "document": {"document_sha256": digest_of(document), **document},
        "reason": reason,
        "affects_bids": affects,
        "not_before": not_before,
    }
    read = Amendment.read(body)
    check(read, facts_of(work, lot, project))
    if work.actor.person is None:
        raise NotAllowed("act.person")
    document_versions.check_files(work, lot, read.document, work.actor.person)
    return body


def facts_of(work: Work, lot: Lot, project: Project) -> AmendmentFacts:
    """What an amendment of a held lot is held against now."""
    assert lot.deadline is not None  # the table of moves lets nobody here before the notice
    return AmendmentFacts(
        standing=TenderDocument.read(versions.standing_body(work.session, lot)),
        amendments=versions.version_of(work.session, LotId(lot.id)) - 1,
        deadline=lot.deadline,
        regime=project.regime,
        estimate=project.estimate,
    )

"""The draft of a clarification: the answers that go out to everybody at once, as they are to be signed."""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel.ids import LotId
from core.kernel.jcs import JSON
from core.kernel.work import Work
from trading.domain.clarification import Clarification, check
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries import clarifications as queries


def draft(work: Work, lot: Lot, project: Project, content: Mapping[str, JSON]) -> dict[str, JSON]:
    """The body of a clarification for `drafts`."""
    number = queries.count(work.session, LotId(lot.id)) + 1
    body: dict[str, JSON] = {"number": number, "document_sha256": lot.document_sha256, **content}
    waiting = [question.digest for question in queries.waiting(work.session, LotId(lot.id))]
    check(Clarification.read(body), number, lot.document_sha256, waiting)
    return body

"""Drafts of a round: its document and its notice, as the bodies that are to be signed."""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel import clock
from core.kernel.body import Body
from core.kernel.errors import WrongState
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import prequalification as rules
from trading.domain.document import digest_of
from trading.domain.prequalification import RoundAction, RoundDocument, RoundNotice
from trading.models.lot import Lot
from trading.models.prequalification import Prequalification
from trading.models.project import Project
from trading.queries.lots import law_of
from trading.queries.prequalifications import round_facts

_AGENCY = frozenset({Role.AGENCY})


def _drafted(work: Work, lot: Lot) -> Prequalification | None:
    """The round, while its notice is not out; raises WrongState once it is."""
    row = work.session.get(Prequalification, lot.id)
    if row is not None:
        rules.MOVES.choose(RoundAction.LAY_DOWN, row.state, _AGENCY, round_facts(row, lot.regime, work.now()))
    return row


def document(work: Work, lot: Lot, project: Project, content: Mapping[str, JSON]) -> dict[str, JSON]:
    """The document that is to be signed: `content` with its digest."""
    _drafted(work, lot)
    body: dict[str, JSON] = {"document_sha256": digest_of(content), **content}
    rules.check_document(RoundDocument.read(body), body, law_of(project))
    return body


def notice(work: Work, lot: Lot, project: Project, content: Mapping[str, JSON]) -> dict[str, JSON]:
    """The notice that is to be signed: `title` and its three moments. Raises WrongState before the document is signed."""
    row = _drafted(work, lot)
    if row is None:
        raise WrongState("prequalification.document_missing")
    wish = Body(content)
    body: dict[str, JSON] = {"title": wish.text("title", 200), "document_sha256": row.document_sha256}
    body |= {name: clock.text(wish.moment(name)) for name in ("release_at", "release_until", "deadline")}
    wish.done()
    rules.check_notice(RoundNotice.read(body), row.document_sha256, work.now(), law_of(project))
    return body

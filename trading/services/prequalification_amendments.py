"""The prequalification document is changed while applications are taken: the tenderer signs, everybody is told, the deadline follows."""

from __future__ import annotations

from typing import cast

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import clock, uploads
from core.kernel.errors import RuleBroken
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.notice import NoticeKind
from trading.domain.prequalification import RoundAction, RoundDocument
from trading.domain.prequalification_amendment import RoundAmendment, check_amendment
from trading.events_prequalification import RoundAmended
from trading.models.prequalification import Prequalification
from trading.queries import prequalifications as queries
from trading.queries.lots import law_of, split
from trading.services.lots import hold
from trading.services.notices import Announcement, announce
from trading.services.prequalifications import row_of, step


def amend(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer changes the document, its deadline or both; applications that are sealed stay and may be replaced. Raises WrongState
    after the deadline, Stale for another version than the one in force, RuleBroken with the article (T6A)."""
    case, no = split(number)
    expect = Expect("prequalification.amend", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _amend(work, number, act))


def _amend(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    row, now = row_of(work, lot), work.now()
    step(work, (lot, project, row), RoundAction.AMEND, act.role, queries.round_facts(row, lot.regime, now))
    said, standing = RoundAmendment.read(act.body), RoundDocument.read(cast("dict[str, object]", row.document))
    assert row.deadline is not None  # a round that may be amended has its notice out
    check_amendment(said, standing, row.deadline, now, law_of(project))
    for entry in said.document.files:
        if entry not in standing.files and uploads.complete(work.session, act.person, entry.sha256).length != entry.size:
            raise RuleBroken("document.size_other", name=entry.name)
    notice = announce(work, (lot, project), Announcement(NoticeKind.PREQUALIFICATION, f"{row.title}（修改）"[:200], _told(row, said)), act)
    row.document, row.document_sha256 = cast(JSON, dict(said.content)), said.document.document_sha256
    row.deadline, row.amended_at = said.deadline, now
    work.record(
        RoundAmended(
            case=CaseId(project.number),
            lot=lot.no,
            signed=act.envelope,
            number=notice.number,
            document_sha256=row.document_sha256,
            deadline=said.deadline,
        )
    )
    return {"lot": number, "notice": notice.number, "document_sha256": row.document_sha256, "deadline": clock.text(said.deadline)}


def _told(row: Prequalification, said: RoundAmendment) -> dict[str, JSON]:
    """What the notice of an amendment says: the moments as they stand from now on, and why."""
    assert row.release_at is not None and row.release_until is not None and row.deadline is not None
    times = {"release_at": row.release_at, "release_until": row.release_until, "deadline_before": row.deadline, "deadline": said.deadline}
    told: dict[str, JSON] = {name: clock.text(moment) for name, moment in times.items()}
    return told | {"document_sha256": said.document.document_sha256, "reason": said.reason}

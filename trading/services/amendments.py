"""Amendments of a tender document: drafted by the agency, published by the tenderer's signature, the deadline following by law."""

from __future__ import annotations

from datetime import datetime

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import clock
from core.kernel.errors import Stale
from core.kernel.ids import CaseId, LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.amendment import Amendment, Extension, check, extension
from trading.domain.draft import DraftKind
from trading.domain.lot import LotAction
from trading.domain.notice import NoticeKind
from trading.events_document import DocumentAmended
from trading.models.amendment import DocumentAmendment
from trading.models.lot import Lot
from trading.models.notice import Notice
from trading.models.project import Project
from trading.queries import document_versions as versions
from trading.queries import documents as document_queries
from trading.queries.lots import law_of, split
from trading.services import document_versions, drafts, extensions, ocds
from trading.services.amendment_drafts import facts_of
from trading.services.lots import hold, move
from trading.services.notices import Announcement, post


def publish(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer publishes the amendment that its agency drafted: the very draft, else Stale. Where less than the days of T4 are left and
    it may affect bids, deadline and opening move in the same transaction (招标投标法 art. 23)."""
    case, no = split(number)
    expect = Expect("document.amend", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _publish(work, number, act))


def _publish(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    told = move(work, lot, project, LotAction.AMEND_DOCUMENT, act.role)
    drafted = document_queries.draft(work.session, LotId(lot.id), DraftKind.AMENDMENT)
    if drafted is None or drafted.body != act.body:
        raise Stale("amendment.draft_other")
    amendment, facts = Amendment.read(act.body), facts_of(work, lot, project)
    check(amendment, facts)
    moved = extension(law_of(project), told.now, facts.deadline, amendment.affects_bids, amendment.not_before)
    row, notice = _keep(work, (lot, project), act, amendment, moved)
    drafts.forget(work, LotId(lot.id), DraftKind.AMENDMENT)
    bidders = versions.sealed_bidders(work.session, LotId(lot.id))
    work.record(
        DocumentAmended(
            case=CaseId(project.number),
            lot=lot.no,
            signed=act.envelope,
            subject=row.document_sha256,
            number=row.notice,
            version=amendment.number + 1,
            document_sha256=row.document_sha256,
            deadline=row.deadline,
            bidders=bidders,
        )
    )
    extensions.extend(work, (lot, project), moved, act, bidders)
    ocds.publish_notice(work, lot, project, notice)
    return {"lot": number, "version": row.number + 1, "notice": row.notice, "deadline": clock.text(row.deadline)}


def _keep(
    work: Work, held: tuple[Lot, Project], act: Act, amendment: Amendment, moved: Extension | None
) -> tuple[DocumentAmendment, Notice]:
    """The new version in force, and its notice."""
    lot, at = held[0], work.now()
    before: datetime = lot.deadline  # type: ignore[assignment]  # `_facts` has looked
    deadline = before if moved is None else moved.deadline
    told: dict[str, JSON] = {"version": amendment.number + 1, "deadline_before": clock.text(before), "deadline": clock.text(deadline)}
    notice = post(work, held, Announcement.about(NoticeKind.AMENDMENT, held, {**act.body, **told}), act)
    row = DocumentAmendment(
        id=new_id(at),
        lot_id=lot.id,
        number=amendment.number,
        previous_sha256=amendment.previous_sha256,
        document_sha256=amendment.document.document_sha256,
        body=act.body["document"],
        reason=amendment.reason,
        affects_bids=amendment.affects_bids,
        deadline_before=before,
        deadline=deadline,
        notice=notice.number,
        published_at=at,
    )
    work.session.add(row)
    document_versions.lay_down(work, lot, amendment.document, at)
    work.session.flush()
    return row, notice

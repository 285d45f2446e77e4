"""Open data: what is public of a lot at this moment, and the releases by number and by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.ids import LotId
from trading.domain.invitation import is_everybodys
from trading.domain.ocds import PublicAmendment, PublicAnswer, PublicBid, PublicDocument, PublicLot, PublicOrg, status
from trading.domain.opening import OpeningState
from trading.domain.publication import OF_DOCUMENT
from trading.models.notice import Notice
from trading.models.ocds import OcdsRelease
from trading.models.opening import Opening
from trading.models.project import Project
from trading.queries import awards, clarifications, documents, lots, opened, prequalifications
from trading.queries.document_versions import amendments
from trading.queries.lot_page import HAS_DOCUMENT, has_candidates
from trading.queries.lots import LotView
from trading.queries.rounds import is_called


@dataclass(frozen=True, slots=True)
class Release:
    """A published release: its number, its case, its moment, and its body without ocid."""

    seq: int
    case: str
    at: datetime
    body: dict[str, Any]


MOST = 100


def since(session: Session, seq: int, limit: int) -> tuple[Release, ...]:
    """At most `limit` (100) releases after number `seq`, in the order of their commits."""
    query = select(OcdsRelease).where(OcdsRelease.seq > seq).order_by(OcdsRelease.seq).limit(min(limit, MOST))
    return tuple(map(_release, session.scalars(query)))


def of_case(session: Session, case: str) -> tuple[Release, ...]:
    """All releases of a case, the oldest first; raises NotFound for a case of which nothing is published."""
    query = select(OcdsRelease).where(OcdsRelease.case_id == case).order_by(OcdsRelease.seq)
    if not (found := tuple(map(_release, session.scalars(query)))):
        raise NotFound("ocds.not_found")
    return found


def _release(row: OcdsRelease) -> Release:
    return Release(row.seq, row.case_id, row.at, cast("dict[str, Any]", row.body))


def has_begun(session: Session, case: str) -> bool:
    """Whether anything of a case has been released."""
    return session.scalar(select(OcdsRelease.seq).where(OcdsRelease.case_id == case).limit(1)) is not None


def is_cancelled(session: Session, case: str) -> bool:
    """Whether every public lot of a case was terminated."""
    return status(lot.state for lot in public_lots(session, case)) == "cancelled"


def related(session: Session, project: Project) -> tuple[tuple[str, str], ...]:
    """What a project came of, its plan and the cases that its public lots tender again: OCDS relationship and case."""
    found = [("planning", project.plan)] if project.plan else []
    public = (lot.predecessor for lot in lots.by_case(session, project.number) if lot.notice_at is not None and lot.predecessor)
    return tuple(dict.fromkeys([*found, *(("prior", lots.split(number)[0]) for number in public)]))


def public_lots(session: Session, case: str) -> tuple[PublicLot, ...]:
    """The lots of a case whose notices are out, with their times and states alone."""
    found = (lot for lot in lots.by_case(session, case) if lot.notice_at is not None or is_called(session, lot.id))
    return tuple(
        PublicLot(
            number=lot.number,
            title=lot.title,
            state=lot.state,
            release_at=lot.release_at,
            deadline=lot.deadline,
            invited=lot.invited,
            prequalified=is_called(session, lot.id),
        )
        for lot in found
    )


def public_lot(session: Session, lot_id: LotId) -> PublicLot:
    """All that is public of a lot."""
    lot = lots.by_id(session, lot_id)
    shown = is_everybodys(lot.invited, lot.state)
    has_document = shown and lot.state in HAS_DOCUMENT and lot.release_at is not None  # one that failed in its round never had one
    is_shown = has_candidates(lot)
    decided = lot.award_notice_at is not None
    called = prequalifications.of(session, lot_id)
    begins, ends = (None, None) if called is None else (called.release_at, called.deadline)
    return PublicLot(
        number=lot.number,
        title=lot.title,
        state=lot.state,
        release_at=lot.release_at,
        deadline=lot.deadline,
        ceiling=lot.ceiling if has_document else None,
        method=str(lot.method.get("method", "")) if has_document else "",
        documents=(*_notices(session, lot_id, shown), *(_files(session, lot) if has_document else ())),
        amendments=_amendments(session, lot) if shown else (),
        answers=_answers(session, lot) if shown else (),
        invited=lot.invited,
        prequalified=is_called(session, lot_id),
        applications_from=begins,
        applications_until=ends,
        bids=_bids(session, lot_id),
        candidates=tuple(
            PublicBid(PublicOrg(one.org, one.name), one.price, one.rank) for one in (awards.candidates(session, lot_id) if is_shown else ())
        ),
        winner=lot.winner_org if decided else None,
        award_notice_at=lot.award_notice_at,
        contract_at=lot.contract_at,
        price=lot.price if decided else None,
        award_method=str((lot.award_plan or {}).get("method", "")) if has_document else "",
        award_plan=lot.award_plan_sha256 if has_document else "",
        award_report=str((lot.award_told or {}).get("report_sha256", "")) if decided else "",
    )


_DOCUMENT_TYPES = {
    "prequalification": "eligibilityCriteria",
    "tender": "tenderNotice",
    "result": "awardNotice",
    "contract": "contractNotice",
    "clarification": "clarifications",
}


def _notices(session: Session, lot_id: LotId, shown: bool) -> list[PublicDocument]:
    query = select(Notice).where(Notice.lot_id == lot_id).order_by(Notice.published_at, Notice.id)
    rows = session.scalars(query if shown else query.where(Notice.kind.not_in(OF_DOCUMENT)))
    return [
        PublicDocument(
            row.number, _DOCUMENT_TYPES.get(row.kind.value, ""), row.title, f"/notices/{row.number}", "text/html", row.published_at
        )
        for row in rows
    ]


def _files(session: Session, lot: LotView) -> list[PublicDocument]:
    path = f"/api/v1/lots/{lot.number}/documents/"
    at = lot.release_at
    assert at is not None  # a lot whose document is out has one
    return [
        PublicDocument(
            f"{lot.number}-{file.sha256[:16]}", "biddingDocuments", file.name, path + file.sha256, "application/octet-stream", at
        )
        for file in documents.files(session, lot.id)
    ]


def _amendments(session: Session, lot: LotView) -> tuple[PublicAmendment, ...]:
    found, before = [], f"{lot.number}-R"  # the release of the first version
    for row in amendments(session, lot.id):
        found.append(PublicAmendment(f"{lot.number}-A{row.number}", row.reason, row.notice, before, row.published_at))
        before = row.notice
    return tuple(found)


def _answers(session: Session, lot: LotView) -> tuple[PublicAnswer, ...]:
    return tuple(
        PublicAnswer(f"{lot.number}-Q{said.number}-{place}", one.question, one.answer, said.published_at)
        for said in clarifications.published(session, lot.id)
        for place, one in enumerate(said.answers, start=1)
    )


def _bids(session: Session, lot_id: LotId) -> tuple[PublicBid, ...]:
    """The bids of an opening that is closed, with the prices that it read out; nothing at all before."""
    closed: Sequence[int] = session.scalars(
        select(Opening.round).where(Opening.lot_id == lot_id, Opening.state == OpeningState.CLOSED).order_by(Opening.round)
    ).all()
    if not closed:
        return ()
    return tuple(PublicBid(PublicOrg(bid.org, bid.name), bid.price) for bid in opened.bids_for_evaluation(session, lot_id))

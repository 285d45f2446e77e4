"""Objections and complaints as pages and the API show them: to each reader what the tables of reads allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import LotId, OrgId
from core.kernel.roles import Role
from trading.domain import complaint as complaints
from trading.domain import objection as objections
from trading.domain.complaint import ComplaintAction, ComplaintState, Matter
from trading.domain.objection import ObjectionAction, ObjectionFacts, ObjectionState
from trading.domain.remedy import SECRET, Capacity, Milestones, Stage
from trading.models.remedy import Complaint, Objection, RemedyFile
from trading.queries import lots, remedy_facts
from trading.queries.documents import FileView
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionView:
    """One objection for one reader; what this reader may not see is "" or empty. `is_late`: it waits beyond its legal day."""

    number: str
    lot: LotView
    stage: Stage
    state: ObjectionState
    filed_at: datetime
    due_at: datetime
    is_late: bool
    is_mine: bool
    filer: str
    capacity: Capacity | None
    interest: str
    facts: str
    request: str
    files: tuple[FileView, ...]
    question: str
    answer: str
    answer_files: tuple[FileView, ...]
    answered_at: datetime | None
    late_reason: str
    complaint_until: datetime | None
    roles: frozenset[Role]
    available: tuple[ObjectionAction, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintView:
    """One complaint for one reader; `late_with` is "acceptance", "decision" or ""; `first` the number of the same one elsewhere."""

    number: str
    lot: LotView
    matter: Matter
    state: ComplaintState
    authority: str
    filed_at: datetime
    acceptance_due: datetime
    accepted_at: datetime | None
    decision_due: datetime | None
    decided_at: datetime | None
    published_at: datetime | None
    late_with: str
    is_mine: bool
    sees_all: bool
    filer: str
    capacity: Capacity | None
    interest: str
    known_on: date | None
    facts: str
    request: str
    files: tuple[FileView, ...]
    objection: str
    first: str
    inquiry: str
    ground: str
    outcome: str
    ruling: str
    late_reason: str
    suspended_at: datetime | None
    suspended_until: datetime | None
    suspension_reason: str
    publication: str
    roles: frozenset[Role]
    available: tuple[ComplaintAction, ...]
    now: datetime

    @property
    def due_at(self) -> datetime | None:
        """What the authority has to do next is due by then; None where nothing is."""
        if self.state is ComplaintState.FILED:
            return self.acceptance_due
        return self.decision_due if self.state in complaints.HANDLED else None


def objection(session: Session, number: str, actor: Actor, now: datetime) -> ObjectionView:
    """One objection; raises NotFound for whom it is no business of, as for none at all."""
    row = session.scalar(select(Objection).where(Objection.number == number))
    view = None if row is None else objection_view(session, row, actor, now)
    if view is None:
        raise NotFound("objection.not_found")
    return view


def objection_view(session: Session, row: Objection, actor: Actor, now: datetime) -> ObjectionView | None:
    """The view of a row, None where the reader may not even know of it."""
    lot = lots.by_id(session, LotId(row.lot_id))
    roles = objections.roles_of(actor, lot.parties, OrgId(row.org_id))

    def may(what: objections.See) -> bool:
        return objections.READS.may(what, row.stage, roles)

    shows_answer = row.answered_at is not None and (row.stage in SECRET or may(objections.See.ANSWER) or _took_part(session, lot, actor))
    if not may(objections.See.EXISTENCE) and not shows_answer:
        return None
    text, filer = may(objections.See.TEXT), may(objections.See.FILER)
    facts = ObjectionFacts(now=now, law=lot.law, stage=row.stage, told=Milestones(), due_at=row.due_at)
    return ObjectionView(
        number=row.number,
        lot=lot,
        stage=row.stage,
        state=row.state,
        filed_at=row.filed_at,
        due_at=row.due_at,
        is_late=row.state in objections.OPEN and now >= row.due_at,
        is_mine=Role.BIDDER in roles,
        filer=row.org_name if filer else "",
        capacity=row.capacity if text else None,
        interest=row.interest if filer else "",
        facts=row.facts if text else "",
        request=row.request if text else "",
        files=_files(session, row.id, "filing") if text else (),
        question=row.question if shows_answer else "",
        answer=row.answer if shows_answer else "",
        answer_files=_files(session, row.id, "answer") if shows_answer else (),
        answered_at=row.answered_at,
        late_reason=row.late_reason if shows_answer else "",
        complaint_until=remedy_facts.complaint_until(row, lot.law) if Role.BIDDER in roles else None,
        roles=roles,
        available=objections.MOVES.available(row.state, roles - {Role.SYSTEM}, facts),
        now=now,
    )


def _took_part(session: Session, lot: LotView, actor: Actor) -> bool:
    """Other suppliers concerned read an answer too (政府采购法 art. 53)."""
    return Role.BIDDER in actor.roles and actor.org is not None and remedy_facts.took_part(session, lot, actor.org)


def _files(session: Session, remedy: UUID, part: str) -> tuple[FileView, ...]:
    query = select(RemedyFile).where(RemedyFile.remedy_id == remedy, RemedyFile.part == part).order_by(RemedyFile.place)
    return tuple(FileView(row.name, row.sha256, row.size) for row in session.scalars(query))


def complaint(session: Session, number: str, actor: Actor, now: datetime) -> ComplaintView:
    """One complaint; raises NotFound likewise."""
    row = session.scalar(select(Complaint).where(Complaint.number == number))
    view = None if row is None else complaint_view(session, row, actor, now)
    if view is None:
        raise NotFound("complaint.not_found")
    return view


_TOLD = frozenset(ComplaintState) - {ComplaintState.UNFILED, ComplaintState.FILED, ComplaintState.REFUSED, ComplaintState.HANDED_OVER}
"""States in which the parties of a lot know of a complaint."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """How much one reader may see of a complaint: `known`: that it is there; `close`: it is the reader's own affair; `all`: every word."""

    roles: frozenset[Role]
    known: bool
    close: bool
    all: bool


def _reader(row: Complaint, lot: LotView, actor: Actor) -> _Reader:
    roles = complaints.roles_of(actor, lot.parties, OrgId(row.org_id), OrgId(row.authority_org))
    close = bool(roles & {Role.BIDDER, Role.SUPERVISOR})
    known = complaints.READS.may(complaints.See.EXISTENCE, row.matter, roles) and (close or row.state in _TOLD)
    return _Reader(roles, known, close, known and complaints.READS.may(complaints.See.ALL, row.matter, roles))


_ALWAYS = (
    *("number", "matter", "state", "filed_at", "acceptance_due", "accepted_at", "decision_due", "decided_at", "published_at"),
    *("outcome", "suspended_at", "suspended_until", "publication"),
)
_WORDS = ("interest", "facts", "request", "ruling")  # the filer's and the authority's own


def complaint_view(session: Session, row: Complaint, actor: Actor, now: datetime) -> ComplaintView | None:
    """The view of a row, None where the reader may not know of it: the public does once the decision is published."""
    lot = lots.by_id(session, LotId(row.lot_id))
    may = _reader(row, lot, actor)
    if not may.known and row.published_at is None:
        return None
    before = session.get(Objection, row.objection_id) if may.all and row.objection_id is not None else None
    first = session.get(Complaint, row.first_id) if may.close and row.first_id is not None else None
    same: dict[str, Any] = {name: getattr(row, name) for name in _ALWAYS}
    same |= {name: getattr(row, name) if may.all else "" for name in _WORDS}
    return ComplaintView(
        **same,
        lot=lot,
        authority=row.authority_name,
        late_with=remedy_facts.late_with(row, now) if may.close else "",
        is_mine=Role.BIDDER in may.roles,
        sees_all=may.all,
        filer=row.org_name if may.all else "",
        capacity=row.capacity if may.all else None,
        known_on=row.known_on if may.all else None,
        files=_files(session, row.id, "filing") if may.all else (),
        objection="" if before is None else before.number,
        first="" if first is None else first.number,
        inquiry=row.inquiry if may.known else "",
        ground=row.ground if may.close else "",
        late_reason=row.late_reason if may.close else "",
        suspension_reason=row.suspension_reason if may.known else "",
        roles=may.roles,
        available=complaints.MOVES.available(row.state, may.roles - {Role.SYSTEM}, remedy_facts.of_complaint(row, lot.law, now)),
        now=now,
    )


def file_of(session: Session, number: str, sha256: str, actor: Actor, now: datetime) -> FileView:
    """A file that came with an objection, its answer or a complaint, for who may read it; raises NotFound."""
    if number.startswith("TS-"):
        found = complaint(session, number, actor, now).files
    else:
        view = objection(session, number, actor, now)
        found = view.files + view.answer_files
    for entry in found:
        if entry.sha256 == sha256:
            return entry
    raise NotFound("document_file.not_found")

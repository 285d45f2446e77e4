"""What the clock owes to objections and complaints; nothing of a case that is closed, whose chain has its end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from trading.domain.complaint import HANDLED, ComplaintState
from trading.domain.objection import OPEN, ObjectionState
from trading.domain.project import ProjectState
from trading.models.lot import Lot
from trading.models.project import Project
from trading.models.remedy import Complaint, Objection
from trading.queries import remedy_facts
from trading.queries.lots import law_of

MOST = 100
_ALIVE = Project.state != ProjectState.CLOSED


def unanswered(session: Session, now: datetime) -> list[UUID]:
    """Objections whose legal day passes without an answer."""
    query = select(Objection.id).join(Lot, Lot.id == Objection.lot_id).join(Project, Project.id == Lot.project_id)
    late = and_(Objection.state == ObjectionState.FILED, Objection.due_at <= now, _ALIVE)
    return list(session.scalars(query.where(late).order_by(Objection.due_at, Objection.id).limit(MOST)))


def settled(session: Session, now: datetime) -> list[UUID]:
    """Objections of which nothing more can come; the use case looks again."""
    query = select(Objection, Lot, Project).join(Lot, Lot.id == Objection.lot_id).join(Project, Project.id == Lot.project_id)
    rows = session.execute(query.where(Objection.state.in_(OPEN | {ObjectionState.ANSWERED}), _ALIVE).order_by(Objection.filed_at))
    found = []
    for row, lot, project in rows:
        facts = remedy_facts.closing(session, row, lot, law_of(project), now)
        over = facts.complaint_until is not None and now >= facts.complaint_until and not facts.complaint_open
        if over or facts.lot_ended:
            found.append(row.id)
    return found[:MOST]


def late_complaints(session: Session, now: datetime) -> list[UUID]:
    """Complaints whose acceptance or decision is late and not yet marked so."""
    query = select(Complaint.id).join(Lot, Lot.id == Complaint.lot_id).join(Project, Project.id == Lot.project_id)
    acceptance = and_(Complaint.state == ComplaintState.FILED, Complaint.acceptance_due <= now, Complaint.overdue == "")
    decision = and_(Complaint.state.in_(HANDLED), Complaint.decision_due <= now, Complaint.overdue != "decision")
    return list(session.scalars(query.where(or_(acceptance, decision), _ALIVE).order_by(Complaint.filed_at).limit(MOST)))


def run_out(session: Session, now: datetime) -> list[UUID]:
    """Complaints whose order to suspend has run out."""
    return list(
        session.scalars(select(Complaint.id).where(Complaint.suspended_until <= now).order_by(Complaint.suspended_until).limit(MOST))
    )

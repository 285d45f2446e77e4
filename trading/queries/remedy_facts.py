"""What the rules of objections and complaints look at in a lot: its moments, who took part, what came before."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound, WrongState
from core.kernel.ids import LotId, OrgId
from core.kernel.roles import Role
from trading.domain.clock import Law
from trading.domain.complaint import HANDLED, ComplaintFacts, ComplaintState, Matter
from trading.domain.complaint import OPEN as COMPLAINT_OPEN
from trading.domain.lot import ENDED, NOTICED_OR_LATER, LotState
from trading.domain.objection import OPEN as OBJECTION_OPEN
from trading.domain.objection import ObjectionFacts
from trading.domain.project import ProjectState
from trading.domain.remedy import Heard, Milestones, complaint_ends
from trading.models.lot import Lot
from trading.models.opening import Opening, OpeningObjection
from trading.models.project import Project
from trading.models.remedy import Complaint, Objection
from trading.queries import awards, prequalifications
from trading.queries.lots import LotView

_ON_OFFER = NOTICED_OR_LATER - {LotState.NOTICED, LotState.TERMINATED}
_BIDS_OPEN = _ON_OFFER - {LotState.BIDDING, LotState.SUSPENDED, LotState.FAILED, LotState.OPENING}
_WITHOUT_OBJECT = ENDED - {LotState.CONTRACTED, LotState.CLOSED, LotState.ARCHIVED}


def check_case_open(project: Project) -> None:
    """Raises WrongState once the case is closed: nothing is added to it any more."""
    if project.state is ProjectState.CLOSED:
        raise WrongState("remedy.case_closed")


def milestones(session: Session, lot: Lot | LotView) -> Milestones:
    """The moments of a lot; what lies behind a state that was not reached is None."""
    called = prequalifications.of(session, LotId(lot.id))
    begins, ends = (None, None) if called is None else (called.release_at, called.deadline)
    if lot.state not in _ON_OFFER:
        return Milestones(prequalification_from=begins, prequalification_until=ends)
    closed = session.scalar(select(Opening.closed_at).where(Opening.lot_id == lot.id, Opening.round == 0))
    return Milestones(
        prequalification_from=begins,
        prequalification_until=ends,
        release_at=lot.release_at,
        deadline=lot.deadline,
        opening_closed_at=closed,
        publicity_from=lot.publicity_from,
        publicity_until=lot.publicity_until,
        award_notice_at=lot.award_notice_at,
    )


def took_part(session: Session, lot: Lot | LotView, org: OrgId) -> bool:
    """Whether an organisation's bid was among those that were opened; asked before the opening, nobody's was."""
    if lot.state not in _BIDS_OPEN:
        return False
    candidates = [found.org for found in awards.candidates(session, LotId(lot.id))]
    return org in awards.took_part(session, LotId(lot.id)) or org in candidates


def firms(session: Session) -> tuple[str, ...]:
    """Names and codes of all firms that may bid on the platform: none of them may stand in what is published before an opening. All, since
    looking for one's own alone would tell whose it is."""
    grants = [grant for person in people.holders(session, Role.BIDDER) for grant in person.grants if grant.role is Role.BIDDER]
    return tuple({word for grant in grants for word in (grant.org_name, grant.uscc)})


def lot_of_objection(session: Session, number: str) -> LotId:
    """The lot of an objection; raises NotFound."""
    return _lot(session.scalar(select(Objection.lot_id).where(Objection.number == number)), "objection.not_found")


def lot_of_complaint(session: Session, number: str) -> LotId:
    """The lot of a complaint; raises NotFound."""
    return _lot(session.scalar(select(Complaint.lot_id).where(Complaint.number == number)), "complaint.not_found")


def _lot(found: UUID | None, code: str) -> LotId:
    if found is None:
        raise NotFound(code)
    return LotId(found)


def lot_number(session: Session, lot: LotId) -> str:
    """The sayable number of a lot."""
    return session.scalars(select(Lot.number).where(Lot.id == lot)).one()


def heard(row: Objection) -> Heard:
    """An objection as a complaint looks at it."""
    return Heard(row.filed_at, row.due_at, row.answered_at)


def hall_objection(session: Session, lot: LotId, org: OrgId) -> bool:
    """Whether an organisation objected on the spot in the opening hall."""
    query = select(OpeningObjection.number).join(Opening, Opening.id == OpeningObjection.opening_id)
    return session.scalar(query.where(Opening.lot_id == lot, OpeningObjection.org_id == org).limit(1)) is not None


def same_complaint(session: Session, lot: LotId, org: OrgId, about: tuple[Matter, UUID | None]) -> Complaint | None:
    """The earliest complaint of one organisation about one matter of a lot that an authority has, had decided, or holds; None for none."""
    matter, objection = about
    gone = (ComplaintState.WITHDRAWN, ComplaintState.HANDED_OVER, ComplaintState.REFUSED)
    query = select(Complaint).where(Complaint.lot_id == lot, Complaint.org_id == org, Complaint.matter == matter)
    query = query.where(Complaint.objection_id.is_(None) if objection is None else Complaint.objection_id == objection)
    return session.scalar(query.where(Complaint.state.not_in(gone)).order_by(Complaint.filed_at, Complaint.id).limit(1))


def closing(session: Session, row: Objection, lot: Lot, law: Law, now: datetime) -> ObjectionFacts:
    """What the close of an objection looks at."""
    open_ = select(Complaint.id).where(Complaint.objection_id == row.id, Complaint.state.in_(COMPLAINT_OPEN)).limit(1)
    return ObjectionFacts(
        now=now,
        law=law,
        stage=row.stage,
        told=Milestones(),
        due_at=row.due_at,
        complaint_until=complaint_until(row, law),
        complaint_open=session.scalar(open_) is not None,
        lot_ended=lot.state in _WITHOUT_OBJECT,
    )


def complaint_until(row: Objection, law: Law) -> datetime | None:
    """By when the filer may complain about an answered objection, known on the day of filing at the latest; None while it waits."""
    if row.answered_at is None:
        return None
    return complaint_ends(law, legal_day(row.filed_at), heard(row))


def open_in_case(session: Session, case: str) -> bool:
    """Whether an objection or a complaint of a case waits for its answer or its decision."""
    lots = select(Lot.id).join(Project, Project.id == Lot.project_id).where(Project.number == case)
    waiting = or_(
        select(Objection.id).where(Objection.lot_id.in_(lots), Objection.state.in_(OBJECTION_OPEN)).exists(),
        select(Complaint.id).where(Complaint.lot_id.in_(lots), Complaint.state.in_(COMPLAINT_OPEN | {ComplaintState.DECIDED})).exists(),
    )
    return bool(session.scalar(select(waiting)))


def late_with(row: Complaint, now: datetime) -> str:
    """What an authority is late with: "acceptance", "decision", or "" for nothing."""
    if row.state is ComplaintState.FILED and now >= row.acceptance_due:
        return "acceptance"
    if row.state in HANDLED and row.decision_due is not None and now >= row.decision_due:
        return "decision"
    return ""


def of_complaint(row: Complaint, law: Law, now: datetime) -> ComplaintFacts:
    """What the table of moves of a complaint looks at, once it is filed."""
    return ComplaintFacts(
        now=now,
        law=law,
        matter=row.matter,
        known_on=row.known_on,
        earlier=row.first_id is not None,
        suspended=row.suspended_at is not None,
        suspended_until=row.suspended_until,
    )

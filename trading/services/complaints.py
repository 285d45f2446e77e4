"""Complaints, as their filer sees to them: filed to one authority, taken back."""

from __future__ import annotations

from sqlalchemy import select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.clock import text
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import CaseId, LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.clock import Law
from trading.domain.complaint import (
    MOVES,
    ComplaintAction,
    ComplaintFacts,
    ComplaintFiling,
    ComplaintState,
    Matter,
    roles_of,
)
from trading.domain.objection import COUNTS, read_withdrawal
from trading.domain.remedy import acceptance_due, complaint_number
from trading.events_remedies import ComplaintFiled, ComplaintWithdrawn
from trading.models.lot import Lot
from trading.models.remedy import Complaint, Objection
from trading.queries import remedy_facts
from trading.queries.lots import law_of, parties_of, split
from trading.services import remedy_files
from trading.services.complaint_handling import about, act_on, end_suspension
from trading.services.lots import hold


def file(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A bidder complains to an authority. Raises RuleBroken with the article: out of time, no objection before, no request or evidence."""
    case, no = split(number)
    return once(work, request, Expect("complaint.file", case, no, role=Role.BIDDER, step_up=True), lambda act: _file(work, number, act))


def _file(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    remedy_facts.check_case_open(project)
    org, filing, law, now = remedy_files.own_org(work, act), ComplaintFiling.read(act.body), law_of(project), work.now()
    before = _objection(work, lot, org, filing)
    about_ = (filing.matter, None if before is None else before.id)
    earlier = remedy_facts.same_complaint(work.session, LotId(lot.id), org, about_)
    facts = ComplaintFacts(
        now=now,
        law=law,
        matter=filing.matter,
        known_on=filing.known_on,
        capacity=filing.capacity,
        took_part=remedy_facts.took_part(work.session, lot, org),
        heard=None if before is None else remedy_facts.heard(before),
        hall=filing.matter is Matter.OPENING and remedy_facts.hall_objection(work.session, LotId(lot.id), org),
        twice=earlier is not None and OrgId(earlier.authority_org) == filing.authority,
    )
    roles = roles_of(work.actor, parties_of(lot, project), None, None) & {act.role}
    state = MOVES.choose(ComplaintAction.FILE, ComplaintState.UNFILED, roles, facts)
    filing.check(law.regime)
    row = _new(work, act, (lot, law), filing, state)
    row.objection_id, row.first_id = about_[1], None if earlier is None else earlier.id
    work.session.add(row)
    work.session.flush()
    remedy_files.take(work, act, row.id, "filing", filing.files)
    filed = ComplaintFiled(
        case=CaseId(project.number),
        lot=lot.no,
        signed=act.envelope,
        subject=row.number,
        org=org,
        authority=filing.authority,
        number=row.number,
        matter=filing.matter.value,
    )
    work.record(filed)
    return {"number": row.number, "state": row.state.value, "filed_at": text(now), "acceptance_due": text(row.acceptance_due)}


def _new(work: Work, act: Act, under: tuple[Lot, Law], filing: ComplaintFiling, state: ComplaintState) -> Complaint:
    (lot, law), now = under, work.now()
    home = people.organisation(work.session, remedy_files.own_org(work, act))
    return Complaint(
        id=new_id(now),
        lot_id=lot.id,
        number=complaint_number(act.payload_sha256),
        matter=filing.matter,
        state=state,
        authority_org=filing.authority,
        authority_name=_authority(work, filing.authority),
        org_id=home.id,
        org_name=home.name,
        capacity=filing.capacity,
        interest=filing.interest,
        known_on=filing.known_on,
        facts=filing.facts,
        request=filing.request,
        filed_at=now,
        acceptance_due=acceptance_due(law, now),
        **dict.fromkeys(("overdue", "ground", "outcome", "ruling", "inquiry", "late_reason", "suspension_reason", "publication"), ""),
    )


def _authority(work: Work, org: OrgId) -> str:
    """The name of an authority that has supervisors here; raises RuleBroken for any other organisation."""
    if not people.holders(work.session, Role.SUPERVISOR, org):
        raise RuleBroken("complaint.authority_unknown")
    return people.organisation(work.session, org).name


def _objection(work: Work, lot: Lot, org: OrgId, filing: ComplaintFiling) -> Objection | None:
    """The filer's own objection that came first; None where none is named. Raises NotFound for another's, RuleBroken for another matter."""
    if not filing.objection:
        return None
    query = select(Objection).where(Objection.number == filing.objection, Objection.lot_id == lot.id, Objection.org_id == org)
    row = work.session.scalar(query)
    if row is None:
        raise NotFound("objection.not_found")
    if row.stage.value != filing.matter.value or row.state not in COUNTS:
        raise RuleBroken("complaint.objection_other")
    return row


def withdraw(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The filer takes a complaint back before it is decided; an order to suspend ends with it."""
    case, no = about(work, number)
    expect = Expect("complaint.withdraw", case, no, role=Role.BIDDER, step_up=True)
    return once(work, request, expect, lambda act: _withdraw(work, number, act))


def _withdraw(work: Work, number: str, act: Act) -> dict[str, JSON]:
    step = act_on(work, number, act, ComplaintAction.WITHDRAW)
    if read_withdrawal(act.body, "complaint") != number:
        raise RuleBroken("remedy.number_other")
    step.row.ended_at = step.now
    step.record(ComplaintWithdrawn, act)
    end_suspension(work, step)
    return step.answer

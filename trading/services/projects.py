"""Projects: a number, the agency's registration, the tenderer's countersignature."""

from __future__ import annotations

from sqlalchemy import select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.body import Body
from core.kernel.calendar import legal_day
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotAllowed, NotFound, RuleBroken
from core.kernel.ids import CaseId, OrgId, new_id, sayable
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.document import Escrow
from trading.domain.lot import LotAction, LotState
from trading.domain.project import MOVES, Party, PlannedLot, ProjectAction, ProjectFacts, ProjectState, Registration, lot_number, roles_of
from trading.events import ProjectCountersigned, ProjectRegistered
from trading.models.lot import Lot
from trading.models.project import Project, ProjectCount, ProjectNumber
from trading.services import plans, retenders
from trading.services.lots import move


def reserve_number(work: Work) -> CaseId:
    """Gives the actor's agency the next project number of the Beijing year, which is the id of the case to come."""
    if Role.AGENCY not in work.actor.roles or work.actor.org is None:
        raise NotAllowed("project.register.not_allowed")
    year = legal_day(work.now()).year
    insert_new(work.session.connection(), ProjectCount, [{"year": year, "count": 0}])
    counter = lock(work.session, ProjectCount, ProjectCount.year == year)
    counter.count += 1
    number = sayable("T", year, counter.count)
    work.session.add(ProjectNumber(number=number, agency_org=work.actor.org, given_at=work.now()))
    return CaseId(number)


def register(work: Work, case: CaseId, request: SignedRequest) -> dict[str, JSON]:
    """The agency registers a project under its number: event 0 of the case. Raises NotFound for a number that is not the agency's own."""
    expect = Expect("project.register", case, role=Role.AGENCY)
    return once(work, request, expect, lambda act: _register(work, case, act))


def _register(work: Work, case: CaseId, act: Act) -> dict[str, JSON]:
    number = lock(work.session, ProjectNumber, ProjectNumber.number == case)
    if number.agency_org != act.org:
        raise NotFound("project_number.not_found")
    held = work.session.scalar(select(Project).where(Project.number == case))
    read = Registration.read(act.body)
    roles = roles_of(work.actor, read.tenderer.org, read.agency.org) & {act.role}
    state = MOVES.choose(ProjectAction.REGISTER, ProjectState.NUMBERED if held is None else held.state, roles, ProjectFacts())
    for party in (read.tenderer, read.agency):
        _check_name(work, party)
    plan = plans.named(work, read.plan, read.tenderer.org)
    project = _project(work, case, read, act.payload_sha256, state)
    project.planned_at = None if plan is None else plan.published_at
    work.session.add(project)
    work.session.flush()
    for planned in read.lots:
        attempt = retenders.follow(work, planned.predecessor, read.tenderer.org, read.regime)
        work.session.add(_lot(work, project, planned, attempt))
    titles = [planned.title for planned in read.lots]
    work.record(ProjectRegistered(case=case, signed=act.envelope, subject=act.payload_sha256, title=read.title, lots=titles))
    return {"case": case, "state": state.value, "register_sha256": act.payload_sha256}


def _check_name(work: Work, party: Party) -> None:
    if people.organisation(work.session, party.org).name != party.name:
        raise RuleBroken("project.party_name_other", name=party.name)


def _project(work: Work, case: CaseId, read: Registration, sha256: str, state: ProjectState) -> Project:
    at = work.now()
    return Project(
        id=new_id(at),
        number=case,
        state=state,
        agency_org=read.agency.org,
        agency_name=read.agency.name,
        tenderer_org=read.tenderer.org,
        tenderer_name=read.tenderer.name,
        title=read.title,
        regime=read.regime,
        category=read.category,
        region=read.region,
        legally_mandatory=read.legally_mandatory,
        approval=read.approval,
        funding=read.funding,
        estimate=Money(read.estimate_fen),
        plan=read.plan,
        register_sha256=sha256,
        drafted_at=at,
    )


def _lot(work: Work, project: Project, planned: PlannedLot, attempt: int) -> Lot:
    return Lot(
        id=new_id(work.now()),
        project_id=project.id,
        number=lot_number(project.number, planned.no),
        no=planned.no,
        title=planned.title,
        state=LotState.PLANNED,
        regime=project.regime,
        predecessor=planned.predecessor,
        attempt=attempt,
        separation=False,
        award_plan_sha256="",
        document_sha256="",
        escrow=Escrow.REQUIRED,
        reference_price_commit="",
        publicity_days=0,
        report_sha256="",
        case_sha256="",
        ranked=False,
        result_sha256="",
        contract_sha256="",
    )


def countersign(work: Work, case: CaseId, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer takes the registration as its own; the project's lots are registered with it."""
    expect = Expect("project.countersign", case, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _countersign(work, case, act))


def _countersign(work: Work, case: CaseId, act: Act) -> dict[str, JSON]:
    project = lock(work.session, Project, Project.number == case)
    body = Body(act.body)
    seen = body.digest("register_sha256")
    body.done()
    roles = roles_of(work.actor, OrgId(project.tenderer_org), OrgId(project.agency_org)) & {act.role}
    facts = ProjectFacts(registration_matches=seen == project.register_sha256)
    project.state = MOVES.choose(ProjectAction.COUNTERSIGN, project.state, roles, facts)
    project.registered_at = work.now()
    for lot in work.session.scalars(select(Lot).where(Lot.project_id == project.id)):
        retenders.follow(work, lot.predecessor, OrgId(project.tenderer_org), project.regime)
        move(work, lot, project, LotAction.REGISTER, act.role)
    work.record(ProjectCountersigned(case=case, signed=act.envelope, register_sha256=seen))
    return {"case": case, "state": project.state.value}

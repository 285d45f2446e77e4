"""The close of a case: the centre proposes it, the supervisor signs the same statement, and its last number is fixed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, countersign, once
from core.kernel.db import lock
from core.kernel.dsse import read_envelope
from core.kernel.errors import WrongState
from core.kernel.ids import CaseId, OrgId
from core.kernel.jcs import JSON, parse_object
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.closing import CloseBody, go_on, recordings_fault
from trading.domain.lot import MOVES as LOT_MOVES
from trading.domain.lot import LotAction
from trading.domain.project import MOVES, ProjectAction, ProjectFacts, roles_of
from trading.events import CaseClosed
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.lots import facts as lot_facts
from trading.queries.projects import events_of, recordings_told
from trading.queries.remedy_facts import open_in_case
from trading.services.lots import SYSTEM, move_as_system
from trading.services.openings import force_checkpoint


def propose_close(work: Work, case: CaseId, request: SignedRequest) -> dict[str, JSON]:
    """The centre signs `case.close`; it counts once the supervisor has signed the same bytes, so it is no event yet."""
    expect = Expect("case.close", case, role=Role.CENTRE, step_up=True)
    return once(work, request, expect, lambda act: _propose(work, case, act))


def _propose(work: Work, case: CaseId, act: Act) -> dict[str, JSON]:
    project = lock(work.session, Project, Project.number == case)
    lots = _lots(work, project)
    facts = _facts(work, case, lots, CloseBody.read(act.body))
    project.state = MOVES.choose(ProjectAction.PROPOSE_CLOSE, project.state, _roles(work, project) & {act.role}, facts)
    project.close_proposal = act.envelope.to_json()
    return {"case": case, "state": project.state.value, "envelope": act.envelope.to_json()}


def _facts(work: Work, case: CaseId, lots: Sequence[Lot], said: CloseBody) -> ProjectFacts:
    """What stands now beside what is said; the chain of recordings may have got views since, and nothing else."""
    told = recordings_told(work.session, case)
    return ProjectFacts(
        lots=tuple(lot.state for lot in lots),
        remedies_open=open_in_case(work.session, case),
        recordings_go_on=go_on(told),
        close_matches=said.events == events_of(work.session, case) and not recordings_fault(said.recordings, told),
    )


def close_case(work: Work, case: CaseId, request: SignedRequest) -> dict[str, JSON]:
    """The supervisor signs what the centre proposed: the case is closed. Raises RuleBroken when something has happened since."""
    project = lock(work.session, Project, Project.number == case)
    roles = _roles(work, project) & {Role.SUPERVISOR}
    lots = _lots(work, project)
    if project.close_proposal is None:
        facts = ProjectFacts(lots=tuple(lot.state for lot in lots))
        MOVES.choose(ProjectAction.CLOSE, project.state, roles, facts)
        raise WrongState("project.close.not_proposed")
    first = read_envelope(project.close_proposal)
    both = countersign(work, request, first, Expect("case.close", case, role=Role.SUPERVISOR, step_up=True))
    members = parse_object(first.payload)["body"]
    said = CloseBody.read(members if isinstance(members, dict) else {})
    facts = _facts(work, case, lots, said)
    project.state = MOVES.choose(ProjectAction.CLOSE, project.state, roles, facts)
    project.closed_at = work.now()
    for lot in lots:
        if LotAction.CLOSE in LOT_MOVES.available(lot.state, SYSTEM, lot_facts(lot, project.closed_at)):
            move_as_system(work, lot, LotAction.CLOSE)
    work.record(CaseClosed(case=case, signed=both, events=said.events))
    force_checkpoint(work, "case.close", case)
    return {"case": case, "state": project.state.value, "events": said.events}


def _lots(work: Work, project: Project) -> list[Lot]:
    query = select(Lot).where(Lot.project_id == project.id).order_by(Lot.number)
    return list(work.session.scalars(query.with_for_update(key_share=True), execution_options={"populate_existing": True}))


def _roles(work: Work, project: Project) -> frozenset[Role]:
    return roles_of(work.actor, OrgId(project.tenderer_org), OrgId(project.agency_org))

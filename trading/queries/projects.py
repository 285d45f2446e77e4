"""Projects as their parties and the centre see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import CaseId, OrgId
from core.kernel.money import Money
from core.kernel.records import CaseHead, EventRow
from core.kernel.roles import Role
from trading.domain.clock import LegalRegime
from trading.domain.closing import Beside, CloseBody, Told, recordings_chain
from trading.domain.project import MOVES as PROJECT_MOVES
from trading.domain.project import Category, ProjectAction, ProjectFacts, ProjectState, have_ended, roles_of
from trading.models.project import Project, ProjectNumber
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectView:
    """A project with its lots."""

    case: CaseId
    state: ProjectState
    title: str
    regime: LegalRegime
    category: Category
    region: str
    legally_mandatory: bool
    tenderer: OrgId
    agency: OrgId
    tenderer_name: str
    agency_name: str
    approval: str
    funding: str
    estimate: Money
    register_sha256: str
    drafted_at: datetime
    registered_at: datetime | None
    closed_at: datetime | None
    close_proposal: dict[str, Any] | None
    lots: tuple[LotView, ...]
    close: CloseBody | None  # what its close says now; None until all lots have ended, for bids are counted among them, and for the parties

    @property
    def events(self) -> int | None:
        """How many events its case has, where that may be known."""
        return None if self.close is None else self.close.events

    def roles(self, actor: Actor) -> frozenset[Role]:
        """The roles of an actor towards it."""
        return roles_of(actor, self.tenderer, self.agency)

    def available(self, actor: Actor) -> tuple[ProjectAction, ...]:
        """What this actor may do with it now."""
        facts = ProjectFacts(lots=tuple(lot.state for lot in self.lots))
        return PROJECT_MOVES.available(self.state, self.roles(actor), facts)


def by_case(session: Session, case: str) -> ProjectView:
    """The project of a case; raises NotFound."""
    row = session.scalar(select(Project).where(Project.number == case))
    if row is None:
        raise NotFound("project.not_found")
    return _view(session, row)


def for_party(session: Session, case: str, actor: Actor) -> ProjectView:
    """The same for those who have a role towards it; for everybody else there is no such project. How many events the case has, only centre
    and supervisor learn, who sign it: bids are among them, and of a lot that was ended unopened no one shall know whether any came."""
    found = by_case(session, case)
    roles = found.roles(actor)
    if not roles:
        raise NotFound("project.not_found")
    return found if roles & {Role.CENTRE, Role.SUPERVISOR} else replace(found, close=None, close_proposal=None)


PAGE = 50


def mine(session: Session, actor: Actor, after: str = "") -> tuple[ProjectView, ...]:
    """At most 50 projects towards which the actor has a role, the youngest number first, below the number `after`."""
    query = select(Project).where(Project.state != ProjectState.DRILL).order_by(Project.number.desc()).limit(PAGE)
    if not actor.roles & {Role.CENTRE, Role.SUPERVISOR}:
        query = query.where((Project.agency_org == actor.org) | (Project.tenderer_org == actor.org))
    if after:
        query = query.where(Project.number < after)
    return tuple(_view(session, row) for row in session.scalars(query) if roles_of(actor, OrgId(row.tenderer_org), OrgId(row.agency_org)))


@dataclass(frozen=True, slots=True)
class OrgView:
    """An organisation by id and name."""

    org: OrgId
    name: str


def reserved(session: Session, case: str, actor: Actor) -> OrgView:
    """The agency to which this number was given, if it is the actor's and nothing is registered under it; raises NotFound."""
    number = session.get(ProjectNumber, case)
    taken = session.scalar(select(Project.id).where(Project.number == case))
    if number is None or taken is not None or number.agency_org != actor.org:
        raise NotFound("project_number.not_found")
    return OrgView(OrgId(number.agency_org), people.organisation(session, OrgId(number.agency_org)).name)


def tenderers(session: Session) -> tuple[OrgView, ...]:
    """The organisations in which somebody may act as a tenderer, by name."""
    grants = [grant for person in people.holders(session, Role.TENDERER) for grant in person.grants if grant.role is Role.TENDERER]
    found = {grant.org: grant.org_name for grant in grants}
    return tuple(sorted((OrgView(org, name) for org, name in found.items()), key=lambda view: view.name))


def events_of(session: Session, case: str) -> int:
    """How many events a case has by now."""
    last = session.scalar(select(CaseHead.case_seq).where(CaseHead.case_id == case))
    return 0 if last is None else last + 1


def recordings_told(session: Session, case: str) -> tuple[Told, ...]:
    """The events of the chain of a case's recordings, in their order."""
    query = select(EventRow.kind, EventRow.commitment).where(EventRow.case_id == recordings_chain(case)).order_by(EventRow.case_seq)
    return tuple((kind, commitment.hex()) for kind, commitment in session.execute(query))


def _close(session: Session, case: str, views: Sequence[LotView]) -> CloseBody | None:
    if not have_ended([lot.state for lot in views]):
        return None
    recorded = session.get(CaseHead, recordings_chain(case))
    told = None if recorded is None or recorded.case_seq < 0 else Beside(recorded.case_seq + 1, recorded.commitment.hex())
    return CloseBody(events_of(session, case), told)


def _view(session: Session, row: Project) -> ProjectView:
    views = lots.by_case(session, row.number)
    return ProjectView(
        case=CaseId(row.number),
        tenderer=OrgId(row.tenderer_org),
        agency=OrgId(row.agency_org),
        close_proposal=cast("dict[str, Any] | None", row.close_proposal),
        lots=views,
        close=_close(session, row.number, views),
        **{name: getattr(row, name) for name in _SAME},
    )


_SAME = (
    *("state", "title", "regime", "category", "region", "legally_mandatory", "tenderer_name", "agency_name", "approval", "funding"),
    *("estimate", "register_sha256", "drafted_at", "registered_at", "closed_at"),
)

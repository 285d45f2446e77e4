"""Lists of objections and complaints: what waits for a reader, what stands against a lot, and what the public may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel.actor import Actor
from core.kernel.errors import Refusal
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from trading.domain.clock import PeriodRule
from trading.domain.complaint import MATTERS, SECRET_MATTERS, Matter
from trading.domain.objection import MOVES, ObjectionAction, ObjectionFacts, ObjectionState, roles_of
from trading.domain.remedy import CAPACITIES, STAGES, Capacity, Milestones, Stage, Window, answer_rule, complaint_rule, window
from trading.models.lot import Lot
from trading.models.project import Project
from trading.models.remedy import Complaint, Objection
from trading.queries import lots, remedy_facts
from trading.queries.lots import LotView
from trading.queries.remedies import ComplaintView, ObjectionView, complaint_view, objection_view

MOST = 200


@dataclass(frozen=True, slots=True)
class WorkList:
    """What one reader has to do with: the legal day that comes first stands first."""

    objections: tuple[ObjectionView, ...]
    complaints: tuple[ComplaintView, ...]
    now: datetime


def work_list(session: Session, actor: Actor, now: datetime) -> WorkList:
    """A bidder's own, a party's of its lots, a supervisor's and the centre's."""
    own = _objections_of(session, actor)
    found = [seen for row in own if (seen := objection_view(session, row, actor, now)) is not None]
    found.sort(key=lambda view: (view.answered_at is not None, view.due_at, view.number))
    filed = [view for row in _complaints_of(session, actor) if (view := complaint_view(session, row, actor, now)) is not None]
    filed.sort(key=lambda view: (view.due_at is None, view.due_at or view.filed_at, view.number))
    return WorkList(tuple(found), tuple(filed), now)


def _objections_of(session: Session, actor: Actor) -> Sequence[Objection]:
    query = select(Objection).order_by(Objection.filed_at.desc(), Objection.id).limit(MOST)
    if actor.roles & {Role.CENTRE, Role.SUPERVISOR}:
        return session.scalars(query).all()
    if Role.BIDDER in actor.roles:
        return session.scalars(query.where(Objection.org_id == actor.org)).all()
    return session.scalars(query.where(Objection.lot_id.in_(_lots_of(actor)))).all()


def _complaints_of(session: Session, actor: Actor) -> Sequence[Complaint]:
    query = select(Complaint).order_by(Complaint.filed_at.desc(), Complaint.id).limit(MOST)
    if Role.SUPERVISOR in actor.roles:
        return session.scalars(query.where(Complaint.authority_org == actor.org)).all()
    if Role.BIDDER in actor.roles:
        return session.scalars(query.where(Complaint.org_id == actor.org)).all()
    return session.scalars(query.where(Complaint.lot_id.in_(_lots_of(actor)))).all()


def _lots_of(actor: Actor) -> Select[UUID]:
    mine = or_(Project.tenderer_org == actor.org, Project.agency_org == actor.org)
    return select(Lot.id).join(Project, Project.id == Lot.project_id).where(mine)


# Of one lot


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage of a lot: when it may be attacked, by when it is answered, by whom; `refusal` says why not now, None where it may be."""

    stage: Stage
    window: Window | None
    answer: PeriodRule
    capacities: tuple[Capacity, ...]
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class LotRemedies:
    """What may be said against a lot, and what has been, as far as the reader may know."""

    lot: LotView
    stages: tuple[StageView, ...]
    complaint: PeriodRule
    objections: tuple[ObjectionView, ...]
    complaints: tuple[ComplaintView, ...]
    may_file: bool
    now: datetime


def of_lot(session: Session, number: str, actor: Actor, now: datetime) -> LotRemedies:
    """The remedies of a lot; raises NotFound for a lot that is not public."""
    lot = lots.visible(session, number, actor)
    rows = session.scalars(select(Objection).where(Objection.lot_id == lot.id).order_by(Objection.filed_at, Objection.id))
    filed = session.scalars(select(Complaint).where(Complaint.lot_id == lot.id).order_by(Complaint.filed_at, Complaint.id))
    told = remedy_facts.milestones(session, lot)
    return LotRemedies(
        lot=lot,
        stages=tuple(_stage(lot, stage, told, now) for stage in STAGES[lot.regime]),
        complaint=complaint_rule(lot.law),
        objections=tuple(seen for row in rows if (seen := objection_view(session, row, actor, now)) is not None),
        complaints=tuple(view for row in filed if (view := complaint_view(session, row, actor, now)) is not None),
        may_file=Role.BIDDER in roles_of(actor, lot.parties, None),
        now=now,
    )


def _stage(lot: LotView, stage: Stage, told: Milestones, now: datetime) -> StageView:
    facts = ObjectionFacts(now=now, law=lot.law, stage=stage, told=told)
    refusal: Refusal | None = None
    try:
        MOVES.choose(ObjectionAction.FILE, ObjectionState.UNFILED, frozenset({Role.BIDDER}), facts)
    except Refusal as found:
        refusal = found
    capacities = CAPACITIES[lot.regime, stage]
    return StageView(stage, window(lot.law, stage, told), answer_rule(lot.law, stage), capacities, refusal)


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority that takes complaints here."""

    org: OrgId
    name: str


@dataclass(frozen=True, slots=True)
class ComplaintForm:
    """What the form of a complaint offers: matters, the reader's own objections of the lot, authorities."""

    remedies: LotRemedies
    matters: tuple[Matter, ...]
    secret: frozenset[Matter]
    objections: tuple[ObjectionView, ...]
    authorities: tuple[Authority, ...]


def complaint_form(session: Session, number: str, actor: Actor, now: datetime) -> ComplaintForm:
    """The form of a complaint about a lot, for one bidder."""
    found = of_lot(session, number, actor, now)
    own = tuple(view for view in found.objections if view.is_mine and view.state is not ObjectionState.WITHDRAWN)
    grants = [grant for person in people.holders(session, Role.SUPERVISOR) for grant in person.grants if grant.role is Role.SUPERVISOR]
    authorities = sorted({(grant.org_name, grant.org) for grant in grants})
    listed = tuple(Authority(org, name) for name, org in authorities)
    return ComplaintForm(found, MATTERS[found.lot.regime], SECRET_MATTERS, own, listed)


# For everybody


def decisions(session: Session, after: str = "", limit: int = 20) -> tuple[tuple[ComplaintView, ...], str]:
    """Published decisions, the newest first, from behind the number `after` on; and where the next page begins, "" on the last."""
    query = select(Complaint).where(Complaint.published_at.is_not(None)).order_by(Complaint.published_at.desc(), Complaint.id.desc())
    begun = session.scalar(select(Complaint).where(Complaint.number == after, Complaint.published_at.is_not(None))) if after else None
    if begun is not None:
        earlier = Complaint.published_at < begun.published_at
        query = query.where(or_(earlier, (Complaint.published_at == begun.published_at) & (Complaint.id < begun.id)))
    rows = session.scalars(query.limit(limit + 1)).all()
    found = [view for row in rows[:limit] if (view := complaint_view(session, row, Actor(), row.filed_at)) is not None]
    return tuple(found), rows[limit - 1].number if len(rows) > limit else ""

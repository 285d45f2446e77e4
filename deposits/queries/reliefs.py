"""Reliefs from deposits: which hold, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.identity.queries.people import OrganisationView
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from deposits.domain.relief import FREE, IN_FORCE, STANDING, WAIVE, Freed, Project, ReliefState, Waiver, best_waiver, freed_by
from deposits.models.reliefs import Relief


@dataclass(frozen=True, slots=True)
class ReliefView:
    """A relief as it was signed. `said`: what its body says."""

    id: UUID
    sha256: str
    said: Freed | Waiver
    state: ReliefState
    proposal: dict[str, JSON] | None
    proposed_at: datetime
    agreed_at: datetime | None
    ended_at: datetime | None
    end_reason: str


def listed(session: Session) -> tuple[ReliefView, ...]:
    """All reliefs, the youngest first; for the centre and the supervisor."""
    return tuple(_view(row) for row in session.scalars(select(Relief).order_by(Relief.proposed_at.desc(), Relief.id)))


def sought(views: Iterable[ReliefView], words: str, standing: bool) -> tuple[ReliefView, ...]:
    """Of these, whose firm, region or paper holds the words; with `standing` only what holds or waits for a signature."""
    return tuple(view for view in views if (not standing or view.state in STANDING) and any(words in text for text in _texts(view.said)))


def _texts(said: Freed | Waiver) -> tuple[str, ...]:
    return (said.region, said.source) if isinstance(said, Freed) else (said.name, said.source)


def standing(session: Session, org: OrgId | None, at: datetime) -> tuple[ReliefView, ...]:
    """Those that hold at a moment: every kind that is freed, and the waivers of this firm."""
    held = [view for view in listed(session) if view.state in IN_FORCE and view.said.period.holds(legal_day(at))]
    return tuple(view for view in held if isinstance(view.said, Freed) or view.said.org == org)


def firm(session: Session, uscc: str) -> OrganisationView | None:
    """The firm of a unified social credit code, None for none."""
    try:
        return people.organisation_by_uscc(session, uscc)
    except NotFound:
        return None


def freed(session: Session, project: Project, at: datetime) -> Freed | None:
    """The relief by which such a project asks for no deposit at a moment."""
    return freed_by([Freed.read(body) for body in _in_force(session, FREE, at).values()], project, legal_day(at))


def waivers(session: Session, org: OrgId, at: datetime) -> dict[str, Waiver]:
    """The waivers of a firm that hold at a moment, by the digests of their statements. That a firm is on a list is no secret; that it uses
    it in a lot is."""
    known = {sha256: Waiver.read(body) for sha256, body in _in_force(session, WAIVE, at).items()}
    return {sha256: one for sha256, one in known.items() if one.org == org and one.period.holds(legal_day(at))}


def waiver(session: Session, org: OrgId, at: datetime) -> tuple[str, Waiver] | None:
    """The best of them, with its digest."""
    known = waivers(session, org, at)
    best = best_waiver(known.values(), org, legal_day(at))
    return next(((sha256, one) for sha256, one in known.items() if one is best), None)


def _in_force(session: Session, kind: str, at: datetime) -> dict[str, dict[str, JSON]]:
    stood = Relief.agreed_at <= at, or_(Relief.ended_at.is_(None), Relief.ended_at > at)
    return {row.sha256: row.body for row in session.execute(select(Relief.sha256, Relief.body).where(Relief.kind == kind, *stood))}


def _view(row: Relief) -> ReliefView:
    said = Freed.read(row.body) if row.kind == FREE else Waiver.read(row.body)
    dates = (row.proposed_at, row.agreed_at, row.ended_at)
    return ReliefView(row.id, row.sha256, said, row.state, row.proposal, *dates, row.end_reason)

"""The expert pool and the sites: who may be drawn, and where they may sit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.identity.queries import people
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import ExpertId, PersonId, new_id
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.models.experts import Expert, Site

KEEPERS = frozenset({Role.CENTRE, Role.SYSTEM})


def add_site(work: Work, name: str, city: str, is_host: bool, workstations: int) -> str:
    """Adds a site, or finds the one of that name; returns its id."""
    _keeper(work)
    known = work.session.scalar(select(Site).where(Site.name == name))
    if known is None:
        known = Site(id=new_id(work.now()), name=name, city=city, is_host=is_host, workstations=workstations)
        work.session.add(known)
        work.session.flush()
    return str(known.id)


def admit(work: Work, person: PersonId, strata: Sequence[str]) -> ExpertId:
    """Admits a person who holds the role of expert to the pool, for these specialties; the employer is the organisation of that grant."""
    _keeper(work)
    if not strata or len(set(strata)) != len(strata):
        raise RuleBroken("pool.strata")
    employer = next((grant.org for grant in people.person(work.session, person).grants if grant.role is Role.EXPERT), None)
    if employer is None:
        raise RuleBroken("pool.not_an_expert")
    now = work.now()
    known = work.session.scalar(select(Expert).where(Expert.person_id == person))
    if known is None:
        known = Expert(id=new_id(now), person_id=person, employer_id=employer, is_active=True, admitted_at=now)
        work.session.add(known)
    known.strata = list(strata)
    work.session.flush()
    return ExpertId(known.id)


def _keeper(work: Work) -> None:
    if not KEEPERS & work.actor.roles:
        raise NotAllowed("pool.not_allowed")

"""Which audience of a case's live room somebody is."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.roles import Role
from trading.domain.opening_audience import bidder
from trading.models.project import Project


def audience_of(session: Session, actor: Actor, case: str) -> str | None:
    """Host, supervisor, tenderer (its agency too), a bidder of its own, or public; None where there is no such case."""
    project = session.scalar(select(Project).where(Project.number == case))
    if project is None:
        return None
    if Role.CENTRE in actor.roles:
        return "host"
    if Role.SUPERVISOR in actor.roles:
        return "supervisor"
    own = {Role.TENDERER: project.tenderer_org, Role.AGENCY: project.agency_org}
    if any(role in actor.roles and org is not None and org == actor.org for role, org in own.items()):
        return "tenderer"
    if Role.BIDDER in actor.roles and actor.org is not None:
        return bidder(actor.org)
    return "public"

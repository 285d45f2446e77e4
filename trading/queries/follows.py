"""The lots that somebody follows, which nobody else is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.ids import LotId
from trading.domain.lot import LotState
from trading.models.follow import Follow
from trading.models.lot import Lot
from trading.models.project import Project

MOST = 200


@dataclass(frozen=True, slots=True)
class FollowedLot:
    """A lot that one follows."""

    number: str
    title: str
    state: LotState
    deadline: datetime | None
    since: datetime


def is_followed(session: Session, actor: Actor, lot: LotId) -> bool:
    """Whether this actor follows the lot."""
    return actor.person is not None and session.get(Follow, (actor.person, lot)) is not None


def followed(session: Session, actor: Actor) -> tuple[FollowedLot, ...]:
    """The lots that this actor follows, the last chosen first, at most 200."""
    query = select(Follow, Lot, Project).join(Lot, Lot.id == Follow.lot_id).join(Project, Project.id == Lot.project_id)
    rows = session.execute(query.where(Follow.person_id == actor.person).order_by(Follow.since.desc(), Lot.number).limit(MOST))
    return tuple(FollowedLot(lot.number, f"{project.title} {lot.title}", lot.state, lot.deadline, row.since) for row, lot, project in rows)

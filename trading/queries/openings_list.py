"""The list of openings: what is to be opened, what is being opened, what was opened; the same for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId
from trading.domain.lot import NOTICED_OR_LATER, LotState
from trading.domain.opening import OpeningState
from trading.models.lot import Lot
from trading.models.opening import Opening
from trading.models.project import Project


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """One lot's opening; `state` is SCHEDULED before the deadline."""

    number: str
    title: str
    project_title: str
    tenderer: str
    opens_at: datetime
    lot_state: LotState
    state: OpeningState


def openings_list(session: Session, limit: int = 100) -> tuple[OpeningRow, ...]:
    """The latest openings, the furthest ahead first."""
    query = select(Lot, Project).join(Project, Project.id == Lot.project_id)
    shown = query.where(Lot.state.in_(NOTICED_OR_LATER), Lot.deadline.is_not(None)).order_by(Lot.deadline.desc(), Lot.number).limit(limit)
    return tuple(_row(session, lot, project) for lot, project in session.execute(shown))


def _row(session: Session, lot: Lot, project: Project) -> OpeningRow:
    latest = select(Opening.state).where(Opening.lot_id == LotId(lot.id)).order_by(Opening.round.desc()).limit(1)
    state = session.scalar(latest) or OpeningState.SCHEDULED
    assert lot.deadline is not None  # the query asked for one
    return OpeningRow(lot.number, lot.title, project.title, project.tenderer_name, lot.deadline, lot.state, state)

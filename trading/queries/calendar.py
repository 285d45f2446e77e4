"""The calendar of public lots: when documents come out, until when one may object, when bids are due and opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trading.domain.publication import PUBLICATIONS
from trading.models.lot import Lot
from trading.models.notice import Notice
from trading.models.project import Project
from trading.queries.lot_page import Milestone, timeline
from trading.queries.lots import LotView
from trading.queries.notices import NoticeFilter, of_lots

KEPT, MOST = timedelta(days=60), 500
SHOWN = (Milestone.RELEASE, Milestone.OBJECTIONS, Milestone.DEADLINE)
_RESCHEDULING = [kind for kind, publication in PUBLICATIONS.items() if publication.reschedules]


@dataclass(frozen=True, slots=True)
class LotDates:
    """A public lot and its moments; `sequence` counts what was rescheduled since its first notice, at `changed_at` for the last time."""

    lot: LotView
    moments: tuple[tuple[Milestone, datetime], ...]
    sequence: int
    changed_at: datetime


def dates(session: Session, wanted: NoticeFilter, number: str, now: datetime) -> tuple[LotDates, ...]:
    """The lots with a deadline that is at most 60 days past, the nearest first; one lot alone where `number` says which."""
    changes = (
        select(Notice.lot_id, func.count().label("times"), func.max(Notice.published_at).label("last"))
        .where(Notice.kind.in_(_RESCHEDULING))
        .group_by(Notice.lot_id)
        .subquery()
    )
    query = select(Lot, Project, changes.c.times, changes.c.last).join(Project, Project.id == Lot.project_id)
    query = query.join(changes, changes.c.lot_id == Lot.id).where(Lot.notice_at.is_not(None), Lot.deadline >= now - KEPT)
    if number:
        query = query.where(Lot.number == number)
    rows = session.execute(query.where(*of_lots(wanted)).order_by(Lot.deadline, Lot.number).limit(MOST))
    return tuple(_dates(LotView.of(lot, project), times, last, now) for lot, project, times, last in rows)


def _dates(lot: LotView, times: int, last: datetime, now: datetime) -> LotDates:
    shown = ((moment.milestone, moment.at) for moment in timeline(lot, now) if moment.milestone in SHOWN)
    return LotDates(lot, tuple((what, at) for what, at in shown if at is not None), times - 1, last)

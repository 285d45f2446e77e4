"""One session on one time line: events, alarms, supervisors' acts and views, as supervisors heard of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.streams import StreamRow
from evaluation.domain.alarm import ALARMS, RECORDED
from evaluation.domain.audience import SUPERVISOR
from evaluation.domain.recording import chain_of
from evaluation.domain.timeline import is_within, span_of
from evaluation.queries import rooms
from evaluation.queries.wall import SESSION, Happened, happened
from trading.queries import lots
from trading.queries.lots import LotView

MOST, WIDE = 2_000, 1_000


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Something that happened; `lane`: event, alarm, act, view or video; `x`: its place of a thousand; `is_asked`: at that moment."""

    what: Happened
    lane: str
    x: int
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The time line of a session, or of what is asked for; `days`: those on which anything happened."""

    lot: LotView
    rows: tuple[TimelineRow, ...]
    days: tuple[date, ...]
    begin: datetime | None
    until: datetime | None


def of_room(session: Session, number: str, moment: datetime | None = None, clock: str = "") -> Timeline:
    """The time line of a lot's room, around a moment in Beijing's time if one is given. Raises NotFound where there is no room."""
    lot = lots.by_number(session, number)
    if rooms.evaluation_id(session, lot.id) is None:
        raise NotFound("evaluation.not_found")
    chains = (lot.case, chain_of(lot.case))  # recordings stand on their own
    query = select(StreamRow).where(StreamRow.case_id.in_(chains), StreamRow.audience == SUPERVISOR)
    query = query.order_by(StreamRow.at, StreamRow.case_id, StreamRow.seq).limit(MOST)
    every = [one for one in map(happened, session.scalars(query)) if one.kind in SESSION and one.lot in ("", lot.no)]
    days = tuple(sorted({legal_day(one.at) for one in every}))
    found = every
    if moment is not None:
        begin, until = span_of(moment, clock)
        found = [one for one in every if begin <= one.at < until]
    elif every:
        begin, until = every[0].at, every[-1].at
    else:
        return Timeline(lot, (), (), None, None)
    wide = (until - begin).total_seconds() or 1.0
    rows = tuple(
        TimelineRow(
            one,
            lane_of(one.kind),
            round(WIDE * (one.at - begin).total_seconds() / wide),
            moment is not None and is_within(one.at, moment, clock),
        )
        for one in found
    )
    return Timeline(lot, rows, days, begin, until)


def lane_of(kind: str) -> str:
    """On which line a kind stands."""
    if kind in ALARMS and kind not in RECORDED:
        return "alarm"
    if kind in ("supervision.view", "supervision.look", "supervision.view_end"):
        return "view"
    if kind.startswith("video."):
        return "video"
    return "act" if kind.startswith("supervision.") else "event"

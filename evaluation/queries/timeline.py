"""One session on one time line: events, alarms, supervisors' acts and views, as supervisors heard of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from core.kernel.streams import StreamRow
from evaluation.domain.alarm import ALARMS, RECORDED
from evaluation.domain.audience import SUPERVISOR
from evaluation.domain.recording import TapeState, chain_of, form_for
from evaluation.domain.timeline import is_within, span_of
from evaluation.queries import recordings, rooms
from evaluation.queries.wall import SESSION, Happened, happened
from trading.queries import lots
from trading.queries.lots import LotView

MOST, WIDE = 2_000, 1_000
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Something that happened; `lane`: event, alarm, act, view or video; `x`: its place of a thousand; `is_asked`: at that moment."""

    what: Happened
    lane: str
    x: int
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Playable:
    """A seat's recording that was running at the moment asked for, and how many seconds into it that is."""

    seat: str
    name: str
    tape: str
    offset: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The time line of a session, or of what is asked for; `days`: those on which anything happened; `tapes`: what was recorded just then,
    in the form that may be seen."""

    lot: LotView
    rows: tuple[TimelineRow, ...]
    days: tuple[date, ...]
    begin: datetime | None
    until: datetime | None
    tapes: tuple[Playable, ...] = ()


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
    tapes = () if moment is None else _playable(session, lot, moment)
    return Timeline(lot, rows, days, begin, until, tapes)


def _playable(session: Session, lot: LotView, moment: datetime) -> tuple[Playable, ...]:
    """The tapes that were running then, one of each seat. A moment just before a tape, within the minute asked for, plays its beginning."""
    form, found = form_for(lot.state, frozenset({Role.SUPERVISOR})), dict[str, Playable]()
    for tape in recordings.of_lots(session, [lot.id]):
        is_on = tape.begun_at < moment + MINUTE and (tape.ended_at is None or tape.ended_at > moment)
        if tape.form is form and tape.state is not TapeState.DISPOSED and tape.seat not in found and is_on:
            offset = max(0, int((moment - tape.begun_at).total_seconds()))
            found[tape.seat] = Playable(tape.seat, tape.name, str(tape.id), offset)
    return tuple(found[seat] for seat in sorted(found, key=int))


def lane_of(kind: str) -> str:
    """On which line a kind stands."""
    if kind in ALARMS and kind not in RECORDED:
        return "alarm"
    if kind in ("supervision.view", "supervision.look", "supervision.view_end"):
        return "view"
    if kind.startswith("video."):
        return "video"
    return "act" if kind.startswith("supervision.") else "event"

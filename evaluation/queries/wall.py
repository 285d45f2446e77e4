"""The wall: every room in session with its seats and progress, its alarms, what came last, and the newest checkpoint; never a score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.streams import StreamRow
from evaluation.domain.audience import PROJECTIONS, SUPERVISOR
from evaluation.domain.room import State
from evaluation.domain.supervision import State as Come
from evaluation.models.calls import DrawAlarm
from evaluation.models.rooms import Evaluation
from evaluation.models.supervision import SupervisionAct
from evaluation.queries import alarms, pages, recordings, rooms, viewing
from evaluation.queries.alarms import AlarmView
from evaluation.queries.pages import Evidence
from evaluation.queries.recordings import LineView
from evaluation.queries.rooms import RoomView, SeatView
from trading.domain.lot import INVENTED, LotState
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries import lots
from trading.queries.openings_list import OpeningRow, openings_list

PAGE, MOST_ROOMS, MOST_OVER, MOST_ALARMS, MOST_LINES = 12, 500, 6, 30, 14
SESSION = frozenset(kind for kind in PROJECTIONS if not kind.startswith(("award", "ballot", "interference.")))
"""The kinds that tell of a session; the stream of a case goes on with its award."""

STEPS = ("signed_in", "declared", "reviewed", "submitted", "signed")
"""What each seat goes through, as the matrix shows it: that it is done, never what."""


@dataclass(frozen=True, slots=True)
class WallRoom:
    """A room in session; `percent`: how much of what each seat goes through is done; `lines`: each seat's recording, by seat; `is_visited`:
    the reader has said for what they look, and sees pictures."""

    view: RoomView
    percent: int
    lines: Mapping[str, LineView]
    is_visited: bool

    @property
    def sites(self) -> int:
        """In how many places its members sit."""
        return len({seat.site for seat in self.view.seats})


@dataclass(frozen=True, slots=True)
class InSession:
    """A room in session as the list of all of them has it; `page`: on which page of the wall it stands with its seats."""

    number: str
    case: str
    no: str
    title: str
    state: State
    is_paused: bool
    page: int


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A place with its seats in session, and how many of them signed in."""

    name: str
    seats: int
    signed_in: int


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as supervisors hear of it."""

    case: str
    lot: str
    kind: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wall:
    """All that the wall shows: every room in session by a line, those of one page with their seats."""

    sessions: tuple[InSession, ...]
    page: int
    rooms: tuple[WallRoom, ...]
    over: tuple[RoomView, ...]  # rooms whose report is in, the newest first
    sites: tuple[SiteLine, ...]
    alarms: tuple[AlarmView, ...]
    waiting: int  # acts of supervisors that are not closed
    lines: tuple[Happened, ...]
    openings: tuple[OpeningRow, ...]  # of today, by Beijing's day
    evidence: Evidence | None

    @property
    def pages(self) -> int:
        """How many pages the rooms in session fill."""
        return max(1, -(-len(self.sessions) // PAGE))

    @property
    def open_alarms(self) -> tuple[AlarmView, ...]:
        """Those that are not settled."""
        return tuple(one for one in self.alarms if not one.is_settled)


def wall(session: Session, actor: Actor, now: datetime, page: int = 1) -> Wall:
    """The wall for a supervisor; a page that there is not is the last one."""
    sessions = _sessions(session)
    page = min(max(page, 1), max(1, -(-len(sessions) // PAGE)))
    found = [rooms.view(session, actor, one.number) for one in sessions if one.page == page]
    over = tuple(rooms.view(session, actor, number) for number in _over(session))
    cases = {one.case for one in sessions} | {str(room.lot.case) for room in over}
    numbers = [one.number for one in sessions] + [room.lot.number for room in over] + _drawing(session)
    raised = [one for number in numbers for one in alarms.of_lot(session, lots.by_number(session, number))]
    raised.sort(key=lambda one: (one.is_settled, -one.at.timestamp()))
    count = select(func.count()).select_from(SupervisionAct)
    real = count.join(Lot, Lot.id == SupervisionAct.lot_id).where(Lot.state.not_in(INVENTED))
    waiting = session.scalar(real.where(SupervisionAct.state != Come.CLOSED)) or 0
    today = legal_day(now)
    return Wall(
        sessions=sessions,
        page=page,
        rooms=tuple(_room(session, actor, room, now) for room in found),
        over=over,
        sites=_sites(found),
        alarms=tuple(raised[:MOST_ALARMS]),
        waiting=waiting,
        lines=tuple(newest_lines(session, cases)),
        openings=tuple(one for one in openings_list(session) if legal_day(one.opens_at) == today),
        evidence=pages.evidence(session),
    )


def _room(session: Session, actor: Actor, room: RoomView, now: datetime) -> WallRoom:
    visited = viewing.own(session, actor, room.lot, now) is not None
    return WallRoom(room, percent_of(room.seats), lines_of(session, actor, room.lot.number), visited)


def lines_of(session: Session, actor: Actor, number: str) -> Mapping[str, LineView]:
    """How the recording of each seat stands, by seat."""
    return {line.seat: line for line in recordings.lines(session, actor, number).rows}


def _sessions(session: Session) -> tuple[InSession, ...]:
    """The rooms in session, the newest first."""
    known = Lot.number, Lot.no, Lot.title, Project.number, Project.title, Evaluation.state, Evaluation.paused_by
    query = select(*known).join(Evaluation, Evaluation.lot_id == Lot.id).join(Project, Project.id == Lot.project_id)
    rows = session.execute(
        query.where(Evaluation.state != State.SUBMITTED, Lot.state != LotState.DRILLED)
        .order_by(Evaluation.formed_at.desc(), Lot.number)
        .limit(MOST_ROOMS)
    )
    return tuple(
        InSession(number, case, no, f"{project} {title}", state, bool(paused_by), 1 + place // PAGE)
        for place, (number, no, title, case, project, state, paused_by) in enumerate(rows)
    )


def _over(session: Session) -> list[str]:
    """The lots whose report came last."""
    query = select(Lot.number).join(Evaluation, Evaluation.lot_id == Lot.id).order_by(Evaluation.formed_at.desc()).limit(MOST_OVER)
    return list(session.scalars(query.where(Evaluation.state == State.SUBMITTED, Lot.state != LotState.DRILLED)))


def _drawing(session: Session) -> list[str]:
    """The lots whose draw raised an alarm and that have no room yet, the newest alarm first."""
    query = select(Lot.number).join(DrawAlarm, DrawAlarm.lot_id == Lot.id).outerjoin(Evaluation, Evaluation.lot_id == Lot.id)
    query = query.where(Evaluation.id.is_(None), Lot.state.not_in(INVENTED))
    return list(session.scalars(query.group_by(Lot.number).order_by(func.max(DrawAlarm.at).desc()).limit(MOST_ALARMS)))


def percent_of(seats: Iterable[SeatView]) -> int:
    """How much of what each seat goes through is done, in whole percent; 0 where nobody sits."""
    done = [bool(getattr(seat, step)) for seat in seats for step in STEPS]
    return 100 * sum(done) // len(done) if done else 0


def _sites(found: Iterable[RoomView]) -> tuple[SiteLine, ...]:
    names: dict[str, list[bool]] = {}
    for room in found:
        for seat in room.seats:
            names.setdefault(seat.site, []).append(seat.signed_in)
    return tuple(SiteLine(name, len(seats), sum(seats)) for name, seats in sorted(names.items()))


def newest_lines(session: Session, cases: Iterable[str], most: int = MOST_LINES) -> list[Happened]:
    """The last that supervisors heard of these cases, the newest first."""
    mine = select(StreamRow).where(StreamRow.case_id.in_(sorted(cases)), StreamRow.audience == SUPERVISOR, StreamRow.kind.in_(SESSION))
    return [happened(row) for row in session.scalars(mine.order_by(StreamRow.at.desc(), StreamRow.seq.desc()).limit(most))]


def happened(row: StreamRow) -> Happened:
    """A stored message to supervisors."""
    return Happened(row.case_id, str(row.data.get("lot", "")), row.kind, row.at, row.data)

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
from evaluation.models.rooms import Evaluation
from evaluation.models.supervision import SupervisionAct
from evaluation.queries import alarms, pages, recordings, rooms, viewing
from evaluation.queries.alarms import AlarmView
from evaluation.queries.pages import Evidence
from evaluation.queries.recordings import LineView
from evaluation.queries.rooms import RoomView, SeatView
from trading.domain.lot import LotState
from trading.models.lot import Lot
from trading.queries.openings_list import OpeningRow, openings_list

MOST_ROOMS, MOST_ALARMS, MOST_LINES = 24, 30, 14
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
    """All that the wall shows; `streams`: case → lot → number of the newest entry, from which each room goes on live."""

    rooms: tuple[WallRoom, ...]
    over: tuple[RoomView, ...]  # rooms whose report is in, the newest first
    sites: tuple[SiteLine, ...]
    alarms: tuple[AlarmView, ...]
    waiting: int  # acts of supervisors that are not closed
    lines: tuple[Happened, ...]
    openings: tuple[OpeningRow, ...]  # of today, by Beijing's day
    evidence: Evidence | None

    @property
    def open_alarms(self) -> tuple[AlarmView, ...]:
        """Those that are not settled."""
        return tuple(one for one in self.alarms if not one.is_settled)


def wall(session: Session, actor: Actor, now: datetime) -> Wall:
    """The wall for a supervisor."""
    found = [rooms.view(session, actor, number) for number in _numbers(session, is_over=False)]
    over = tuple(rooms.view(session, actor, number) for number in _numbers(session, is_over=True)[:6])
    cases = {room.lot.case for room in found} | {room.lot.case for room in over}
    raised = [one for room in (*found, *over) for one in alarms.of_lot(session, room.lot)]
    raised.sort(key=lambda one: (one.is_settled, -one.at.timestamp()))
    waiting = session.scalar(select(func.count()).select_from(SupervisionAct).where(SupervisionAct.state != Come.CLOSED)) or 0
    today = legal_day(now)
    return Wall(
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


def _numbers(session: Session, *, is_over: bool) -> list[str]:
    query = select(Lot.number).join(Evaluation, Evaluation.lot_id == Lot.id).where(Lot.state != LotState.DRILLED)
    query = query.order_by(Evaluation.formed_at.desc()).limit(MOST_ROOMS)
    ended = Evaluation.state == State.SUBMITTED
    return list(session.scalars(query.where(ended if is_over else ~ended)))


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

"""The workstations of a committee: drawn among those booked for the lot, sat down at under two keys, left and taken again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import func, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.contingency import Phase
from evaluation.domain.seat_health import Why, is_awaited
from evaluation.domain.seating import MOVES, Action, CheckInBody, Facts, SeatDrawBody, assign, commitment, label, mixed
from evaluation.events_seating import SeatBack, SeatCheckedIn, SeatDrawSigned, SeatLeft, SeatsCommitted, SeatsDrawn
from evaluation.models.contingency import Halt
from evaluation.models.seating import SeatAbsence, SeatCheckIn, SeatDraw
from evaluation.queries import seated, seating
from evaluation.services.locked import LockedRoom
from trading.queries import lots
from trading.queries.lots import LotView


def prepare(work: Work, number: str) -> dict[str, JSON]:
    """What the centre signs to have the workstations drawn; the platform fixes its value first. Records SeatsCommitted, once for each draw.

    Returns the body of `seats.draw`. Raises WrongState before all have signed in, RuleBroken where nothing is booked for the lot now.
    """
    room = LockedRoom.by_number(work, number)
    MOVES.choose(Action.DRAW, room.row.state, work.actor.roles & {Role.CENTRE}, Facts())
    kept = seating.booked(work.session, room.lot.id, room.now)
    if not kept.spots:
        raise RuleBroken("seating.nothing_booked")
    row = _open(room) or _commit(room)
    return SeatDrawBody(row.no, _commitment(room.lot, row), kept.apart, kept.spots).to_json()


def draw(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`seats.draw`: each seat gets a workstation at its own site. Records SeatDrawSigned and SeatsDrawn.

    Raises RuleBroken for another body than what is booked and committed to, or where a site has too few.
    """
    lot = lots.by_number(work.session, number)
    expect = Expect("seats.draw", lot.case, lot.no, role=Role.CENTRE, step_up=True)
    return once(work, signed, expect, lambda act: _draw(work, lot, act))


def check_in(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`seat.check_in`: a member sits down at the workstation drawn. Records SeatCheckedIn. Raises as `CheckInBody.check`."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("seat.check_in", lot.case, lot.no, role=Role.EXPERT), lambda act: _check_in(work, lot, act))


def note_left(work: Work, number: str, seat: str, why: Why, *, by_line: bool = False) -> None:
    """Nobody is at a desk, or nothing is heard from it; once until somebody is back. `by_line`: no workstation signals it, the line of a
    member's page fell silent, which says something of those who have signed in alone. Records SeatLeft."""
    room = LockedRoom.by_number(work, number)
    if _absence(room, seat) is None and _is_awaited(room, seat, by_line=by_line):
        last = work.session.scalar(select(func.max(SeatAbsence.no)).where(SeatAbsence.evaluation_id == room.row.id)) or 0
        row = SeatAbsence(evaluation_id=room.row.id, no=last + 1, seat=seat, why=why.value, since=room.now, until=None)
        work.session.add(row)
        work.record(SeatLeft(case=room.lot.case, lot=room.lot.no, seat=seat, no=row.no, why=why.value))


def note_back(work: Work, number: str, seat: str) -> None:
    """Somebody is at the desk again. Records SeatBack where it had been left."""
    room = LockedRoom.by_number(work, number)
    row = _absence(room, seat)
    if row is not None:
        row.until = room.now
        work.record(SeatBack(case=room.lot.case, lot=room.lot.no, seat=seat, no=row.no))


def _is_awaited(room: LockedRoom, seat: str, *, by_line: bool) -> bool:
    held = next((one for one in room.seats if one.code == seat), None)
    phase = room.work.session.scalar(select(Halt.phase).where(Halt.payload_sha256 == room.row.paused_by))
    has_signed_in = held is not None and (held.signed_in_at is not None or not by_line)
    return is_awaited(room.row.state, is_night=phase is Phase.NIGHT, has_signed_in=has_signed_in)


def _absence(room: LockedRoom, seat: str) -> SeatAbsence | None:
    mine = (SeatAbsence.evaluation_id == room.row.id, SeatAbsence.seat == seat, SeatAbsence.until.is_(None))
    found: SeatAbsence | None = room.work.session.scalar(select(SeatAbsence).where(*mine))
    return found


def _open(room: LockedRoom) -> SeatDraw | None:
    """The draw whose value is fixed and not shown yet."""
    mine = (SeatDraw.evaluation_id == room.row.id, SeatDraw.drawn_at.is_(None))
    found: SeatDraw | None = room.work.session.scalar(select(SeatDraw).where(*mine))
    return found


def _commit(room: LockedRoom) -> SeatDraw:
    last = room.work.session.scalar(select(func.max(SeatDraw.no)).where(SeatDraw.evaluation_id == room.row.id)) or 0
    row = SeatDraw(evaluation_id=room.row.id, no=last + 1, secret=secrets.token_bytes(32), seats=None, drawn_at=None)
    room.work.session.add(row)
    room.work.session.flush()
    room.work.record(SeatsCommitted(case=room.lot.case, lot=room.lot.no, no=row.no, commit=_commitment(room.lot, row)))
    return row


def _commitment(lot: LotView, row: SeatDraw) -> str:
    return commitment(lot.case, label(lot.no, row.no), row.secret)


def _draw(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    MOVES.choose(Action.DRAW, room.row.state, frozenset({act.role}), Facts())
    said, row = SeatDrawBody.read(act.body), _open(room)
    kept = seating.booked(work.session, lot.id, room.now)
    if row is None or said != SeatDrawBody(row.no, _commitment(lot, row), kept.apart, kept.spots):
        raise RuleBroken("seating.other")
    work.record(SeatDrawSigned(case=lot.case, lot=lot.no, signed=act.envelope, no=said.no))
    seats = [(one.code, room.site_of(one)) for one in room.seats]
    found = assign(mixed(lot.case, label(lot.no, said.no), said, row.secret, act.payload_sha256), said, seats)
    row.seats, row.drawn_at = [{"seat": code} | spot.to_json() for code, spot in found.items()], room.now
    told: list[Mapping[str, JSON]] = [{"seat": code} | spot.place() for code, spot in found.items()]
    work.record(SeatsDrawn(case=lot.case, lot=lot.no, no=said.no, secret=row.secret.hex(), seats=told, bookings=kept.bookings))
    return {"no": said.no}


def _check_in(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat, said = room.seat_of(act.person), CheckInBody.read(act.body)
    newest = seated.newest(work.session, room.row.id)
    spot = None if newest is None or newest.no != said.no else newest.spots.get(seat.code)
    is_here = work.session.get(SeatCheckIn, (seat.id, said.no)) is not None
    MOVES.choose(Action.CHECK_IN, room.row.state, frozenset({act.role}), Facts(spot is not None, is_here))
    said.check(lot.case, lot.no, seat.code, cast(Any, spot), room.now)
    work.session.add(SeatCheckIn(seat_id=seat.id, no=said.no, at=room.now))
    work.record(SeatCheckedIn(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code))
    return {"no": said.no, "seat": seat.code}

"""A member's own bookmarks and notes in the documents: kept with the seat, seen by nobody else, no event."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from core.kernel.errors import NotAllowed
from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.note import MOVES, Action, Note, check
from evaluation.models.desks import SeatNote
from evaluation.models.rooms import Seat
from evaluation.queries import bids
from evaluation.services.locked import LockedRoom


def keep(work: Work, number: str, note_id: UUID, note: Note) -> dict[str, JSON]:
    """Keeps a note under the client's id, or what it says now; raises RuleBroken for one that says nothing, or too many, WrongState when
    the bids do not lie open yet or the report is handed over."""
    seat, documents, criteria = _desk(work, number, note.code)
    row = work.session.get(SeatNote, note_id)
    if row is not None and row.seat_id != seat.id:
        raise NotAllowed("note.other_seat")
    count = work.session.scalar(select(func.count()).select_from(SeatNote).where(SeatNote.seat_id == seat.id)) or 0
    check(note, documents, criteria, 0 if row is not None else count)
    if row is None:
        row = SeatNote(id=note_id, seat_id=seat.id, at=work.now())
        work.session.add(row)
    row.code, row.sha256, row.page, row.kind = note.code, note.sha256, note.page, note.kind
    row.criterion, row.quote, row.text = note.criterion, note.quote, note.text
    return {"id": str(note_id)}


def drop(work: Work, number: str, note_id: UUID) -> dict[str, JSON]:
    """Deletes one of the caller's notes; one that is gone already is no fault."""
    _, seat = _room(work, number, Action.DROP)
    row = work.session.get(SeatNote, note_id)
    if row is not None and row.seat_id == seat.id:
        work.session.delete(row)
    return {"id": str(note_id)}


def _desk(work: Work, number: str, code: str) -> tuple[Seat, set[str], set[str]]:
    """The caller's seat, the documents behind the code name, and the criteria of the method."""
    room, seat = _room(work, number, Action.KEEP)
    org = room.map().get(code)
    documents = {file.sha256 for bid in bids.opened(work.session, room.lot.id) if bid.org == org for file in bid.files}
    return seat, documents, {str(row["id"]) for row in room.method.get("criteria", ())}


def _room(work: Work, number: str, action: Action) -> tuple[LockedRoom, Seat]:
    room = LockedRoom.by_number(work, number)
    seat = room.seat_of(work.actor.person)
    MOVES.choose(action, room.row.state, work.actor.roles, None)
    room.refuse_while_paused()
    return room, seat

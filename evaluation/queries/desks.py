"""What stands on one member's workstation and nowhere else: the numbers of the drafts, notes and bookmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from evaluation.domain.room import See
from evaluation.models.desks import DraftOrder, SeatNote
from evaluation.queries import rooms
from evaluation.queries.rooms import RoomView


@dataclass(frozen=True, slots=True)
class NoteView:
    """A bookmark or a note of the caller's own."""

    id: UUID
    code: str
    sha256: str
    page: int
    kind: str
    criterion: str
    quote: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeskView:
    """The caller's desk: the seat's own id, for nobody else's eyes, and the number of the newest draft by code name."""

    seat: UUID
    drafts: Mapping[str, int]


def desk(session: Session, actor: Actor, number: str) -> DeskView:
    """The caller's own desk; raises NotFound, NotAllowed for whoever holds no seat, WrongState before the bids lie open."""
    room = rooms.view(session, actor, number)
    seat = rooms.own_seat(session, actor, room, See.BIDS)
    held = session.scalars(select(DraftOrder).where(DraftOrder.seat_id == seat.id))
    return DeskView(seat.id, {one.code: one.seq for one in held})


def seat_id(session: Session, actor: Actor, room: RoomView) -> UUID | None:
    """The id of the caller's own seat in a room, None for whoever holds none."""
    return None if room.me is None else rooms.own_seat(session, actor, room, See.PROGRESS).id


def notes(session: Session, actor: Actor, number: str) -> tuple[NoteView, ...]:
    """The caller's own notes and bookmarks, by bid, document and page; raises as `desk`."""
    seat = desk(session, actor, number).seat
    mine = select(SeatNote).where(SeatNote.seat_id == seat).order_by(SeatNote.code, SeatNote.sha256, SeatNote.page, SeatNote.at)
    return tuple(
        NoteView(one.id, one.code, one.sha256, one.page, one.kind.value, one.criterion, one.quote, one.text, one.at)
        for one in session.scalars(mine)
    )

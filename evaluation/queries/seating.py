"""The workstations of a committee: what is booked for a lot now, who was drawn where, who sits there, which desks were left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import clock
from core.kernel.ids import LotId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from evaluation.domain.booking import Purpose
from evaluation.domain.booking import State as BookingState
from evaluation.domain.committee import code_name
from evaluation.domain.seating import MOVES, Action, Facts, Spot
from evaluation.domain.site_draw import alias
from evaluation.models.experts import Site
from evaluation.models.rooms import Evaluation, Seat
from evaluation.models.seating import SeatAbsence, SeatCheckIn
from evaluation.models.sites import BookedPlace, Booking, Station
from evaluation.queries.rooms import RoomView
from evaluation.queries.seated import newest


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A seat with its workstation; whether its member sits there, and since when its desk is empty."""

    seat: str
    name: str
    spot: Spot
    is_here: bool
    left_since: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Seating:
    """What a viewer may see: host and supervisor all, a member the own place; `no` 0 before the first draw."""

    no: int
    places: tuple[PlaceView, ...]
    may_draw: bool
    may_check_in: bool

    @property
    def mine(self) -> PlaceView | None:
        """The one place of a member."""
        return self.places[0] if len(self.places) == 1 else None


@dataclass(frozen=True, slots=True)
class Booked:
    """What bookings keep for a lot: the workstations in order that work, whether its members are to sit apart, and the bookings as the draw
    tells of them: {booking, site, until, places}."""

    spots: tuple[Spot, ...]
    apart: bool
    bookings: tuple[dict[str, JSON], ...]


def booked(session: Session, lot: LotId, now: datetime) -> Booked:
    """What is kept now for the evaluation of a lot."""
    query = (
        select(Booking, Site.name, BookedPlace.room, Station)
        .join(Site, Site.id == Booking.site_id)
        .join(BookedPlace, BookedPlace.booking_id == Booking.id)
        .join(Station, (Station.site_id == Booking.site_id) & (Station.label == BookedPlace.key))
        .where(Booking.lot_id == lot, Booking.state == BookingState.HELD, Booking.until > now, Station.fault == "")
        .where(Booking.purpose != Purpose.OPENING, Booking.sealed_at.is_(None))
    )
    rows = session.execute(query).all()
    spots: list[Spot] = []
    told: dict[str, tuple[Booking, str, list[str]]] = {}
    for booking, name, room, one in rows:
        site = alias(booking.number) if booking.draw else name
        spots.append(Spot(site, room, one.label, one.key_id, one.spki))
        told.setdefault(booking.number, (booking, site, []))[2].append(one.label)
    bookings: list[dict[str, JSON]] = [
        {"booking": number, "site": site, "until": clock.text(booking.until), "places": sorted(labels)}
        for number, (booking, site, labels) in sorted(told.items())
    ]
    is_apart = any(booking.is_apart for booking, _, _ in told.values())
    return Booked(tuple(sorted(spots, key=lambda one: (one.site, one.station))), is_apart, tuple(bookings))


def of_room(session: Session, view: RoomView) -> Seating:
    """The seating of a room for its viewer."""
    row = session.scalar(select(Evaluation).where(Evaluation.lot_id == view.lot.id))
    drawn = None if row is None else newest(session, row.id)
    may_draw = Action.DRAW in MOVES.available(view.state, view.roles, Facts())
    sees_all = bool(view.roles & {Role.CENTRE, Role.SUPERVISOR})
    if row is None or drawn is None:
        return Seating(0, (), may_draw, may_check_in=False)
    seats = session.scalars(select(Seat).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None))).all()
    here = {one.seat_id for one in session.scalars(select(SeatCheckIn).where(SeatCheckIn.no == drawn.no))}
    absences = select(SeatAbsence).where(SeatAbsence.evaluation_id == row.id, SeatAbsence.until.is_(None))
    gone = {one.seat: one for one in session.scalars(absences)}
    mine = "" if view.me is None else view.me.code
    shown = [
        PlaceView(
            one.code,
            code_name(one.code),
            drawn.spots[one.code],
            one.id in here,
            gone[one.code].since if one.code in gone else None,
            gone[one.code].why if one.code in gone else "",
        )
        for one in sorted(seats, key=lambda one: int(one.code))
        if one.code in drawn.spots and (sees_all or one.code == mine)
    ]
    own = next((one for one in shown if one.seat == mine), None)
    facts = Facts(own is not None, own is not None and own.is_here)
    may = own is not None and Action.CHECK_IN in MOVES.available(view.state, view.roles, facts)
    return Seating(drawn.no, tuple(shown), may_draw, may)

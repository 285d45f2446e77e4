"""The catalogue of sites as pages show it: the list that cities share, and one site with its rooms and workstations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from evaluation.domain.booking import State
from evaluation.domain.site import MOVES, RoomKind, SiteAction, SiteFacts, SiteState, StationState, may_lend, standing
from evaluation.models.experts import PoolAgreement, Site
from evaluation.models.sites import BookedPlace, Booking, SiteRoom, Station
from evaluation.queries import venues


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site in the list. `agreement`: under which a partner lends it; `bar`: why it cannot be used today, "" where it can."""

    number: str
    name: str
    city: str
    address: str
    is_host: bool
    is_own: bool
    operator: str
    agreement: str
    agreement_until: date | None
    state: SiteState
    is_detailed: bool
    rooms: int
    stations: int
    bound: int
    faulty: int
    opening_rooms: int
    bar: str


@dataclass(frozen=True, slots=True)
class StationView:
    """A workstation as it stands now. `key_id`: of its device, "" while none is bound; `offered`: what a device offers, {} for nothing."""

    label: str
    network: str
    cameras: int
    state: StationState
    key_id: str
    bound_at: datetime | None
    fault: str
    offered: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room with its workstations."""

    name: str
    kind: RoomKind
    seats: int
    is_sealed: bool
    stations: tuple[StationView, ...]


@dataclass(frozen=True, slots=True)
class SiteView:
    """One site. `is_staff`: whether the viewer binds devices and notes faults there; `available`: what the viewer may do with the entry."""

    line: SiteLine
    operator_uscc: str
    buffer: int
    profile_sha256: str
    rooms: tuple[RoomView, ...]
    is_staff: bool
    available: tuple[SiteAction, ...]
    bookings: tuple[venues.BookingView, ...]

    def profile(self) -> dict[str, JSON]:
        """The body of the `site.keep` that would leave everything as it is."""
        rooms: list[JSON] = []
        for room in self.rooms:
            stations: list[JSON] = [{"station": one.label, "network": one.network, "cameras": one.cameras} for one in room.stations]
            rooms.append({"room": room.name, "kind": room.kind.value, "seats": room.seats, "stations": stations})
        line = self.line
        said: dict[str, JSON] = {"site": line.number, "name": line.name, "city": line.city, "address": line.address}
        said |= {"operator": self.operator_uscc, "is_host": line.is_host, "agreement": line.agreement, "buffer": self.buffer}
        return said | {"rooms": rooms, "replaces": self.profile_sha256}


def all_of(session: Session, now: datetime, viewer: Actor) -> tuple[SiteLine, ...]:
    """The whole catalogue by number; for a partner's staff their own sites."""
    query = select(Site).order_by(Site.number)
    if not viewer.roles & {Role.CENTRE, Role.SUPERVISOR}:
        query = query.where(Site.operator_id == viewer.org, Site.operator_id.is_not(None))
    return tuple(_line(session, row, legal_day(now)) for row in session.scalars(query))


def by_number(session: Session, number: str, now: datetime, viewer: Actor) -> SiteView:
    """One site; raises NotFound, for a partner's staff also of another's site."""
    row = session.scalar(select(Site).where(Site.number == number))
    own = row is not None and row.operator_id is not None and viewer.org == row.operator_id and Role.SITE in viewer.roles
    if row is None or not (own or viewer.roles & {Role.CENTRE, Role.SUPERVISOR}):
        raise NotFound("site.not_found")
    rooms = session.scalars(select(SiteRoom).where(SiteRoom.site_id == row.id, SiteRoom.is_listed).order_by(SiteRoom.place)).all()
    facts = SiteFacts(venues.standing_count(session, row.id, now))
    operator = people.organisation(session, OrgId(row.operator_id)) if row.operator_id else None
    return SiteView(
        line=_line(session, row, legal_day(now)),
        operator_uscc=operator.uscc if operator else "",
        buffer=row.buffer_minutes,
        profile_sha256=row.profile_sha256,
        rooms=tuple(_room(session, one, now) for one in rooms),
        is_staff=own or (Role.CENTRE in viewer.roles and row.operator_id is None),
        available=MOVES.available(row.state, viewer.roles, facts),
        bookings=venues.of_site(session, row.id, now) if own or (Role.CENTRE in viewer.roles and row.operator_id is None) else (),
    )


def _line(session: Session, row: Site, day: date) -> SiteLine:
    mine = select(Station).where(Station.site_id == row.id, Station.is_listed)
    stations = session.scalars(mine).all()
    rooms = session.scalars(select(SiteRoom).where(SiteRoom.site_id == row.id, SiteRoom.is_listed)).all()
    agreement = session.get(PoolAgreement, row.agreement_id) if row.agreement_id else None
    bar = may_lend(venues.lending(session, row.agreement_id), day) if row.operator_id else None
    return SiteLine(
        number=row.number,
        name=row.name,
        city=row.city,
        address=row.address,
        is_host=row.is_host,
        is_own=row.operator_id is None,
        operator=people.organisation(session, OrgId(row.operator_id)).name if row.operator_id else "",
        agreement=agreement.number if agreement else "",
        agreement_until=agreement.until_day if agreement else None,
        state=row.state,
        is_detailed=bool(row.profile_sha256),
        rooms=len(rooms),
        stations=len(stations) if row.profile_sha256 else row.workstations,
        bound=sum(bool(one.key_id) for one in stations),
        faulty=sum(bool(one.fault) for one in stations),
        opening_rooms=sum(one.kind is RoomKind.OPENING for one in rooms),
        bar=bar.code if bar else "",
    )


def _room(session: Session, row: SiteRoom, now: datetime) -> RoomView:
    stations = session.scalars(select(Station).where(Station.room_id == row.id, Station.is_listed).order_by(Station.place)).all()
    booked = _booked_now(session, [one.label for one in stations], row, now)
    return RoomView(
        row.name, row.kind, row.seats, row.is_sealed, tuple(_station(one, row.is_sealed, one.label in booked) for one in stations)
    )


def _booked_now(session: Session, labels: Sequence[str], room: SiteRoom, now: datetime) -> frozenset[str]:
    query = (
        select(BookedPlace.key)
        .join(Booking, Booking.id == BookedPlace.booking_id)
        .where(
            Booking.site_id == room.site_id,
            Booking.state == State.HELD,
            Booking.since <= now,
            Booking.until > now,
            BookedPlace.key.in_(labels),
        )
    )
    return frozenset(session.scalars(query))


def _station(row: Station, is_sealed: bool, is_booked: bool) -> StationView:
    state = standing(is_faulty=bool(row.fault), is_sealed=is_sealed, is_occupied=False, is_booked=is_booked)
    offered = cast("dict[str, JSON]", row.offered)
    return StationView(row.label, row.network, row.cameras, state, row.key_id, row.bound_at, row.fault, offered)

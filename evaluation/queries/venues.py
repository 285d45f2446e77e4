"""What of the sites is free and what is booked: for services that decide, for the search, for the lists of host and of a site's staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.kernel import clock
from core.kernel.calendar import CHINA, legal_day
from core.kernel.ids import LotId, OrgId, sayable
from core.kernel.jcs import JSON
from evaluation.domain import hand_over
from evaluation.domain import site as site_domain
from evaluation.domain.booking import STANDING, Need, Place, Purpose, Sessions, State, Taken, Use, Window, choose, free, room_for, sessions
from evaluation.domain.site import Lending, RoomKind, SiteState
from evaluation.domain.site_draw import alias
from evaluation.models.experts import PoolAgreement, Site
from evaluation.models.sites import BookedPlace, Booking, SiteRoom, Station
from trading.models.lot import Lot

LATEST = 200


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a site has in a window: how many seats, whether that is enough, and why it cannot be booked at all, "" where it can."""

    number: str
    name: str
    city: str
    is_own: bool
    has: int
    fits: bool
    refusal: str


@dataclass(frozen=True, slots=True)
class BookingView:
    """A booking as one viewer may see it. For the host `site` is a stand-in until a drawn site may be known; for a partner's staff `lot`
    is empty."""

    number: str
    site_number: str
    site: str
    lot: str
    purpose: Purpose
    state: State
    since: datetime
    until: datetime
    seats: int
    is_apart: bool
    places: tuple[str, ...]
    note: str
    is_hidden: bool
    is_lent: bool
    handed_sha256: str
    is_received: bool
    due_on: date | None  # until which day a partner's site hands over after the use
    is_late: bool  # that moment came, and nothing had been
    is_sealed: bool  # its rooms are closed


def places(session: Session, site: UUID) -> tuple[Place, ...]:
    """What can be booked there, in the catalogue's order; workstations out of order and sealed rooms are left out."""
    rooms = session.scalars(
        select(SiteRoom).where(SiteRoom.site_id == site, SiteRoom.is_listed, ~SiteRoom.is_sealed).order_by(SiteRoom.place)
    ).all()
    listed = select(Station).where(Station.site_id == site, Station.is_listed, Station.fault == "").order_by(Station.place)
    of_room: dict[UUID, list[Station]] = {}
    for one in session.scalars(listed):
        of_room.setdefault(one.room_id, []).append(one)
    found = []
    for room in rooms:
        if room.kind is RoomKind.OPENING:
            found.append(Place(room.name, room.kind, seats=room.seats))
        found += [Place(room.name, room.kind, one.label) for one in of_room.get(room.id, ())]
    return tuple(found)


def taken(session: Session, site: UUID, but: UUID | None = None, known_at: datetime | None = None) -> tuple[Taken, ...]:
    """The bookings that keep places there; a used one until its end. `but`: leaves one out; `known_at`: leaves out what the host may not
    know at that moment, since places that are gone would tell which site was drawn."""
    keeping = (*STANDING, State.USED)
    query = (
        select(Booking.id, Booking.since, Booking.until, BookedPlace.key)
        .join(BookedPlace, BookedPlace.booking_id == Booking.id)
        .where(Booking.site_id == site, Booking.state.in_(keeping))
    )
    if known_at is not None:
        query = query.where((Booking.draw.is_(None)) | (Booking.since <= known_at))
    found: dict[UUID, tuple[Window, set[str]]] = {}
    for booking, since, until, key in session.execute(query):
        if booking != but:
            found.setdefault(booking, (Window(since, until), set()))[1].add(key)
    return tuple(Taken(window, frozenset(keys)) for window, keys in found.values())


def keys_of(session: Session, booking: UUID) -> list[str]:
    """What a booking keeps, in a steady order."""
    return sorted(session.scalars(select(BookedPlace.key).where(BookedPlace.booking_id == booking)))


def next_site(session: Session, year: int) -> str:
    """The number that the next new site of a Beijing year gets."""
    count = session.scalar(select(func.count()).select_from(Site).where(Site.number.like(f"V{year}-%"))) or 0
    return sayable("V", year, count + 1)


def standing_count(session: Session, site: UUID, now: datetime) -> int:
    """How many bookings count on the site from now on."""
    query = select(func.count()).select_from(Booking).where(Booking.site_id == site, Booking.state.in_(STANDING), Booking.until > now)
    return session.scalar(query) or 0


def lending(session: Session, agreement: UUID | None) -> Lending | None:
    """An agreement as the rule about lent sites looks at it."""
    row = None if agreement is None else session.get(PoolAgreement, agreement)
    if row is None:
        return None
    return Lending(row.since_day, row.until_day, row.ended_on, frozenset(cast("list[str]", row.recognises)))


def capacity(session: Session, need: Need, now: datetime) -> tuple[Capacity, ...]:
    """Every open site with what it has in that window as far as the host may know, those that fit first, own ones before partners'."""
    rows = session.scalars(select(Site).where(Site.state == SiteState.OPEN, Site.profile_sha256 != "")).all()
    found = [_capacity(session, row, need, now) for row in rows]
    return tuple(sorted(found, key=lambda one: (not one.fits, not one.is_own, one.number)))


def _capacity(session: Session, row: Site, need: Need, now: datetime) -> Capacity:
    open_places = free(places(session, row.id), taken(session, row.id, known_at=now), need, timedelta(minutes=row.buffer_minutes))
    refusal = ""
    if row.operator_id is not None:
        lent = lending(session, row.agreement_id)
        days = {legal_day(need.window.since), legal_day(need.window.until)}
        refusal = next((found.code for day in sorted(days) if (found := site_domain.may_lend(lent, day)) is not None), "")
    fits = bool(choose(open_places, need)) and not refusal
    return Capacity(row.number, row.name, row.city, row.operator_id is None, room_for(open_places, need), fits, refusal)


def for_host(session: Session, now: datetime, lot: LotId | None = None) -> tuple[BookingView, ...]:
    """The centre's bookings, the latest first, of one lot where it is named; a drawn site is a stand-in until its time has come."""
    query = _joined()
    if lot is not None:
        query = query.where(Booking.lot_id == lot)
    rows = session.execute(query.order_by(Booking.since.desc(), Booking.number.desc()).limit(LATEST))
    return tuple(_view(session, booking, site, number or "", hides=is_hidden(booking, now)) for booking, site, number in rows)


def for_staff(session: Session, org: OrgId | None) -> tuple[BookingView, ...]:
    """What a partner's staff see of their own sites' bookings: never for which project."""
    query = _joined().where(Site.operator_id == org, Site.operator_id.is_not(None))
    rows = session.execute(query.order_by(Booking.since.desc(), Booking.number.desc()).limit(LATEST))
    return tuple(_view(session, booking, site, "", hides=False) for booking, site, _ in rows)


def of_site(session: Session, site: UUID, since: datetime) -> tuple[BookingView, ...]:
    """Bookings of one site that end after a moment, without their lots, in order of time."""
    query = _joined().where(Booking.site_id == site, Booking.until > since, Booking.state.in_((*STANDING, State.USED)))
    rows = session.execute(query.order_by(Booking.since, Booking.number).limit(LATEST))
    return tuple(_view(session, booking, row, "", hides=False) for booking, row, _ in rows)


def is_hidden(booking: Booking, now: datetime) -> bool:
    """Whether the host may not know yet which site was drawn (四不知): until the evaluation there begins."""
    return booking.draw is not None and now < booking.since


def _joined() -> Select[Booking, Site, str]:
    return select(Booking, Site, Lot.number).join(Site, Site.id == Booking.site_id).outerjoin(Lot, Lot.id == Booking.lot_id)


def _view(session: Session, booking: Booking, site: Site, lot: str, *, hides: bool) -> BookingView:
    is_lent = site.operator_id is not None
    return BookingView(
        number=booking.number,
        site_number="" if hides else site.number,
        site=alias(booking.number) if hides else site.name,
        lot=lot,
        purpose=booking.purpose,
        state=booking.state,
        since=booking.since,
        until=booking.until,
        seats=booking.seats,
        is_apart=booking.is_apart,
        places=() if hides else tuple(keys_of(session, booking.id)),
        note="" if hides else booking.note,
        is_hidden=hides,
        is_lent=is_lent,
        handed_sha256=booking.handed_sha256,
        is_received=booking.received_at is not None,
        due_on=hand_over.last_day(booking.until, CHINA) if hand_over.is_owed(booking.purpose, booking.state) and is_lent else None,
        is_late=booking.late_at is not None,
        is_sealed=booking.sealed_at is not None,
    )


def site_named(session: Session, name: str) -> Site | None:
    """The site that statements call so: by its name, or by the stand-in of a booking that was drawn."""
    found: Site | None = session.scalar(select(Site).where(Site.name == name))
    if found is None:
        number = name.rpartition(" ")[2]
        drawn = select(Site).join(Booking, Booking.site_id == Site.id)
        found = session.scalar(drawn.where(Booking.number == number, Booking.draw.is_not(None))) if name == alias(number) else None
    return found


def where_to_go(session: Session, name: str) -> tuple[str, str]:
    """Name and city of a site for who is called there, who alone learns early which one was drawn."""
    site = site_named(session, name)
    if site is None:
        return name, ""
    return site.name + (f"（{site.address}）" if site.address else ""), site.city


def for_lot(session: Session, lot: LotId, at: datetime) -> dict[str, int]:
    """What the bookings of a lot give at a moment: what statements call the site → seats, of those that are confirmed."""
    found: dict[str, int] = {}
    standing = (Booking.lot_id == lot, Booking.state == State.HELD, Booking.since <= at, Booking.until > at)
    query = select(Booking, Site.name).join(Site, Site.id == Booking.site_id).where(*standing, Booking.purpose == Purpose.EVALUATION)
    for booking, name in session.execute(query):
        called = alias(booking.number) if booking.draw else name
        found[called] = found.get(called, 0) + booking.seats
    return found


def drawn_for(session: Session, lot: LotId) -> tuple[tuple[str, int], ...]:
    """The stand-ins of the sites that were drawn for a lot and have accepted, with their seats."""
    query = select(Booking).where(Booking.lot_id == lot, Booking.draw.is_not(None), Booking.state == State.HELD).order_by(Booking.number)
    return tuple((alias(one.number), one.seats) for one in session.scalars(query))


def sealed_of(session: Session, lot: LotId) -> tuple[tuple[str, str], ...]:
    """What of a lot's bookings is sealed now: booking's number, and what statements call the site."""
    query = select(Booking, Site.name).join(Site, Site.id == Booking.site_id).where(Booking.lot_id == lot, Booking.sealed_at.is_not(None))
    return tuple((row.number, alias(row.number) if row.draw else name) for row, name in session.execute(query.order_by(Booking.number)))


def hand_over_late(session: Session, now: datetime) -> list[UUID]:
    """Uses of partners' sites of which nothing was handed over in time, and of which that was not noted yet."""
    query = select(Booking).join(Site, Site.id == Booking.site_id).where(Site.operator_id.is_not(None), Booking.late_at.is_(None))
    query = query.where(Booking.state == State.USED, Booking.handed_sha256 == "", Booking.until < now).order_by(Booking.until).limit(200)
    owed = (one for one in session.scalars(query) if hand_over.is_owed(one.purpose, one.state, one.handed_sha256))
    return [one.id for one in owed if now >= hand_over.due(one.until, CHINA)]


def held_sessions(session: Session, since: datetime, until: datetime, site: UUID | None = None) -> Sessions:
    """Sessions that began in a period, of one site or of all."""
    query = select(Booking).where(Booking.state == State.USED, Booking.since >= since, Booking.since < until)
    if site is not None:
        query = query.where(Booking.site_id == site)
    return sessions(Use(one.purpose, one.since, one.until, one.seats) for one in session.scalars(query))


def as_json(one: BookingView) -> dict[str, JSON]:
    """A booking as the API tells it."""
    told: dict[str, JSON] = {"booking": one.number, "site": one.site, "lot": one.lot, "purpose": one.purpose.value}
    told |= {"state": one.state.value, "since": clock.text(one.since), "until": clock.text(one.until), "seats": one.seats}
    return told | {"apart": one.is_apart, "places": list(one.places), "hidden": one.is_hidden}

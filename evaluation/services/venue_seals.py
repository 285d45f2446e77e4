"""Rooms of a site are sealed with the evaluation that sits there, and opened by who keeps the site; late hand-overs are noted."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.identity.domain.message import Discretion, Notice, Telling, Topic
from core.identity.queries import people
from core.identity.services import messages
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import CHINA
from core.kernel.db import lock
from core.kernel.ids import LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain import hand_over
from evaluation.domain.site import SITES
from evaluation.domain.venue_seal import UnsealBody, is_to_be_sealed, may_unseal
from evaluation.events_sites import HandOverLate, VenueSealed, VenueUnsealed
from evaluation.models.experts import Site
from evaluation.models.sites import BookedPlace, Booking, SiteRoom
from evaluation.services.stations import as_staff


def seal(work: Work, lot: LotId) -> None:
    """The rooms in which the committee of a lot sits are closed. Records VenueSealed for each booking, which does not say of which lot."""
    now = work.now()
    query = select(Booking).where(Booking.lot_id == lot).order_by(Booking.number).with_for_update()
    for row in work.session.scalars(query):
        if is_to_be_sealed(row.purpose, row.state, row.since, row.until, now, is_sealed=row.sealed_at is not None):
            row.sealed_at = now
            _mark(work, row)
            number = work.session.get_one(Site, row.site_id).number
            rooms = sorted(_rooms(work, row))
            work.record(VenueSealed(case=SITES, subject=row.number, booking=row.number, site=number, rooms=rooms))


def unseal(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`venue.unseal`: who keeps the site opens the rooms of a booking. Records VenueUnsealed. Raises WrongState where nothing is sealed."""
    return once(work, request, Expect("venue.unseal", SITES, step_up=True), lambda act: _unseal(work, act))


def note_late(work: Work, key: UUID) -> None:
    """The working days within which a partner's site hands over are gone. Records HandOverLate, and tells the site's staff and the centre,
    once."""
    row = lock(work.session, Booking, Booking.id == key)
    is_owed = hand_over.is_owed(row.purpose, row.state, row.handed_sha256)
    if row.late_at is None and is_owed and work.now() >= hand_over.due(row.until, CHINA):
        row.late_at = work.now()
        work.session.flush()
        work.record(HandOverLate(case=SITES, subject=row.number, booking=row.number, due=hand_over.due(row.until, CHINA)))
        _tell_late(work, row)


def _tell_late(work: Work, row: Booking) -> None:
    """The staff of the site, who owe it, and the centre, which has them do it. The use is over by then, and no project is named."""
    site = work.session.get_one(Site, row.site_id)
    staff = people.people_of(work.session, {OrgId(site.operator_id)} if site.operator_id else (), Role.SITE)
    centre = [one.id for one in people.holders(work.session, Role.CENTRE)]
    lines = [("venue.late", staff), ("venue.late_centre", centre)]
    told = [(Telling(Notice(words, Topic.TASK, row.number, site.name, "/venues"), Discretion.OPEN), whom) for words, whom in lines]
    messages.tell(work, new_id(work.now()), told)


def _unseal(work: Work, act: Act) -> dict[str, JSON]:
    said = UnsealBody.read(act.body)
    row = lock(work.session, Booking, Booking.number == said.booking)
    as_staff(work, work.session.get_one(Site, row.site_id), act.role)
    if (refusal := may_unseal(is_sealed=row.sealed_at is not None)) is not None:
        raise refusal
    row.sealed_at = None
    _mark(work, row)
    work.record(VenueUnsealed(case=SITES, signed=act.envelope, subject=row.number))
    return {"booking": row.number}


def _rooms(work: Work, row: Booking) -> set[str]:
    return set(work.session.scalars(select(BookedPlace.room).where(BookedPlace.booking_id == row.id)))


def _mark(work: Work, row: Booking) -> None:
    """A room is sealed while any booking that keeps a place in it is."""
    work.session.flush()
    sealed = select(BookedPlace.room).join(Booking, Booking.id == BookedPlace.booking_id)
    still = set(work.session.scalars(sealed.where(Booking.site_id == row.site_id, Booking.sealed_at.is_not(None))))
    names = _rooms(work, row)
    rooms = select(SiteRoom).where(SiteRoom.site_id == row.site_id, SiteRoom.name.in_(names)).order_by(SiteRoom.id).with_for_update()
    for room in work.session.scalars(rooms):
        room.is_sealed = room.name in still
    work.session.flush()

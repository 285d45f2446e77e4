"""The catalogue of sites: the centre keeps a site with its rooms and workstations by its signature, changes it, takes it out."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import legal_day
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotFound, RuleBroken, Stale
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.site import MOVES, SITES, RoomPlan, SiteAction, SiteFacts, SiteProfile, SiteRetirement, profile_digest
from evaluation.events_sites import SiteKept, SiteRetired
from evaluation.models.experts import ExpertCount, PoolAgreement, Site
from evaluation.models.sites import SiteRoom, Station
from evaluation.queries import venues

CENTRE = frozenset({Role.CENTRE})


def keep(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`site.keep`: a site comes into the catalogue under the next number, or stands as changed. Records SiteKept.

    Raises Stale when it was changed meanwhile, RuleBroken for an agreement or an operator that there is not, or a name that is taken.
    """
    return once(work, request, Expect("site.keep", SITES, role=Role.CENTRE, step_up=True), lambda act: _keep(work, act))


def retire(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`site.retire`: the site is not booked any more. Records SiteRetired. Raises WrongState while bookings count on it."""
    return once(work, request, Expect("site.retire", SITES, role=Role.CENTRE, step_up=True), lambda act: _retire(work, act))


def new_number(work: Work) -> str:
    """The next site's number of the Beijing year; one at a time takes one."""
    year = legal_day(work.now()).year
    insert_new(work.session.connection(), ExpertCount, [{"year": year, "count": 0}])
    lock(work.session, ExpertCount, ExpertCount.year == year)
    return venues.next_site(work.session, year)


def held(work: Work, number: str) -> Site:
    """The site of that number, locked; raises NotFound."""
    return lock(work.session, Site, Site.number == number)


def _keep(work: Work, act: Act) -> dict[str, JSON]:
    said = SiteProfile.read(act.body)
    row = _entry(work, said)
    row.state = MOVES.choose(SiteAction.KEEP, row.state, CENTRE, SiteFacts())
    if said.replaces != row.profile_sha256:
        raise Stale("site.changed_meanwhile")
    _check_name(work, said, row.id)
    row.name, row.city, row.address, row.is_host = said.name, said.city, said.address, said.is_host
    row.buffer_minutes, row.workstations = said.buffer, max(1, len(said.stations))
    row.operator_id, row.agreement_id = _operator(work, said.operator), _agreement(work, said.agreement)
    row.profile_sha256 = profile_digest(said.to_json())
    work.session.flush()
    for place, room in enumerate(said.rooms):
        _put_room(work, row, room, place)
    _leave_out(work, row, said)
    work.session.flush()
    work.record(SiteKept(case=SITES, signed=act.envelope, subject=row.number))
    return {"site": row.number, "profile_sha256": row.profile_sha256}


def _entry(work: Work, said: SiteProfile) -> Site:
    """The site that is meant, or a new one under the next number; raises Stale for a number that somebody else took meanwhile."""
    number = new_number(work)
    if work.session.scalar(select(Site.id).where(Site.number == said.site)) is not None:
        return held(work, said.site)
    if said.site != number:
        raise Stale("site.changed_meanwhile")
    row = Site(
        id=new_id(work.now()),
        number=number,
        name=said.name,
        city=said.city,
        is_host=said.is_host,
        workstations=1,
        state=MOVES.rows[0].to,
        profile_sha256="",
    )
    _check_name(work, said, row.id)
    work.session.add(row)
    return row


def _check_name(work: Work, said: SiteProfile, own: UUID) -> None:
    with work.session.no_autoflush:
        taken = work.session.scalar(select(Site.id).where(Site.name == said.name, Site.id != own))
    if taken is not None:
        raise RuleBroken("site.name_taken", name=said.name)


def _operator(work: Work, uscc: str) -> UUID | None:
    if not uscc:
        return None
    try:
        return people.organisation_by_uscc(work.session, uscc).id
    except NotFound:
        raise RuleBroken("site.operator_unknown", uscc=uscc) from None


def _agreement(work: Work, number: str) -> UUID | None:
    if not number:
        return None
    found = work.session.scalar(select(PoolAgreement.id).where(PoolAgreement.number == number))
    if found is None:
        raise RuleBroken("site.agreement_unknown", number=number)
    return found


def _put_room(work: Work, site: Site, plan: RoomPlan, place: int) -> None:
    room = work.session.scalar(select(SiteRoom).where(SiteRoom.site_id == site.id, SiteRoom.name == plan.room))
    if room is None:
        room = SiteRoom(id=new_id(work.now()), site_id=site.id, name=plan.room)
        work.session.add(room)
    room.kind, room.seats, room.place, room.is_listed = plan.kind, plan.seats, place, True
    work.session.flush()
    for order, one in enumerate(plan.stations):
        station = work.session.scalar(select(Station).where(Station.site_id == site.id, Station.label == one.station))
        if station is None:
            station = Station(id=new_id(work.now()), site_id=site.id, label=one.station)
            work.session.add(station)
        station.room_id, station.network, station.cameras = room.id, one.network, one.cameras
        station.place, station.is_listed = order, True
    work.session.flush()


def _leave_out(work: Work, site: Site, said: SiteProfile) -> None:
    """What the profile does not name any more is not listed; a device there is bound no longer."""
    rooms, labels = {room.room for room in said.rooms}, {one.station for one in said.stations}
    for room in work.session.scalars(select(SiteRoom).where(SiteRoom.site_id == site.id, SiteRoom.name.not_in(rooms))):
        room.is_listed = False
    for station in work.session.scalars(select(Station).where(Station.site_id == site.id, Station.label.not_in(labels or {""}))):
        station.is_listed, station.key_id, station.spki, station.bound_at = False, "", "", None


def _retire(work: Work, act: Act) -> dict[str, JSON]:
    said = SiteRetirement.read(act.body)
    row = held(work, said.site)
    facts = SiteFacts(venues.standing_count(work.session, row.id, work.now()))
    row.state = MOVES.choose(SiteAction.RETIRE, row.state, CENTRE, facts)
    work.session.flush()
    work.record(SiteRetired(case=SITES, signed=act.envelope, subject=row.number))
    return {"site": row.number}

"""Bookings of sites: the centre asks, a partner's staff answer, a site may be drawn by lot; what was booked is used, or not."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import func, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import legal_day
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import new_id, sayable
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain import site as site_domain
from evaluation.domain.booking import (
    MOVES,
    Action,
    AnswerBody,
    BookingBody,
    CancelBody,
    CloseBody,
    Facts,
    HandOverBody,
    Need,
    ReceiptBody,
    Side,
    State,
    booking_number,
    choose,
    free,
    is_held,
    may_hand_over,
    may_receive,
    need_json,
)
from evaluation.domain.site import SITES
from evaluation.domain.site_draw import SiteDrawBody, commitment, drawn_sites
from evaluation.events_sites import (
    MaterialHandedOver,
    MaterialReceived,
    SiteDrawn,
    SiteDrawSigned,
    VenueAnswered,
    VenueBooked,
    VenueCancelled,
    VenueClosed,
    VenueHeld,
)
from evaluation.models.experts import ExpertCount, Site
from evaluation.models.sites import BookedPlace, Booking, SiteDraw
from evaluation.queries import venues
from evaluation.services.sites import held
from evaluation.services.stations import as_staff
from trading.queries import lots


def book(work: Work, request: SignedRequest, lot: str = "") -> dict[str, JSON]:
    """`venue.book`: a site is asked for; an own one is held at once. `lot`: for which lot, which the statement does not say.

    Records VenueBooked, and VenueHeld where nobody has to answer. Raises RuleBroken for a site that has not so much in that window, or
    that no agreement lends on that day. Returns {booking, state}.
    """
    return once(work, request, Expect("venue.book", SITES, role=Role.CENTRE), lambda act: _book(work, act, lot))


def prepare_draw(work: Work, need: Need, lot: str = "") -> dict[str, JSON]:
    """What the centre signs to have a partner's site drawn: all partners' sites that have room, and what the platform commits to.

    Returns the body of `venue.draw`. Raises RuleBroken where fewer than two have room.
    """
    if Role.CENTRE not in work.actor.roles:
        raise NotAllowed("venue.draw.not_allowed")
    if (refusal := need.refuse(work.now())) is not None:
        raise refusal
    found = sorted(one.number for one in venues.capacity(work.session, need, work.now()) if one.fits and not one.is_own)
    year, secret = legal_day(work.now()).year, secrets.token_bytes(32)
    _one_at_a_time(work)
    many = work.session.scalar(select(func.count()).select_from(SiteDraw).where(SiteDraw.name.like(f"VD{year}-%"))) or 0
    name = sayable("VD", year, many + 1)
    body = SiteDrawBody.read(
        {"draw": name, "candidates": found, "commit": commitment(name, secret)} | cast("dict[str, object]", need_json(need))
    )
    lot_id = lots.by_number(work.session, lot).id if lot else None
    work.session.add(
        SiteDraw(name=name, secret=secret, candidates=list(found), need=need_json(need), lot_id=lot_id, prepared_at=work.now())
    )
    return body.to_json()


def draw(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`venue.draw`: one of the candidates is drawn and asked; the host does not learn which before the evaluation begins.

    Records SiteDrawSigned and SiteDrawn. Raises RuleBroken for another body than the one prepared, or when a candidate is taken
    meanwhile. Returns {draw}.
    """
    return once(work, request, Expect("venue.draw", SITES, role=Role.CENTRE, step_up=True), lambda act: _draw(work, act))


def answer(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`venue.answer`: the site's staff accept or refuse. Records VenueAnswered, and VenueHeld where they accept; where a drawn site
    refuses, the next in the order of the draw is asked."""
    return once(work, request, Expect("venue.answer", SITES, role=Role.SITE), lambda act: _answer(work, act))


def cancel(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`venue.cancel`: the centre gives a booking up, and its places are free again. Records VenueCancelled."""
    return once(work, request, Expect("venue.cancel", SITES, role=Role.CENTRE), lambda act: _cancel(work, act))


def close(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`venue.close`: it was used until then, or not at all; the places are free from then on. Records VenueClosed."""
    return once(work, request, Expect("venue.close", SITES), lambda act: _close(work, act))


def hand_over(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`venue.hand_over`: a partner's staff hand papers, files and recordings over after the use. Records MaterialHandedOver."""
    return once(work, request, Expect("venue.hand_over", SITES, role=Role.SITE), lambda act: _hand_over(work, act))


def receive(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`venue.receive`: the centre received what was handed over. Records MaterialReceived."""
    return once(work, request, Expect("venue.receive", SITES, role=Role.CENTRE), lambda act: _receive(work, act))


def _hand_over(work: Work, act: Act) -> dict[str, JSON]:
    said = HandOverBody.read(act.body)
    row, site = _booked(work, said.booking)
    as_staff(work, site, act.role)
    if (refusal := may_hand_over(row.state, row.handed_sha256)) is not None:
        raise refusal
    row.handed_sha256 = act.payload_sha256
    work.session.flush()
    work.record(MaterialHandedOver(case=SITES, signed=act.envelope, subject=row.number))
    return {"booking": row.number, "handed_sha256": row.handed_sha256}


def _receive(work: Work, act: Act) -> dict[str, JSON]:
    said = ReceiptBody.read(act.body)
    row, _ = _booked(work, said.booking)
    if (refusal := may_receive(row.handed_sha256, said.handed_sha256, is_received=row.received_at is not None)) is not None:
        raise refusal
    row.received_at = work.now()
    work.session.flush()
    work.record(MaterialReceived(case=SITES, signed=act.envelope, subject=row.number))
    return {"booking": row.number}


def _one_at_a_time(work: Work) -> None:
    """Draws take their numbers one at a time."""
    year = legal_day(work.now()).year
    insert_new(work.session.connection(), ExpertCount, [{"year": year, "count": 0}])
    lock(work.session, ExpertCount, ExpertCount.year == year)


def _book(work: Work, act: Act, lot: str) -> dict[str, JSON]:
    said = BookingBody.read(act.body)
    row = _place(work, said.booking, said.site, said.need, act.payload_sha256)
    row.lot_id = lots.by_number(work.session, lot).id if lot else None
    work.record(VenueBooked(case=SITES, signed=act.envelope, subject=row.number))
    if is_held(row.state):
        _hold(work, row)
    return {"booking": row.number, "state": row.state.value}


def _place(work: Work, name: str, number: str, need: Need, statement: str) -> Booking:
    """A booking of that site, held where it is the centre's own, else asked for; the site's row is the lock under which its places are
    given. Raises RuleBroken where the site cannot."""
    now, site = work.now(), held(work, number)
    if work.session.scalar(select(Booking.id).where(Booking.number == name)) is not None:
        raise RuleBroken("venue.name_taken")
    refusal = need.refuse(now) or _may_use(work, site, need)
    if refusal is not None:
        raise refusal
    if not _chosen(work, site, need):
        raise RuleBroken("venue.full")
    row = Booking(
        id=new_id(now),
        number=name,
        site_id=site.id,
        lot_id=None,
        draw=None,
        purpose=need.purpose,
        state=State.HELD if site.operator_id is None else State.ASKED,
        since=need.window.since,
        until=need.window.until,
        seats=need.seats,
        is_apart=need.apart,
        asked_at=now,
        statement_sha256=statement,
    )
    work.session.add(row)
    work.session.flush()
    _keep_places(work, row, site, need)
    return row


def _may_use(work: Work, site: Site, need: Need) -> RuleBroken | None:
    if not site_domain.is_bookable(site.state, site.profile_sha256):
        return RuleBroken("venue.site_closed", site=site.name)
    if site.operator_id is None:
        return None
    for day in {legal_day(need.window.since), legal_day(need.window.until)}:
        if (refusal := site_domain.may_lend(venues.lending(work.session, site.agreement_id), day)) is not None:
            return cast(RuleBroken, refusal)
    return None


def _chosen(work: Work, site: Site, need: Need, but: UUID | None = None) -> Sequence[tuple[str, str]]:
    """What the booking would keep: (key, room)."""
    places = venues.places(work.session, site.id)
    taken = venues.taken(work.session, site.id, but)
    found = choose(free(places, taken, need, timedelta(minutes=site.buffer_minutes)), need)
    return [(one.key, one.room) for one in found]


def _keep_places(work: Work, row: Booking, site: Site, need: Need) -> None:
    for key, room in _chosen(work, site, need, row.id):
        work.session.add(BookedPlace(booking_id=row.id, key=key, room=room))
    work.session.flush()


def _hold(work: Work, row: Booking) -> None:
    site = work.session.get_one(Site, row.site_id)
    keys = venues.keys_of(work.session, row.id)
    work.record(
        VenueHeld(
            case=SITES,
            subject=row.number,
            booking=row.number,
            site=site.number,
            statement_sha256=row.statement_sha256,
            since=row.since,
            until=row.until,
            places=keys,
        )
    )


def _draw(work: Work, act: Act) -> dict[str, JSON]:
    said = SiteDrawBody.read(act.body)
    prepared = lock(work.session, SiteDraw, SiteDraw.name == said.draw)
    if prepared.statement_sha256 or said.commit != commitment(prepared.name, prepared.secret):
        raise RuleBroken("venue.draw.other")
    if list(said.candidates) != prepared.candidates or need_json(said.need) != prepared.need:
        raise RuleBroken("venue.draw.other")
    prepared.statement_sha256 = act.payload_sha256
    work.record(SiteDrawSigned(case=SITES, signed=act.envelope, subject=said.draw))
    if not _ask_first(work, said, prepared):
        raise RuleBroken("venue.full")
    return {"draw": prepared.name}


def _ask_first(work: Work, said: SiteDrawBody, made: SiteDraw) -> bool:
    """Asks the first in the order of the draw that has not been asked and has room; False where none is left. Records SiteDrawn."""
    order = drawn_sites(said, made.secret, made.statement_sha256)
    asked = set(work.session.scalars(select(Site.number).join(Booking, Booking.site_id == Site.id).where(Booking.draw == made.name)))
    for number in (one for one in order if one not in asked):
        try:
            row = _place(work, booking_number(), number, said.need, made.statement_sha256)
        except RuleBroken:  # it is taken, or no agreement lends it
            continue
        row.draw, row.lot_id = made.name, made.lot_id
        work.session.flush()
        secret = made.secret.hex()
        work.record(SiteDrawn(case=SITES, draw=made.name, secret=secret, order=order, site=number, booking=row.number))
        return True
    return False


def _answer(work: Work, act: Act) -> dict[str, JSON]:
    said = AnswerBody.read(act.body)
    row, site = _booked(work, said.booking)
    as_staff(work, site, act.role)
    facts = Facts(work.now(), row.since, is_full=not venues.keys_of(work.session, row.id))
    row.state, row.note = MOVES.choose(said.action, row.state, frozenset({Side.SITE}), facts), said.reason
    work.session.flush()
    work.record(VenueAnswered(case=SITES, signed=act.envelope, subject=row.number))
    if said.accept:
        _hold(work, row)
    elif row.draw is not None:
        _ask_next(work, row)
    return {"booking": row.number, "state": row.state.value}


def _ask_next(work: Work, refused: Booking) -> None:
    """The next of the draw is asked in the place of one that refused, as long as one is left that has room."""
    made = work.session.get_one(SiteDraw, refused.draw)
    said = {"draw": made.name, "candidates": made.candidates, "commit": commitment(made.name, made.secret)}
    _ask_first(work, SiteDrawBody.read(said | cast("dict[str, object]", made.need)), made)


def _booked(work: Work, number: str) -> tuple[Booking, Site]:
    row = lock(work.session, Booking, Booking.number == number)
    return row, work.session.get_one(Site, row.site_id)


def _cancel(work: Work, act: Act) -> dict[str, JSON]:
    said = CancelBody.read(act.body)
    row, _ = _booked(work, said.booking)
    row.state = MOVES.choose(Action.CANCEL, row.state, frozenset({Side.HOST}), Facts(work.now(), row.since))
    row.note = said.reason
    work.session.flush()
    work.record(VenueCancelled(case=SITES, signed=act.envelope, subject=row.number))
    return {"booking": row.number, "state": row.state.value}


def _close(work: Work, act: Act) -> dict[str, JSON]:
    said = CloseBody.read(act.body)
    row, site = _booked(work, said.booking)
    if act.role is not Role.CENTRE:
        as_staff(work, site, act.role)
    side = Side.HOST if act.role is Role.CENTRE else Side.SITE
    row.state = MOVES.choose(said.action, row.state, frozenset({side}), Facts(work.now(), row.since))
    if (refusal := said.refuse(row.since, work.now())) is not None:
        raise refusal
    row.until = max(said.until, row.since + timedelta(minutes=1))
    work.session.flush()
    work.record(VenueClosed(case=SITES, signed=act.envelope, subject=row.number))
    return {"booking": row.number, "state": row.state.value}

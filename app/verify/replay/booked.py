"""A case held against the catalogue of sites: what it names as booked was held there, with those workstations, for that time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.verify.entries import Entry
from app.verify.replay.sites import replay
from app.verify.replay.story import same
from core.kernel import clock
from evaluation.domain.booking import State
from evaluation.domain.site import SiteProfile
from evaluation.domain.site_draw import alias

STANDING = (State.HELD, State.USED)


def check_bookings(drawn: Sequence[Entry], told: Sequence[Entry], pool: Sequence[Entry]) -> int:
    """Every booking that draws of workstations name. `drawn`: those draws, of a case; `told` and `pool`: the chains of the catalogue's
    package. Returns how many bookings there are; raises Broken."""
    catalogue, named = replay(told, pool), set()
    held = {entry.text("booking"): entry for entry in told if entry.kind == "venue.hold"}
    for entry in drawn:
        for one in entry.each("bookings"):
            number = one.text("booking")
            hold, booking = held.get(number), catalogue.bookings.get(number)
            one.require(hold is not None and hold.at <= entry.at, "booking_unheld", booking=number)
            assert booking is not None  # it was held
            fits = booking.state in STANDING and set(one.texts("places")) <= booking.keys
            one.require(fits, "booking_unheld", booking=number)
            site = alias(number) if booking.draw else _name(told, booking.site, entry.at)
            kept = [site, clock.text(booking.need.window.until)]
            same(one, [one.text("site"), one.text("until")], kept, "booking_unheld", booking=number)
            named.add(number)
    return len(named)


def _name(told: Sequence[Entry], site: str, at: datetime) -> str:
    """What a site was called at a moment."""
    kept = [SiteProfile.read(entry.body) for entry in told if entry.kind == "site.keep" and entry.at <= at]
    return [one.name for one in kept if one.site == site][-1]

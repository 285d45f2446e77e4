"""The catalogue of sites and all bookings, played again: no place given twice, nobody's device but a bound one, draws that come out so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.verify.entries import Entry
from app.verify.replay.story import same
from app.verify.verdict import Broken, inside
from core.kernel import clock
from core.kernel.calendar import CHINA, legal_day
from core.kernel.ids import sayable
from evaluation.domain.agreement import Agreement, AgreementEnd
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
    Place,
    ReceiptBody,
    Side,
    State,
    Taken,
    Use,
    Window,
    choose,
    free,
    may_hand_over,
    may_receive,
    sessions,
)
from evaluation.domain.hand_over import due, is_owed
from evaluation.domain.site import SITES, Lending, SiteProfile, SiteRetirement, may_lend, profile_digest
from evaluation.domain.site_draw import SiteDrawBody, commitment, drawn_sites
from evaluation.domain.station import Binding, StationNote
from evaluation.domain.venue_seal import UnsealBody, is_to_be_sealed

KEEPING = (State.ASKED, State.HELD, State.USED)


@dataclass
class Booked:
    """A booking as it stands."""

    site: str
    need: Need
    window: Window
    statement: str
    state: State
    draw: str = ""
    handed: str = ""
    is_received: bool = False
    is_late: bool = False
    is_sealed: bool = False
    is_due: bool = False  # accepted or own: what it keeps has still to be told
    keys: frozenset[str] = frozenset()


@dataclass
class Lent:
    """An agreement: since when it is concluded, what it says, when it was ended."""

    at: datetime
    said: Agreement
    ended: datetime | None = None

    def at_moment(self, moment: datetime) -> Lending | None:
        """As the rule looks at it, None before it was concluded."""
        ended = legal_day(self.ended) if self.ended is not None and self.ended <= moment else None
        recognises = frozenset(one.value for one in self.said.recognises)
        return Lending(self.said.since, self.said.until, ended, recognises) if self.at <= moment else None


def lendings(pool: Sequence[Entry]) -> dict[str, Lent]:
    """The agreements by their numbers, which each year counts; raises Broken."""
    found: dict[str, Lent] = {}
    for entry in pool:
        with inside(entry.member):
            if entry.kind == "pool.agreement":
                year = legal_day(entry.at).year
                count = sum(number.startswith(f"A{year}-") for number in found)
                found[sayable("A", year, count + 1)] = Lent(entry.at, Agreement.read(entry.body))
            elif entry.kind == "pool.agreement_end":
                said = AgreementEnd.read(entry.body)
                entry.require(said.number in found and found[said.number].ended is None, "agreement_unknown", number=said.number)
                found[said.number].ended = entry.at
    return found


@dataclass
class Catalogue:
    """What the chain has said."""

    lent: Mapping[str, Lent]
    sites: dict[str, SiteProfile] = field(default_factory=dict)
    retired: set[str] = field(default_factory=set)
    devices: dict[str, tuple[str, str]] = field(default_factory=dict)  # key → site, workstation
    faulty: set[tuple[str, str]] = field(default_factory=set)
    bookings: dict[str, Booked] = field(default_factory=dict)
    draws: dict[str, tuple[SiteDrawBody, str]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)  # draw → the platform's value

    @property
    def late(self) -> int:
        """Of how many uses nothing was handed over in time."""
        return sum(one.is_late for one in self.bookings.values())

    @property
    def undrawn(self) -> list[str]:
        """Draws that were signed and never came out."""
        return [name for name in self.draws if name not in self.shown]

    def figures(self) -> str:
        """Sites; devices; bookings; sessions."""
        used = [one for one in self.bookings.values() if one.state is State.USED]
        uses = [Use(one.need.purpose, one.window.since, one.window.until, one.need.seats) for one in used]
        return f"{len(self.sites)}; {len(self.devices)}; {len(self.bookings)}; {sessions(uses).total}"


def is_of_sites(case: str) -> bool:
    """Whether a package is of the catalogue, not of a tender."""
    return case == SITES


def replay(entries: Sequence[Entry], pool: Sequence[Entry] = ()) -> Catalogue:
    """Every statement fits those before it; `pool`: the chain on which agreements are concluded. Raises Broken."""
    found = Catalogue(lendings(pool))
    for entry in entries:
        take = TAKES.get(entry.kind)
        if take is None:
            raise Broken(entry.member, "kind_unknown", kind=entry.kind)
        with inside(entry.member):
            take(found, entry)
    for number, one in found.bookings.items():
        if one.is_due:
            raise Broken("", "venue_not_held", booking=number)
    if found.undrawn:
        raise Broken("", "venue_not_drawn", draw=found.undrawn[0])
    return found


# Sites


def _kept(found: Catalogue, entry: Entry) -> None:
    said = SiteProfile.read(entry.body)
    before = found.sites.get(said.site)
    same(entry, said.replaces, "" if before is None else profile_digest(before.to_json()), "site_differs")
    taken = [number for number, one in found.sites.items() if one.name == said.name and number != said.site]
    entry.require(not taken, "site_differs", site=said.name)
    found.sites[said.site] = said
    found.retired.discard(said.site)
    labels = {one.station for one in said.stations}
    found.devices = {key: at for key, at in found.devices.items() if at[0] != said.site or at[1] in labels}


def _retired(found: Catalogue, entry: Entry) -> None:
    said = SiteRetirement.read(entry.body)
    entry.require(said.site in found.sites and said.site not in found.retired, "site_unknown", site=said.site)
    standing = [one for one in found.bookings.values() if one.site == said.site and one.state in KEEPING[:2]]
    entry.require(all(one.window.until <= entry.at for one in standing), "site_booked", site=said.site)
    found.retired.add(said.site)


def _station(found: Catalogue, entry: Entry, site: str, label: str) -> tuple[str, str]:
    known = found.sites.get(site)
    entry.require(known is not None and label in {one.station for one in known.stations}, "station_unknown", station=label)
    return site, label


def _bound(found: Catalogue, entry: Entry) -> None:
    said = Binding.read(entry.body)
    place = _station(found, entry, said.site, said.station)
    entry.require(found.devices.get(said.key_id, place) == place, "device_elsewhere", station=said.station)
    _check_staff(found, entry, said.site)
    found.devices = {key: at for key, at in found.devices.items() if at != place} | {said.key_id: place}


def _noted(found: Catalogue, entry: Entry) -> tuple[str, str]:
    said = StationNote.read(entry.body)
    _check_staff(found, entry, said.site)
    return _station(found, entry, said.site, said.station)


def _check_staff(found: Catalogue, entry: Entry, site: str) -> None:
    """The centre at its own sites, a partner's staff at the partner's."""
    known = found.sites.get(site)
    entry.require(known is not None and (entry.role == "site") == bool(known.operator), "role_differs", role=entry.role)


def _released(found: Catalogue, entry: Entry) -> None:
    place = _noted(found, entry)
    entry.require(place in found.devices.values(), "device_unbound", station=place[1])
    found.devices = {key: at for key, at in found.devices.items() if at != place}


def _faulty(found: Catalogue, entry: Entry) -> None:
    place = _noted(found, entry)
    entry.require(place not in found.faulty, "event_twice", kind=entry.kind)
    found.faulty.add(place)


def _repaired(found: Catalogue, entry: Entry) -> None:
    place = _noted(found, entry)
    entry.require(place in found.faulty, "station_unknown", station=place[1])
    found.faulty.discard(place)


# Bookings


def _booked(found: Catalogue, entry: Entry) -> None:
    said = BookingBody.read(entry.body)
    _place(found, entry, said.booking, Booked(said.site, said.need, said.need.window, entry.digest, State.ASKED))


def _place(found: Catalogue, entry: Entry, name: str, one: Booked) -> None:
    site = found.sites.get(one.site)
    entry.require(site is not None and one.site not in found.retired, "site_unknown", site=one.site)
    entry.require(name not in found.bookings and one.need.refuse(entry.at) is None, "venue_differs", booking=name)
    assert site is not None
    if not site.operator:
        one.state, one.is_due = State.HELD, True
    entry.require(_is_lent(found, entry, one), "venue_unlent", booking=name)
    one.keys = frozenset(_chosen(found, one))
    entry.require(bool(one.keys), "venue_full", booking=name)
    found.bookings[name] = one


def _is_lent(found: Catalogue, entry: Entry, one: Booked) -> bool:
    """Whether an agreement lends a partner's site on the first and the last day; an own one needs none."""
    site = found.sites[one.site]
    lent = found.lent.get(site.agreement)
    standing = None if lent is None else lent.at_moment(entry.at)
    days = (legal_day(one.need.window.since), legal_day(one.need.window.until))
    return not site.operator or all(may_lend(standing, day) is None for day in days)


def _chosen(found: Catalogue, one: Booked) -> tuple[str, ...]:
    """What the booking keeps of what is free then; a platform that gave a place twice would have told another."""
    site = found.sites[one.site]
    places = []
    for room in (each for each in site.rooms if each.room not in _sealed(found, one.site)):
        if not room.stations:
            places.append(Place(room.room, room.kind, seats=room.seats))
        places += [Place(room.room, room.kind, each.station) for each in room.stations if (one.site, each.station) not in found.faulty]
    taken = [Taken(each.window, each.keys) for each in found.bookings.values() if each.site == one.site and each.state in KEEPING]
    return tuple(each.key for each in choose(free(places, taken, one.need, timedelta(minutes=site.buffer)), one.need))


def _rooms(found: Catalogue, one: Booked) -> set[str]:
    return {room.room for room in found.sites[one.site].rooms if {each.station for each in room.stations} & one.keys}


def _sealed(found: Catalogue, site: str) -> set[str]:
    """The rooms there that are closed now."""
    return {room for one in found.bookings.values() if one.is_sealed and one.site == site for room in _rooms(found, one)}


def _seal(found: Catalogue, entry: Entry) -> None:
    one = _known(found, entry, entry.text("booking"))
    window = one.window
    fits = is_to_be_sealed(one.need.purpose, one.state, window.since, window.until, entry.at, is_sealed=one.is_sealed)
    entry.require(fits and entry.text("site") == one.site, "venue_seal", booking=entry.text("booking"))
    same(entry, entry.texts("rooms"), sorted(_rooms(found, one)), "venue_places")
    one.is_sealed = True


def _unsealed(found: Catalogue, entry: Entry) -> None:
    said = UnsealBody.read(entry.body)
    one = _known(found, entry, said.booking)
    _check_staff(found, entry, one.site)
    entry.require(one.is_sealed, "venue_seal", booking=said.booking)
    one.is_sealed = False


def _late(found: Catalogue, entry: Entry) -> None:
    """The platform's word that nothing was handed over in time, once, and not before."""
    one = _known(found, entry, entry.text("booking"))
    is_lent, is_over = bool(found.sites[one.site].operator), entry.at >= due(one.window.until, CHINA)
    fits = is_lent and is_over and is_owed(one.need.purpose, one.state, one.handed) and not one.is_late
    entry.require(fits and entry.text("due") == clock.text(due(one.window.until, CHINA)), "venue_late", booking=entry.text("booking"))
    one.is_late = True


def _held(found: Catalogue, entry: Entry) -> None:
    one = _known(found, entry, entry.text("booking"))
    entry.require(one.is_due and one.state is State.HELD, "venue_differs", booking=entry.text("booking"))
    told = [entry.text("site"), entry.text("statement_sha256"), entry.text("since"), entry.text("until")]
    same(entry, told, [one.site, one.statement, clock.text(one.window.since), clock.text(one.window.until)], "venue_differs")
    same(entry, entry.texts("places"), sorted(one.keys), "venue_places")
    one.is_due = False


def _known(found: Catalogue, entry: Entry, name: str) -> Booked:
    one = found.bookings.get(name)
    entry.require(one is not None, "venue_unknown", booking=name)
    assert one is not None
    return one


def _answered(found: Catalogue, entry: Entry) -> None:
    said = AnswerBody.read(entry.body)
    one = _known(found, entry, said.booking)
    _check_staff(found, entry, one.site)
    one.state = MOVES.choose(said.action, one.state, frozenset({Side.SITE}), Facts(entry.at, one.window.since))
    one.is_due = said.accept


def _cancelled(found: Catalogue, entry: Entry) -> None:
    one = _known(found, entry, CancelBody.read(entry.body).booking)
    one.state = MOVES.choose(Action.CANCEL, one.state, frozenset({Side.HOST}), Facts(entry.at, one.window.since))


def _closed(found: Catalogue, entry: Entry) -> None:
    said = CloseBody.read(entry.body)
    one = _known(found, entry, said.booking)
    side = Side.HOST if entry.role == "centre" else Side.SITE
    if side is Side.SITE:
        _check_staff(found, entry, one.site)
    one.state = MOVES.choose(said.action, one.state, frozenset({side}), Facts(entry.at, one.window.since))
    entry.require(said.refuse(one.window.since, entry.at) is None, "venue_differs", booking=said.booking)
    one.window = Window(one.window.since, max(said.until, one.window.since + timedelta(minutes=1)))


def _handed_over(found: Catalogue, entry: Entry) -> None:
    one = _known(found, entry, HandOverBody.read(entry.body).booking)
    _check_staff(found, entry, one.site)
    entry.require(may_hand_over(one.state, one.handed) is None, "venue_handed")
    one.handed = entry.digest


def _received(found: Catalogue, entry: Entry) -> None:
    said = ReceiptBody.read(entry.body)
    one = _known(found, entry, said.booking)
    entry.require(may_receive(one.handed, said.handed_sha256, is_received=one.is_received) is None, "venue_handed")
    one.is_received = True


# Draws


def _draw_signed(found: Catalogue, entry: Entry) -> None:
    said = SiteDrawBody.read(entry.body)
    entry.require(said.draw not in found.draws, "event_twice", kind=entry.kind)
    entry.require(all(found.sites.get(one) is not None and found.sites[one].operator for one in said.candidates), "venue_candidates")
    found.draws[said.draw] = (said, entry.digest)


def _drawn(found: Catalogue, entry: Entry) -> None:
    """The value is the one committed to, the order is computed again, and only who refused, or had no room, is passed over."""
    name = entry.text("draw")
    said, statement = found.draws.get(name, (None, ""))
    entry.require(said is not None, "venue_not_drawn", draw=name)
    assert said is not None
    secret = bytes.fromhex(entry.text("secret"))
    entry.require(len(secret) == 32 and commitment(name, secret) == said.commit, "venue_commit", draw=name)
    order = drawn_sites(said, secret, statement)
    same(entry, entry.texts("order"), list(order), "venue_order")
    asked = [one for one in found.bookings.values() if one.draw == name]
    entry.require(all(one.state is State.REFUSED for one in asked), "venue_order")
    left = [number for number in order if number not in {one.site for one in asked}]
    free_now = [number for number in left if _can(found, entry, Booked(number, said.need, said.need.window, statement, State.ASKED))]
    same(entry, [entry.text("site")], free_now[:1], "venue_order")
    one = Booked(entry.text("site"), said.need, said.need.window, statement, State.ASKED, name)
    _place(found, entry, entry.text("booking"), one)
    found.shown[name] = secret.hex()


def _can(found: Catalogue, entry: Entry, one: Booked) -> bool:
    return one.site not in found.retired and _is_lent(found, entry, one) and bool(_chosen(found, one))


TAKES: Mapping[str, Callable[[Catalogue, Entry], None]] = {
    "site.keep": _kept,
    "site.retire": _retired,
    "station.bind": _bound,
    "station.release": _released,
    "station.fault": _faulty,
    "station.repair": _repaired,
    "venue.book": _booked,
    "venue.hold": _held,
    "venue.answer": _answered,
    "venue.cancel": _cancelled,
    "venue.close": _closed,
    "venue.hand_over": _handed_over,
    "venue.receive": _received,
    "venue.seal": _seal,
    "venue.unseal": _unsealed,
    "venue.late": _late,
    "venue.draw": _draw_signed,
    "venue.drawn": _drawn,
}

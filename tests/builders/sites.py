"""Sites of two cities: kept with rooms and workstations, lent under an agreement, booked, their devices bound; through the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from sqlalchemy import select

from core.identity.services.acts import SignedRequest
from core.kernel import clock, dsse, jcs
from core.kernel.body import Body
from core.kernel.calendar import legal_day
from core.kernel.encoding import b64
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Door, Work
from evaluation.domain.booking import booking_number, read_need
from evaluation.domain.station import code_digest, offer
from evaluation.models.sites import Booking
from evaluation.queries import sites as queries
from evaluation.queries import venues as venue_queries
from evaluation.services import agreements, sites, stations, venues
from tests.builders.people import People, Person

Service = Callable[[Work, SignedRequest], dict[str, JSON]]
CENTRE, PARTNERS = "临江市公共资源交易中心", ("云川市公共资源交易中心", "宁溪市公共资源交易中心", "兰泽市公共资源交易中心")


@dataclass
class Device:
    """What a workstation's browser holds."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def spki(self) -> bytes:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.DER, form)

    @property
    def key_id(self) -> str:
        return dsse.key_id(self.spki)

    def sign(self, said: Mapping[str, JSON]) -> str:
        """As WebCrypto signs: base64 of r ‖ s."""
        r, s = decode_dss_signature(self.key.sign(jcs.canonical(dict(said)), ec.ECDSA(hashes.SHA256())))
        return b64(r.to_bytes(32) + s.to_bytes(32))

    def offer(self, code: str) -> dict[str, str]:
        """The body of an offer under a code."""
        spki = b64(self.spki)
        return {"code": code, "spki": spki, "proof": self.sign(offer(code_digest(code), spki))}


def evaluation_room(name: str, *labels: str) -> dict[str, Any]:
    """A room with several workstations, or a pod with one."""
    stations = [{"station": label, "network": "评标专网", "cameras": 2} for label in labels]
    return {"room": name, "kind": "pod" if len(labels) == 1 else "evaluation", "seats": 0, "stations": stations}


def opening_room(name: str, seats: int) -> dict[str, Any]:
    """A room in which bids are opened."""
    return {"room": name, "kind": "opening", "seats": seats, "stations": []}


ROOMS = [
    evaluation_room("301", "301-1", "301-2", "301-3"),
    evaluation_room("舱一", "C1"),
    evaluation_room("舱二", "C2"),
    opening_room("第一开标室", 40),
    opening_room("第二开标室", 12),
]


@dataclass
class Sites:
    """The keeper of the catalogue, partners' staff, and what they do."""

    door: Door
    crowd: People
    keeper: Person
    staff: dict[str, Person] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.door.read(self.door.clock)

    def sign(self, who: Person, service: Service, kind: str, body: Mapping[str, Any], step_up: bool = False) -> dict[str, Any]:
        request = who.act(kind, "SITES", body=body, step_up=step_up)
        return dict(self.door.perform(who.actor, lambda work: service(work, request)))

    def profile(self, name: str = "主场 临江市", **changes: Any) -> dict[str, Any]:
        """A body of `site.keep` for a new site of the centre's own."""
        number = self.door.read(lambda session: venue_queries.next_site(session, legal_day(self.door.clock(session)).year))
        said: dict[str, Any] = {"site": number, "name": name, "city": name[-3:], "address": "市民中心三层", "operator": "", "is_host": True}
        return said | {"agreement": "", "buffer": 30, "rooms": ROOMS, "replaces": ""} | changes

    def keep(self, name: str = "主场 临江市", **changes: Any) -> str:
        return str(self.sign(self.keeper, sites.keep, "site.keep", self.profile(name, **changes), step_up=True)["site"])

    def partner(self, org: str, recognises: tuple[str, ...] = ("sites",), days: int = 365, **changes: Any) -> str:
        """A partner's site under an agreement of its own; its staff join."""
        day = legal_day(self.now)
        body = {"partner": org, "city": org[:3], "document": "协〔2026〕1号", "since": day.isoformat(), "note": ""}
        body |= {"until": (day + timedelta(days=days)).isoformat(), "recognises": list(recognises)}
        request = self.keeper.act("pool.agreement", "POOL", body=body, step_up=True)
        made = self.door.perform(self.keeper.actor, lambda work: agreements.conclude(work, request))
        who = self.staff[org] = self.crowd.join(Role.SITE, org)
        changes = {"operator": who.uscc, "agreement": made["agreement"], "is_host": False} | changes
        return self.keep(f"副场 {org[:3]}", **changes)

    def need(self, seats: int = 2, purpose: str = "evaluation", apart: bool = False, start: float = 1, hours: float = 8) -> dict[str, Any]:
        """What is needed, beginning in so many days."""
        since = self.now.replace(microsecond=0) + timedelta(days=start)
        window = {"since": clock.text(since), "until": clock.text(since + timedelta(hours=hours))}
        return window | {"purpose": purpose, "seats": seats, "apart": apart}

    def book(self, site: str, lot: str = "", **need: Any) -> dict[str, Any]:
        body = self.need(**need) | {"site": site, "booking": booking_number()}
        return self.sign(self.keeper, lambda work, request: venues.book(work, request, lot), "venue.book", body)

    def answer(self, who: Person, booking: str, accept: bool = True, reason: str = "") -> dict[str, Any]:
        body = {"booking": booking, "accept": accept, "reason": reason}
        return self.sign(who, venues.answer, "venue.answer", body)

    def draw(self, lot: str = "", **need: Any) -> str:
        """Prepares a draw among partners' sites and signs it; returns the booking."""
        wanted = read_need(Body(self.need(**need)))
        body = self.door.perform(self.keeper.actor, lambda work: venues.prepare_draw(work, wanted, lot))
        name = self.sign(self.keeper, venues.draw, "venue.draw", body, step_up=True)["draw"]
        return str(self.door.read(lambda session: session.scalar(select(Booking.number).where(Booking.draw == name))))

    def bind(self, who: Person, site: str, label: str, device: Device) -> None:
        """A code, the device's offer, the staff's signature."""
        code = self.door.perform(who.actor, lambda work: stations.make_code(work, site, label))
        given = device.offer(code)
        self.door.perform(who.actor, lambda work: stations.offer_key(work, **given))
        view = self.door.read(lambda session: queries.by_number(session, site, self.door.clock(session), who.actor))
        offered = next(one.offered for room in view.rooms for one in room.stations if one.label == label)
        body = {"site": site, "station": label} | offered
        self.sign(who, stations.bind, "station.bind", body, step_up=True)


def sites_of(door: Door, crowd: People, keeper: Person | None = None) -> Sites:
    """An empty catalogue with its keeper."""
    return Sites(door, crowd, keeper or crowd.join(Role.CENTRE, CENTRE))

"""Sites (评标场地) as their keeper describes them: rooms, workstations, under which agreement a partner city lends them, and their life."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.identity.domain.organisation import social_credit_code
from core.kernel.body import Body, digest
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from evaluation.domain.expert import Recognised

SITES = CaseId("SITES")
"""The chain of the catalogue and of all bookings."""
MOST_ROOMS, MOST_STATIONS, LONGEST_BUFFER = 100, 60, 240
STATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,11}")


class SiteState(Enum):
    """The life of an entry of the catalogue."""

    OPEN = "open"
    RETIRED = "retired"


class SiteAction(Enum):
    """What the keeper of the catalogue does with an entry."""

    KEEP = "keep"
    RETIRE = "retire"


class RoomKind(Enum):
    """What a room is for."""

    EVALUATION = "evaluation"  # 评标室: several workstations
    POD = "pod"  # 评标舱: one workstation behind a door of its own
    OPENING = "opening"  # 开标室: booked as a whole


class StationState(Enum):
    """How a workstation stands at a moment (工位状态)."""

    FREE = "free"
    RESERVED = "reserved"
    IN_USE = "in_use"
    FAULT = "fault"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """How many bookings of the site are still to come or running."""

    bookings: int = 0


def nothing_is_booked(facts: SiteFacts) -> Refusal | None:
    """A site goes out of the catalogue once nobody counts on it any more."""
    return WrongState("site.booked", count=facts.bookings) if facts.bookings else None


CENTRE = frozenset({Role.CENTRE})

MOVES: Moves[SiteAction, SiteState, Role, SiteFacts] = Moves(
    "site",
    (
        Move(SiteAction.KEEP, at(SiteState.OPEN, SiteState.RETIRED), SiteState.OPEN, CENTRE),
        Move(SiteAction.RETIRE, at(SiteState.OPEN), SiteState.RETIRED, CENTRE, nothing_is_booked),
    ),
)


@dataclass(frozen=True, slots=True)
class StationPlan:
    """A workstation: its label at the door or desk, the network line, how many cameras look at it."""

    station: str
    network: str
    cameras: int

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the statement."""
        return {"station": self.station, "network": self.network, "cameras": self.cameras}


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """A room; `seats` counts the places for people of an opening room, 0 for the others, whose workstations count."""

    room: str
    kind: RoomKind
    seats: int
    stations: tuple[StationPlan, ...]

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the statement."""
        stations: list[JSON] = [one.to_json() for one in self.stations]
        return {"room": self.room, "kind": self.kind.value, "seats": self.seats, "stations": stations}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProfile:
    """What the keeper says of a site: the signed body of `site.keep`. `operator`: the credit code of whose staff answers for it, "" for
    the centre itself; `agreement`: the number of the agreement under which a partner lends it, "" for an own one; `buffer`: minutes that
    lie between two bookings; `site`: its number, for a new one the next; `replaces`: the digest of the profile that stood before."""

    site: str
    name: str
    city: str
    address: str
    operator: str
    is_host: bool
    agreement: str
    buffer: int
    rooms: tuple[RoomPlan, ...]
    replaces: str = ""

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> SiteProfile:
        """Of a signed body; raises RuleBroken naming the member, or what of rooms and workstations cannot be."""
        body = Body(signed)
        operator = body.text("operator", 18, least=0)
        read = cls(
            site=body.text("site", 20),
            name=body.text("name", 60),
            city=body.text("city", 60),
            address=body.text("address", 200, least=0),
            operator=social_credit_code(operator) if operator else "",
            is_host=body.flag("is_host"),
            agreement=body.text("agreement", 20, least=0),
            buffer=body.count("buffer", 0, LONGEST_BUFFER),
            rooms=tuple(_room(one) for one in body.objects("rooms", 1, MOST_ROOMS)),
            replaces=body.digest("replaces", optional=True),
        )
        body.done()
        _check_rooms(read.rooms)
        if read.is_host and (read.agreement or read.operator):
            raise RuleBroken("site.host_is_own")
        if bool(read.agreement) != bool(read.operator):
            raise RuleBroken("site.partner_needs_both")
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        rooms: list[JSON] = [one.to_json() for one in self.rooms]
        said: dict[str, JSON] = {"site": self.site, "name": self.name, "city": self.city, "address": self.address}
        said |= {"operator": self.operator, "is_host": self.is_host, "agreement": self.agreement, "buffer": self.buffer}
        return said | {"rooms": rooms, "replaces": self.replaces}

    @property
    def stations(self) -> tuple[StationPlan, ...]:
        """The workstations of all rooms."""
        return tuple(one for room in self.rooms for one in room.stations)


def _room(body: Body) -> RoomPlan:
    stations = tuple(_station(one) for one in body.objects("stations", 0, MOST_STATIONS))
    read = RoomPlan(body.text("room", 30), body.choice("kind", RoomKind), body.count("seats", 0, 500), stations)
    body.done()
    return read


def _station(body: Body) -> StationPlan:
    read = StationPlan(body.text("station", 12), body.text("network", 40, least=0), body.count("cameras", 0, 9))
    body.done()
    return read


def _check_rooms(rooms: tuple[RoomPlan, ...]) -> None:
    """Names are told apart, and each kind of room has what it is for."""
    names = [room.room for room in rooms]
    labels = [one.station for room in rooms for one in room.stations]
    if len(set(names)) != len(names):
        raise RuleBroken("site.room_twice")
    if len({label.upper() for label in labels}) != len(labels) or not all(STATION.fullmatch(label) for label in labels):
        raise RuleBroken("site.station_label")
    for room in rooms:
        if room.kind is RoomKind.OPENING and (room.stations or not room.seats):
            raise RuleBroken("site.opening_room", room=room.room)
        if room.kind is not RoomKind.OPENING and (room.seats or not room.stations):
            raise RuleBroken("site.stations_missing", room=room.room)
        if room.kind is RoomKind.POD and len(room.stations) != 1:
            raise RuleBroken("site.pod", room=room.room)


@dataclass(frozen=True, slots=True)
class SiteRetirement:
    """The signed body of `site.retire`."""

    site: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> SiteRetirement:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("site", 20), body.text("reason", 500, least=2))
        body.done()
        return read


def profile_digest(said: Mapping[str, JSON]) -> str:
    """How the next profile names this one: the digest of the body without what it took the place of."""
    return digest({name: value for name, value in said.items() if name not in ("site", "replaces")})


@dataclass(frozen=True, slots=True)
class Lending:
    """The agreement under which a partner lends a site: on which days, both ends included, and what it recognises."""

    since: date
    until: date
    ended_on: date | None
    recognises: frozenset[str]


def may_lend(agreement: Lending | None, day: date) -> Refusal | None:
    """A partner's site is used only under an agreement in force on that day that recognises its sites (发改办法规〔2025〕807号: by
    agreement or memo). None: there is no such agreement."""
    if agreement is None or Recognised.SITES.value not in agreement.recognises:
        return RuleBroken("site.agreement_missing")
    is_over = agreement.ended_on is not None and agreement.ended_on <= day
    if is_over or not agreement.since <= day <= agreement.until:
        return RuleBroken("site.agreement_days", day=day.isoformat())
    return None


def is_listed(state: SiteState) -> bool:
    """Whether a site is still in the catalogue."""
    return state is SiteState.OPEN


def is_bookable(state: SiteState, profile_sha256: str) -> bool:
    """Whether a site stands in the catalogue with rooms that somebody signed for."""
    return is_listed(state) and bool(profile_sha256)


def standing(*, is_faulty: bool, is_sealed: bool, is_occupied: bool, is_booked: bool) -> StationState:
    """How a workstation stands, the gravest first."""
    for holds, state in ((is_faulty, StationState.FAULT), (is_sealed, StationState.SEALED), (is_occupied, StationState.IN_USE)):
        if holds:
            return state
    return StationState.RESERVED if is_booked else StationState.FREE

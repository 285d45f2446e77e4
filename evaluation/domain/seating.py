"""Who sits at which workstation, drawn when all have signed in and again after a break; and that a member sits down at the one drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.kernel import clock
from core.kernel.body import Body, digest
from core.kernel.draw import commit, ordered, seed
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from evaluation.domain.booking import MOST_SEATS
from evaluation.domain.room import State
from evaluation.domain.station import check_device

FRESH = timedelta(minutes=5)  # how far the device's own time may lie from ours
PLATFORM, CENTRE = "platform", "centre"


class Action(Enum):
    """What is done about workstations."""

    DRAW = "draw"
    CHECK_IN = "check_in"


@dataclass(frozen=True, slots=True)
class Facts:
    """Whether the seat has a workstation in the newest draw, and whether its member sits there."""

    is_drawn: bool = False
    is_here: bool = False


def sits_down_once(facts: Facts) -> Refusal | None:
    """At the workstation that was drawn, once in each draw."""
    if not facts.is_drawn:
        return WrongState("seating.not_drawn")
    return WrongState("seating.here_already") if facts.is_here else None


SEATED: tuple[State, ...] = tuple(state for state in State if state not in (State.COMMITTEE_FORMED, State.SUBMITTED))
"""Once all have signed in, until the report is handed over: before, a place would tell who is coming (四不知)."""


def _rows(state: State) -> Iterator[Move[Action, State, Role, Facts]]:
    """Sitting down moves nothing: each state leads to itself. A successor may still have to sign in."""
    yield Move(Action.DRAW, at(state), state, frozenset({Role.CENTRE}))
    yield Move(Action.CHECK_IN, at(state), state, frozenset({Role.EXPERT}), sits_down_once)


MOVES: Moves[Action, State, Role, Facts] = Moves("seating", (row for state in SEATED for row in _rows(state)))


@dataclass(frozen=True, slots=True)
class Spot:
    """A workstation that a booking keeps, and the device that is bound to it; "" for none."""

    site: str
    room: str
    station: str
    key_id: str
    spki: str

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        return {"site": self.site, "room": self.room, "station": self.station, "key_id": self.key_id, "spki": self.spki}

    def place(self) -> dict[str, JSON]:
        """Where it is."""
        return {"site": self.site, "room": self.room, "station": self.station}


@dataclass(frozen=True, slots=True)
class SeatDrawBody:
    """The signed body of `seats.draw`: among which workstations, whether no two seats may share a room, what the platform committed to."""

    no: int
    commit: str
    apart: bool
    stations: tuple[Spot, ...]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> SeatDrawBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        spots = tuple(_spot(one) for one in body.objects("stations", 1, 4 * MOST_SEATS))
        read = cls(body.count("no", 1, 1000), body.digest("commit"), body.flag("apart"), spots)
        body.done()
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        stations: list[JSON] = [one.to_json() for one in self.stations]
        return {"no": self.no, "commit": self.commit, "apart": self.apart, "stations": stations}


def _spot(body: Body) -> Spot:
    site, room, station = body.text("site", 60), body.text("room", 30), body.text("station", 12)
    read = Spot(site, room, station, body.digest("key_id", optional=True), body.text("spki", 400, least=0))
    body.done()
    return read


def label(lot: str, no: int) -> str:
    """The name of a draw: `seats-1-2` is the second of lot 1."""
    return f"seats-{lot}-{no}"


def commitment(case: str, name: str, secret: bytes) -> str:
    """What the platform publishes before the centre signs: hex digits that fix its own 32 random bytes."""
    return commit(case, name, PLATFORM, secret).hex()


def mixed(case: str, name: str, body: SeatDrawBody, secret: bytes, statement_sha256: str) -> bytes:
    """The randomness: the platform had fixed its bytes before the centre signed, and the centre had signed before it saw them."""
    shown = {PLATFORM: secret, CENTRE: bytes.fromhex(statement_sha256)}
    return seed(case, name, bytes.fromhex(digest(body.to_json())), shown)


def assign(seed_bytes: bytes, body: SeatDrawBody, seats: Sequence[tuple[str, str]]) -> dict[str, Spot]:
    """Seat → workstation at the seat's own site, in the order of the draw; `seats`: (code, site) by code. Where they sit apart, no two
    seats are in one room. Raises RuleBroken where a site has not enough."""
    found: dict[str, Spot] = {}
    for site in dict.fromkeys(site for _, site in seats):
        spots = {one.station: one for one in body.stations if one.site == site}
        order = iter(ordered(seed_bytes, f"stations/{site}", spots))
        rooms: set[str] = set()
        for code in (code for code, where in seats if where == site):
            spot = next((spots[one] for one in order if not body.apart or spots[one].room not in rooms), None)
            if spot is None:
                raise RuleBroken("seating.too_few", site=site)
            rooms.add(spot.room)
            found[code] = spot
    return found


@dataclass(frozen=True, slots=True)
class CheckInBody:
    """The signed body of `seat.check_in`: the member's own word that they sit there, and the device's."""

    no: int
    seat: str
    site: str
    station: str
    key_id: str
    at: datetime
    proof: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> CheckInBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(
            body.count("no", 1, 1000),
            body.text("seat", 4),
            body.text("site", 60),
            body.text("station", 12),
            body.digest("key_id"),
            body.moment("at"),
            body.text("proof", 100),
        )
        body.done()
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        told: dict[str, JSON] = {"no": self.no, "seat": self.seat, "site": self.site, "station": self.station, "key_id": self.key_id}
        return told | {"at": clock.text(self.at), "proof": self.proof}

    def device_said(self, case: str, lot: str) -> dict[str, JSON]:
        """What the device signed, in its canonical form."""
        said: dict[str, JSON] = {"type": "seat.check_in", "case": case, "lot": lot, "no": self.no, "seat": self.seat}
        return said | {"station": self.station, "at": clock.text(self.at)}

    def check(self, case: str, lot: str, seat: str, spot: Spot, now: datetime) -> None:
        """Raises NotAllowed for another seat's or another workstation's word, RuleBroken for one that is old, BadSignature for a device
        that is not the one bound there."""
        if (self.seat, self.site, self.station) != (seat, spot.site, spot.station):
            raise NotAllowed("seating.other_station")
        if not spot.key_id or self.key_id != spot.key_id:
            raise NotAllowed("seating.other_device")
        if abs(now - self.at) > FRESH:
            raise RuleBroken("seating.not_fresh")
        check_device(spot.spki, self.device_said(case, lot), self.proof)

"""Bookings of rooms and workstations (场地预约): what is free when, with buffers between, a booking's life, and sessions (场次)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.kernel import clock
from core.kernel.body import Body
from core.kernel.calendar import legal_day
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from evaluation.domain.site import RoomKind

LONGEST = timedelta(days=5)
FURTHEST = timedelta(days=180)
MOST_SEATS = 60
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
BOOKING = re.compile(rf"VB-[{_LETTERS}]{{8}}")


class Purpose(Enum):
    """What a site is booked for."""

    EVALUATION = "evaluation"
    OPENING = "opening"
    DRILL = "drill"


class State(Enum):
    """The life of a booking."""

    ASKED = "asked"  # a partner's staff have still to answer
    HELD = "held"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    USED = "used"
    UNUSED = "unused"


class Action(Enum):
    """What is done with a booking."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    CANCEL = "cancel"
    NOTE_USED = "note_used"
    NOTE_UNUSED = "note_unused"


class Side(Enum):
    """Who acts on a booking."""

    HOST = "host"  # the centre that asks (主场)
    SITE = "site"  # whose staff answer for the site (副场); the centre itself where the site is its own


STANDING = (State.ASKED, State.HELD)
"""Those that keep others out."""


def is_held(state: State) -> bool:
    """Whether nobody has to answer any more."""
    return state is State.HELD


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules of a booking look at."""

    now: datetime
    since: datetime
    is_full: bool = False  # what it needs is taken meanwhile


def has_begun(facts: Facts) -> Refusal | None:
    """Whether it was used is known once it has begun."""
    return None if facts.now >= facts.since else WrongState("venue.not_begun")


def is_before(facts: Facts) -> Refusal | None:
    """What has begun is used or not used; it is not taken back."""
    return None if facts.now < facts.since else WrongState("venue.begun")


def is_still_free(facts: Facts) -> Refusal | None:
    """Accepted before it begins, and while there is room."""
    return is_before(facts) or (WrongState("venue.full") if facts.is_full else None)


HOST, SITE = frozenset({Side.HOST}), frozenset({Side.SITE})

MOVES: Moves[Action, State, Side, Facts] = Moves(
    "venue",
    (
        Move(Action.ACCEPT, at(State.ASKED), State.HELD, SITE, is_still_free),
        Move(Action.REFUSE, at(State.ASKED), State.REFUSED, SITE),
        Move(Action.CANCEL, at(*STANDING), State.CANCELLED, HOST, is_before),
        Move(Action.NOTE_USED, at(State.HELD), State.USED, HOST | SITE, has_begun),
        Move(Action.NOTE_UNUSED, at(State.HELD), State.UNUSED, HOST | SITE, has_begun),
    ),
)


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when something is needed, the end left out."""

    since: datetime
    until: datetime

    def touches(self, other: Window, buffer: timedelta) -> bool:
        """Whether less than `buffer` lies between the two."""
        return self.since < other.until + buffer and other.since < self.until + buffer


@dataclass(frozen=True, slots=True)
class Place:
    """Something that is booked: a workstation, or an opening room, which has no label and a number of seats."""

    room: str
    kind: RoomKind
    station: str = ""
    seats: int = 1

    @property
    def key(self) -> str:
        """What a booking names it by."""
        return self.station or self.room


@dataclass(frozen=True, slots=True)
class Taken:
    """A booking that stands: what of the site it keeps, and when."""

    window: Window
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Need:
    """What is looked for; `apart`: no two seats in a room (工位分散制)."""

    window: Window
    purpose: Purpose
    seats: int
    apart: bool

    def refuse(self, now: datetime) -> Refusal | None:
        """Not in the past, not for weeks, not for next year."""
        if not now - timedelta(minutes=5) <= self.window.since < self.window.until:
            return RuleBroken("venue.window")
        if self.window.until - self.window.since > LONGEST or self.window.since - now > FURTHEST:
            return RuleBroken("venue.too_long", days=LONGEST.days, ahead=FURTHEST.days)
        return None


def free(places: Sequence[Place], taken: Iterable[Taken], need: Need, buffer: timedelta) -> tuple[Place, ...]:
    """The places of the needed kind that nobody keeps in that window, in the catalogue's order."""
    gone = frozenset(key for one in taken if one.window.touches(need.window, buffer) for key in one.keys)
    wants_room = need.purpose is Purpose.OPENING
    return tuple(one for one in places if (one.kind is RoomKind.OPENING) == wants_room and one.key not in gone)


def choose(places: Sequence[Place], need: Need) -> tuple[Place, ...]:
    """What a booking keeps of the free places: as many workstations as seats, each in a room of its own where they are to sit apart; of
    opening rooms the smallest that holds them. Empty where the site has not so much."""
    if need.purpose is Purpose.OPENING:
        fitting = sorted((one for one in places if one.seats >= need.seats), key=lambda one: (one.seats, one.room))
        return tuple(fitting[:1])
    rooms: set[str] = set()
    kept = []
    for one in places:
        if not need.apart or one.room not in rooms:
            rooms.add(one.room)
            kept.append(one)
    return tuple(kept[: need.seats]) if len(kept) >= need.seats else ()


def room_for(places: Sequence[Place], need: Need) -> int:
    """How many seats the free places give: workstations, rooms where they are to sit apart, or places in the largest opening room."""
    if need.purpose is Purpose.OPENING:
        return max((one.seats for one in places), default=0)
    return len({one.room for one in places}) if need.apart else len(places)


@dataclass(frozen=True, slots=True)
class BookingBody:
    """The signed body of `venue.book`. `booking`: a fresh name; `site`: its number. It says nothing of the project: what a partner's
    staff read, they may know."""

    booking: str
    site: str
    need: Need

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> BookingBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        booking = body.text("booking", 20)
        if not BOOKING.fullmatch(booking):
            raise RuleBroken("body.malformed", member="booking")
        read = cls(booking, body.text("site", 20), read_need(body))
        body.done()
        return read


def booking_number() -> str:
    """A fresh name for a booking, which tells nothing of what it is for."""
    return "VB-" + "".join(secrets.choice(_LETTERS) for _ in range(8))


def read_need(body: Body) -> Need:
    """The members that say what is needed, out of a body that says more."""
    window = Window(body.moment("since"), body.moment("until"))
    return Need(window, body.choice("purpose", Purpose), body.count("seats", 1, MOST_SEATS), body.flag("apart"))


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """The signed body of `venue.answer`: the site's staff accept a booking, or say why not."""

    booking: str
    accept: bool
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> AnswerBody:
        """Of a signed body; a reason stands where it is refused. Raises RuleBroken naming the member."""
        body = Body(signed)
        accept = body.flag("accept")
        read = cls(body.text("booking", 20), accept, body.text("reason", 300, least=0 if accept else 2))
        body.done()
        return read

    @property
    def action(self) -> Action:
        """What it comes to."""
        return Action.ACCEPT if self.accept else Action.REFUSE


@dataclass(frozen=True, slots=True)
class CancelBody:
    """The signed body of `venue.cancel`."""

    booking: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> CancelBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("booking", 20), body.text("reason", 300, least=2))
        body.done()
        return read


@dataclass(frozen=True, slots=True)
class CloseBody:
    """The signed body of `venue.close`: whether it was used, and until when."""

    booking: str
    used: bool
    until: datetime

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> CloseBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("booking", 20), body.flag("used"), body.moment("until"))
        body.done()
        return read

    @property
    def action(self) -> Action:
        """What it comes to."""
        return Action.NOTE_USED if self.used else Action.NOTE_UNUSED

    def refuse(self, since: datetime, now: datetime) -> Refusal | None:
        """A use ends after it began, and not after now."""
        return None if since <= self.until <= now else RuleBroken("venue.close_until")


class Material(Enum):
    """What a partner's site hands over after the use (移交)."""

    PAPER = "paper"
    FILE = "file"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class HandOverBody:
    """The signed body of `venue.hand_over`: (kind, name, count) of each item."""

    booking: str
    items: tuple[tuple[Material, str, int], ...]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> HandOverBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        booking = body.text("booking", 20)
        items = []
        for one in body.objects("items", 1, 50):
            items.append((one.choice("kind", Material), one.text("name", 100), one.count("count", 1, 10_000)))
            one.done()
        body.done()
        return cls(booking, tuple(items))


@dataclass(frozen=True, slots=True)
class ReceiptBody:
    """The signed body of `venue.receive`: what was handed over, by the digest of the statement that lists it."""

    booking: str
    handed_sha256: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ReceiptBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("booking", 20), body.digest("handed_sha256"))
        body.done()
        return read


def may_hand_over(state: State, handed: str) -> Refusal | None:
    """Once, after the use."""
    if state is not State.USED:
        return WrongState("venue.hand_over.unused")
    return WrongState("venue.handed_over") if handed else None


def may_receive(handed: str, said: str, *, is_received: bool) -> Refusal | None:
    """Once, and what was handed over."""
    if not handed or is_received:
        return WrongState("venue.not_handed")
    return None if handed == said else RuleBroken("venue.other_list")


@dataclass(frozen=True, slots=True)
class Use:
    """A booking that was used."""

    purpose: Purpose
    since: datetime
    until: datetime
    seats: int


@dataclass(frozen=True, slots=True)
class Sessions:
    """Sessions as centres report them (场次): openings and evaluations that were booked and held, one each however long; beside them on
    how many days they kept a place, and their seats. Drills are none."""

    openings: int
    evaluations: int
    days: int
    seats: int

    @property
    def total(self) -> int:
        """Openings and evaluations."""
        return self.openings + self.evaluations


def sessions(uses: Iterable[Use]) -> Sessions:
    """Counted once each, whatever the length."""
    held = [one for one in uses if one.purpose is not Purpose.DRILL]
    openings = sum(one.purpose is Purpose.OPENING for one in held)
    days = sum((legal_day(one.until) - legal_day(one.since)).days + 1 for one in held)
    return Sessions(openings, len(held) - openings, days, sum(one.seats for one in held))


def need_json(need: Need) -> dict[str, JSON]:
    """What is needed, as it stands in a signed body."""
    window: dict[str, JSON] = {"since": clock.text(need.window.since), "until": clock.text(need.window.until)}
    return window | {"purpose": need.purpose.value, "seats": need.seats, "apart": need.apart}

"""The workstations of a committee: drawn by a value fixed before, sat down at by the member and the bound device, left and taken again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.verify.entries import Entry
from app.verify.replay import committee
from app.verify.replay.committee import Seated
from app.verify.replay.story import Story, same
from app.verify.verdict import inside
from core.kernel import clock
from core.kernel.errors import Refusal
from evaluation.domain.seat_health import LEFT
from evaluation.domain.seating import CheckInBody, SeatDrawBody, Spot, assign, commitment, label, mixed

KINDS = ("seats.commit", "seats.draw", "seats.drawn", "seat.check_in", "seat.left", "seat.back")


@dataclass
class Room:
    """What is known of the workstations until an event."""

    story: Story
    commits: list[str] = field(default_factory=list)
    signed: tuple[SeatDrawBody, Entry] | None = None
    drawn: list[dict[str, Spot]] = field(default_factory=list)
    here: set[tuple[int, str, str]] = field(default_factory=set)  # draw, seat, person
    left: dict[str, int] = field(default_factory=dict)
    absences: int = 0
    is_assembled: bool = False

    def name(self, no: int) -> str:
        """The draw's name."""
        return label(self.story.lot, no)


def _committed(room: Room, entry: Entry, _seated: Seated) -> None:
    entry.require(entry.count("no") == len(room.commits) + 1 == len(room.drawn) + 1, "seats_commit")
    room.commits.append(entry.text("commit"))


def _signed(room: Room, entry: Entry, _seated: Seated) -> None:
    with inside(entry.member):
        said = SeatDrawBody.read(entry.body)
    entry.require(room.is_assembled, "seats_early")
    entry.require(said.no == len(room.commits) == len(room.drawn) + 1 and said.commit == room.commits[-1], "seats_commit")
    room.signed = (said, entry)


def _drawn(room: Room, entry: Entry, seated: Seated) -> None:
    entry.require(room.signed is not None, "seats_commit")
    assert room.signed is not None
    said, statement = room.signed
    secret, name = bytes.fromhex(entry.text("secret")), room.name(said.no)
    fits = len(secret) == 32 and commitment(room.story.case, name, secret) == said.commit and entry.count("no") == said.no
    entry.require(fits, "seats_commit")
    sites = [(str(one["code"]), str(one["site"])) for one in seated.since.parts("seats")]
    with inside(entry.member):
        found = assign(mixed(room.story.case, name, said, secret, statement.digest), said, sorted(sites, key=lambda one: int(one[0])))
    told = {str(one["seat"]): {part: one[part] for part in ("site", "room", "station")} for one in entry.parts("seats")}
    same(entry, told, {code: spot.place() for code, spot in found.items()}, "seats_order")
    _check_booked(entry, said)
    room.drawn.append(found)
    room.signed = None


def _check_booked(entry: Entry, said: SeatDrawBody) -> None:
    """It was drawn among nothing but what bookings keep for the lot, which the platform names with the draw, each once and not over yet."""
    kept: set[tuple[str, str]] = set()
    names = [str(one.get("booking")) for one in entry.parts("bookings")]
    entry.require(len(set(names)) == len(names), "seats_unbooked")
    for one in entry.each("bookings"):
        with inside(entry.member):
            entry.require(entry.at < clock.moment(one.text("until")), "seats_unbooked")
        kept |= {(one.text("site"), label) for label in one.texts("places")}
    entry.require({(one.site, one.station) for one in said.stations} <= kept, "seats_unbooked")


def _checked_in(room: Room, entry: Entry, seated: Seated) -> None:
    with inside(entry.member):
        said = CheckInBody.read(entry.body)
    seat = seated.seat_of(entry)
    spot = room.drawn[-1].get(seat) if room.drawn and said.no == len(room.drawn) else None
    entry.require(spot is not None and (said.no, seat, entry.actor) not in room.here, "seat_unproved", seat=seat)
    assert spot is not None
    try:
        said.check(room.story.case, room.story.lot, seat, spot, entry.at)
    except Refusal:
        entry.require(False, "seat_unproved", seat=seat)
    room.here.add((said.no, seat, entry.actor))


def _left(room: Room, entry: Entry, seated: Seated) -> None:
    seat = entry.text("seat")
    fits = seat in seated.seats and seat not in room.left and entry.count("no") == room.absences + 1
    entry.require(fits and entry.text("why") in {why.value for why in LEFT}, "absence_differs", seat=seat)
    room.absences += 1
    room.left[seat] = room.absences


def _back(room: Room, entry: Entry, _seated: Seated) -> None:
    seat = entry.text("seat")
    entry.require(room.left.pop(seat, 0) == entry.count("no"), "absence_differs", seat=seat)


def _scored(room: Room, entry: Entry, seated: Seated) -> None:
    """Where workstations were drawn a member scores at the one drawn."""
    seat, no = seated.seat_of(entry), len(room.drawn)
    is_free = not room.drawn or seat not in room.drawn[-1]
    entry.require(is_free or (no, seat, entry.actor) in room.here, "score_unseated", seat=seat)


STEPS: Mapping[str, Callable[[Room, Entry, Seated], None]] = {
    "seats.commit": _committed,
    "seats.draw": _signed,
    "seats.drawn": _drawn,
    "seat.check_in": _checked_in,
    "seat.left": _left,
    "seat.back": _back,
    "score": _scored,
}


def check_seating(story: Story) -> str:
    """Every draw, every member who sat down and every desk that was left, in their order; returns how many of each."""
    room = Room(story)
    for entry, seated in committee.sittings(story):
        room.is_assembled = room.is_assembled or entry.kind == "room.assembled"
        if entry.kind in STEPS:
            STEPS[entry.kind](room, entry, seated)
    if room.signed is not None:
        room.signed[1].require(False, "event_missing", kind="seats.drawn")
    before = next(iter(story.all("committee.form")), None)
    for entry in story.all(*KINDS):
        entry.require(before is not None and before.seq < entry.seq, "too_early")
    return f"{len(room.drawn)}; {len(room.here)}; {room.absences}"

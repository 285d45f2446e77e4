"""Faults, seals and nights: who said what after which hours, what was sealed, that nothing stirred, that a new committee was new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.verify.entries import Entry
from app.verify.replay import committee, draw
from app.verify.replay.committee import Seated
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel.roles import Role
from evaluation.domain.contingency import (
    MOVES,
    Action,
    DecisionBody,
    Facts,
    FaultBody,
    NightBody,
    Phase,
    State,
    VacancyBody,
    WordBody,
    material_digest,
    needs_its_seals,
)
from evaluation.domain.drill import HOURS_OF, InjectBody
from evaluation.domain.room_pause import STOPPED

SYSTEM = frozenset({Role.SYSTEM})


@dataclass
class Halt:
    """One as far as the story has come."""

    digest: str
    phase: Phase
    since: datetime
    state: State = State.STANDING
    material: str = ""
    old: frozenset[str] = frozenset()  # pseudonyms of who sat there at the sealing
    is_due: bool = False  # given up: the sealing has still to be told


@dataclass
class Room:
    """What is known until an event."""

    story: Story
    halts: dict[str, Halt] = field(default_factory=dict)
    standing: Halt | None = None
    silent: set[str] = field(default_factory=set)  # who sat there when all was sealed
    signed: list[str] = field(default_factory=list)  # digests of what the members said
    was_complete: bool = False

    def of(self, entry: Entry) -> Halt:
        """The halt that a word names, which must be the one that stands."""
        found = self.halts.get(entry.text("halt_sha256"))
        entry.require(found is not None and found is self.standing, "halt_unknown")
        assert found is not None
        return found

    def move(self, entry: Entry, action: Action, halt: Halt, roles: frozenset[Role], *, is_new: bool = False) -> None:
        """It goes on as the table of its life has it."""
        is_whole = not needs_its_seals(halt.phase) or material_digest(self.signed) == halt.material
        facts = Facts(now=entry.at, since=halt.since, phase=halt.phase, is_new=is_new, is_whole=is_whole)
        with inside(entry.member):
            halt.state = MOVES.choose(action, halt.state, roles, facts)


def _begin(room: Room, entry: Entry, phase: Phase) -> Halt:
    entry.require(room.standing is None, "halt_unknown")
    room.standing = room.halts[entry.digest] = Halt(entry.digest, phase, entry.at)
    return room.standing


def _fault(room: Room, entry: Entry, _seated: Seated) -> None:
    with inside(entry.member):
        said = FaultBody.read(entry.body)
    entry.require(said.phase is (Phase.DURING if room.was_complete else Phase.BEFORE), "halt_phase")
    _begin(room, entry, said.phase)


def _night(room: Room, entry: Entry, _seated: Seated) -> None:
    with inside(entry.member):
        said = NightBody.read(entry.body, entry.at)
    entry.require(room.was_complete, "halt_phase")
    same(entry, said.material_sha256, material_digest(room.signed), "halt_material")
    _begin(room, entry, Phase.NIGHT).material = said.material_sha256


def _vacancy(room: Room, entry: Entry, seated: Seated) -> None:
    """A seat that nobody can take: the draw without its member has no list."""
    with inside(entry.member):
        said = VacancyBody.read(entry.body)
    entry.require(said.seat in seated.seats, "not_a_member", actor=said.seat)
    held = next(one for one in draw.draws(room.story) if one.name == seated.since.text("draw"))
    gone = [one for seq, one in draw.recused_later(room.story, held) if seq < entry.seq]
    entry.require(not _has_list(room.story, held, [*gone, seated.seats[said.seat]]), "halt.seat_followed")
    halt = _begin(room, entry, Phase.DURING if room.was_complete else Phase.BEFORE)
    halt.state, halt.is_due = State.SEALED, True


def _has_list(story: Story, held: draw.Held, gone: list[str]) -> bool:
    try:
        draw.replay(story, held, gone)
    except Broken:
        return False
    return True


def _word(action: Action) -> Callable[[Room, Entry, Seated], None]:
    def step(room: Room, entry: Entry, _seated: Seated) -> None:
        with inside(entry.member):
            WordBody.read(entry.body)
        room.move(entry, action, room.of(entry), frozenset({Role(entry.role)}))
        room.standing = None

    return step


def _decided(room: Room, entry: Entry, _seated: Seated) -> None:
    with inside(entry.member):
        said = DecisionBody.read(entry.body)
    halt = room.of(entry)
    room.move(entry, said.action, halt, frozenset({Role(entry.role)}))
    halt.is_due = not said.go_on


def _sealed(room: Room, entry: Entry, seated: Seated) -> None:
    halt = room.of(entry)
    if not halt.is_due:
        room.move(entry, Action.SEAL, halt, SYSTEM)
    same(entry, entry.text("material_sha256"), material_digest(room.signed), "halt_material")
    halt.old, halt.is_due = frozenset(seated.seats.values()), False
    room.silent |= set(seated.people.values())


def _reformed(room: Room, entry: Entry, seated: Seated) -> None:
    halt = room.of(entry)
    is_new = not halt.old & set(seated.seats.values())
    entry.require(is_new and not halt.is_due, "halt_members")
    room.move(entry, Action.REFORM, halt, SYSTEM, is_new=is_new)
    room.standing = None


def _hours(room: Room, entry: Entry, _seated: Seated) -> None:
    """In a drill the hours of the fault that stands are put forward."""
    with inside(entry.member):
        said = InjectBody.read(entry.body)
    if said.fault.hours:
        entry.require(room.standing is not None and room.standing.phase is HOURS_OF[said.fault], "halt_phase")
        assert room.standing is not None
        room.standing.since -= said.fault.hours


STEPS: Mapping[str, Callable[[Room, Entry, Seated], None]] = {
    "halt.fault": _fault,
    "halt.night": _night,
    "halt.vacancy": _vacancy,
    "halt.repair": _word(Action.REPAIR),
    "halt.open": _word(Action.OPEN),
    "halt.decide": _decided,
    "halt.sealed": _sealed,
    "halt.reformed": _reformed,
    "drill.inject": _hours,
}
KINDS = tuple(kind for kind in STEPS if kind.startswith("halt."))


def check_halts(story: Story) -> str:
    """Every halt in its order, and that nothing stirred meanwhile; returns how many there were, and how many led to a new committee."""
    room = Room(story)
    for entry in story.entries:
        if entry.role == Role.EXPERT.value and not _is_after_formation(story, entry):
            room.signed.append(entry.digest)
    for entry, seated in committee.sittings(story):
        if entry.kind in STEPS:
            STEPS[entry.kind](room, entry, seated)
        entry.require(room.standing is None or entry.kind not in STOPPED, "while_halted", kind=entry.kind)
        is_back = entry.kind == "room.sign_in" and entry.actor in room.silent and room.standing is None
        entry.require(not is_back, "old_member")
        room.was_complete = room.was_complete or entry.kind == "room.assembled"
        if entry.role == Role.EXPERT.value:
            room.signed.append(entry.digest)
    return f"{len(room.halts)}; {sum(one.state is State.REFORMED for one in room.halts.values())}"


def _is_after_formation(story: Story, entry: Entry) -> bool:
    formed = story.all("committee.form")
    return bool(formed) and entry.seq >= formed[0].seq

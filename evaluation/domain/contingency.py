"""When an evaluation stands still: a fault before or during it, the hours that the rules give, sealing and a new committee, the night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.kernel.body import Body
from core.kernel.encoding import sha256
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON, canonical
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from evaluation.domain import room

WAIT_BEFORE = timedelta(hours=2)
"""A fault before the start is waited for so long; then the tenderer decides (远程异地评标 rules of Linyi, art. 20)."""
REPAIR_WITHIN = timedelta(hours=4)
"""A fault during the work is repaired within so long, else all is sealed and a new committee evaluates (ibid., art. 21)."""
LONGEST_NIGHT = timedelta(hours=20)
_BEFORE, _DURING = "art. 20", "art. 21"


class Phase(Enum):
    """When it happened."""

    BEFORE = "before"  # not all members were there yet
    DURING = "during"
    NIGHT = "night"  # no fault: the work goes on in the morning


class State(Enum):
    """How far it has come."""

    STANDING = "standing"
    SEALED = "sealed"  # a new committee is to be formed
    REPAIRED = "repaired"
    REFORMED = "reformed"
    OPENED = "opened"  # in the morning, the seals whole


def is_standing(state: State) -> bool:
    """Whether something is still waited for; a sealed room waits for a new committee, which may be never."""
    return state is State.STANDING


def awaits_another(state: State) -> bool:
    """Whether all was sealed and a new committee is due."""
    return state is State.SEALED


class Action(Enum):
    """What is done, and what follows by itself."""

    REPAIR = "repair"
    WAIT_ON = "wait_on"
    GIVE_UP = "give_up"
    SEAL = "seal"
    REFORM = "reform"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at: since when the room stands still, and why; `is_new`: nobody sits there who sat there at the sealing;
    `is_whole`: what was sealed is what is there; `is_unsealed`: the rooms that were sealed with it are open."""

    now: datetime
    since: datetime
    phase: Phase
    is_new: bool = False
    is_whole: bool = True
    is_unsealed: bool = True


def is_repaired_in_time(facts: Facts) -> Refusal | None:
    """During the work within four hours; before it for as long as the tenderer waits."""
    if facts.phase is Phase.NIGHT:
        return WrongState("halt.is_night")
    is_late = facts.phase is Phase.DURING and facts.now - facts.since > REPAIR_WITHIN
    return RuleBroken("halt.over_four_hours", _DURING) if is_late else None


def has_waited(facts: Facts) -> Refusal | None:
    """The tenderer decides about a fault before the start, and after two hours."""
    if facts.phase is not Phase.BEFORE:
        return WrongState("halt.not_before")
    return None if facts.now - facts.since >= WAIT_BEFORE else RuleBroken("halt.before_two_hours", _BEFORE)


def is_too_long(facts: Facts) -> Refusal | None:
    """Sealed by itself once four hours of a fault during the work are over."""
    is_due = facts.phase is Phase.DURING and facts.now - facts.since > REPAIR_WITHIN
    return None if is_due else WrongState("halt.within_four_hours")


def is_another_committee(facts: Facts) -> Refusal | None:
    """The old members stay silent: the room goes on once none of them sits there."""
    return None if facts.is_new else WrongState("halt.old_members")


def the_seals_are_whole(facts: Facts) -> Refusal | None:
    """In the morning what was sealed must be what is there."""
    if facts.phase is not Phase.NIGHT:
        return WrongState("halt.not_night")
    if not facts.is_unsealed:
        return WrongState("halt.rooms_sealed")
    return None if facts.is_whole else RuleBroken("halt.seal_broken")


CENTRE, TENDERER, SYSTEM = frozenset({Role.CENTRE}), frozenset({Role.TENDERER}), frozenset({Role.SYSTEM})

MOVES: Moves[Action, State, Role, Facts] = Moves(
    "halt",
    (
        # action, from, to, who, only if
        Move(Action.REPAIR, at(State.STANDING), State.REPAIRED, CENTRE, is_repaired_in_time),
        Move(Action.WAIT_ON, at(State.STANDING), State.STANDING, TENDERER, has_waited),
        Move(Action.GIVE_UP, at(State.STANDING), State.SEALED, TENDERER, has_waited),
        Move(Action.SEAL, at(State.STANDING), State.SEALED, SYSTEM, is_too_long),
        Move(Action.REFORM, at(State.SEALED), State.REFORMED, SYSTEM, is_another_committee),
        Move(Action.OPEN, at(State.STANDING), State.OPENED, CENTRE, the_seals_are_whole),
    ),
)


def phase_of(state: room.State, *, was_complete: bool) -> Phase:
    """Whether the work had begun: once all members were there."""
    return Phase.DURING if was_complete or state is not room.State.COMMITTEE_FORMED else Phase.BEFORE


def needs_its_seals(phase: Phase) -> bool:
    """Whether it is looked at whether the seals are whole: in the morning; a fault is sealed for a new committee."""
    return phase is Phase.NIGHT


class Stop(Enum):
    """How a room comes to stand still."""

    FAULT = "fault"
    NIGHT = "night"
    VACANCY = "vacancy"


@dataclass(frozen=True, slots=True)
class StopFacts:
    """Whether the room stands still already, whether the work has begun, whether somebody could follow in the seat that is spoken of."""

    is_paused: bool = False
    has_begun: bool = True
    is_followed: bool = True


def not_twice(facts: StopFacts) -> Refusal | None:
    """A room that stands still is not stopped again."""
    return WrongState("room.paused") if facts.is_paused else None


def has_something_to_seal(facts: StopFacts) -> Refusal | None:
    """For the night is sealed what was begun."""
    return not_twice(facts) or (None if facts.has_begun else WrongState("halt.nothing_begun"))


def nobody_follows(facts: StopFacts) -> Refusal | None:
    """A committee is sealed for a seat that nobody can take; while somebody follows it is handed on (招标投标法实施条例 art. 48)."""
    return not_twice(facts) or (WrongState("halt.seat_followed") if facts.is_followed else None)


OPEN: tuple[room.State, ...] = tuple(one for one in room.State if one is not room.State.SUBMITTED)


def _stops(state: room.State) -> Iterator[Move[Stop, room.State, Role, StopFacts]]:
    """Standing still moves nothing: each state leads to itself."""
    yield Move(Stop.FAULT, at(state), state, CENTRE, not_twice)
    yield Move(Stop.NIGHT, at(state), state, CENTRE, has_something_to_seal)
    yield Move(Stop.VACANCY, at(state), state, CENTRE, nobody_follows)


STOPS: Moves[Stop, room.State, Role, StopFacts] = Moves("halts", (row for state in OPEN for row in _stops(state)))


@dataclass(frozen=True, slots=True)
class FaultBody:
    """The signed body of `halt.fault`: what broke, and where: a site's name, or "" for the platform or the line between all."""

    phase: Phase
    site: str
    what: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> FaultBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.choice("phase", Phase), body.text("site", 60, least=0), body.text("what", 500, least=2))
        body.done()
        if read.phase is Phase.NIGHT:
            raise RuleBroken("body.malformed", member="phase")
        return read


@dataclass(frozen=True, slots=True)
class NightBody:
    """The signed body of `halt.night`: until when it is sealed, where the members stay, and the digest of what is sealed."""

    until: datetime
    lodging: str
    material_sha256: str

    @classmethod
    def read(cls, signed: Mapping[str, object], now: datetime) -> NightBody:
        """Of a signed body; raises RuleBroken naming the member, or for a night that is none."""
        body = Body(signed)
        read = cls(body.moment("until"), body.text("lodging", 500, least=2), body.digest("material_sha256"))
        body.done()
        if not timedelta() < read.until - now <= LONGEST_NIGHT:
            raise RuleBroken("halt.night_hours", hours=int(LONGEST_NIGHT.total_seconds()) // 3600)
        return read


@dataclass(frozen=True, slots=True)
class VacancyBody:
    """The signed body of `halt.vacancy`: whose seat cannot be filled from the draw, and why its member cannot go on."""

    seat: str
    text: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> VacancyBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("seat", 4), body.text("text", 500, least=2))
        body.done()
        return read


@dataclass(frozen=True, slots=True)
class WordBody:
    """The signed body of `halt.repair` and `halt.open`: about which halt, by the digest of the statement that began it."""

    halt_sha256: str
    text: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> WordBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.digest("halt_sha256"), body.text("text", 500, least=2))
        body.done()
        return read


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """The signed body of `halt.decide`: the tenderer waits on, or gives up and has all sealed."""

    halt_sha256: str
    go_on: bool
    text: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> DecisionBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.digest("halt_sha256"), body.flag("go_on"), body.text("text", 500, least=2))
        body.done()
        return read

    @property
    def action(self) -> Action:
        """What it comes to."""
        return Action.WAIT_ON if self.go_on else Action.GIVE_UP


def material_digest(statements: Iterable[str]) -> str:
    """What is sealed: the digests of the members' signed statements, in the order in which they were received."""
    listed: list[JSON] = list(statements)
    return sha256(canonical(listed)).hex()

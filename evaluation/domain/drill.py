"""Drills (演练): which faults are injected into an invented room, what has to be done about each, and whether it was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from evaluation.domain.contingency import REPAIR_WITHIN, WAIT_BEFORE, Phase
from evaluation.domain.seat_health import Device, Signals

DRILL = "drill"
"""The name of the list on which those who play are, and of its only stratum."""
MOST_SEATS, MOST_RESERVES, MOST_FAULTS = 15, 15, 60
RED_WITHIN = timedelta(seconds=5)
"""A seat that falls silent is red within so long."""
SEALED_WITHIN = timedelta(seconds=10)
"""The platform looks every five seconds whether hours are over."""


class State(Enum):
    """The life of a drill."""

    RUNNING = "running"
    ENDED = "ended"


class Action(Enum):
    """What is done about a drill."""

    INJECT = "inject"
    LIFT = "lift"
    END = "end"


class Fault(Enum):
    """What is injected (故障科目)."""

    SEAT_SILENT = "seat_silent"  # 工位失联
    CAMERA_LOST = "camera_lost"  # 摄像头中断
    NETWORK_CUT = "network_cut"  # 场地断网
    DOWN_BEFORE = "down_before"  # 开始前场地故障
    DOWN_DURING = "down_during"  # 评审中场地故障
    TWO_HOURS = "two_hours"  # 已等满两小时
    FOUR_HOURS = "four_hours"  # 已满四小时
    EXPERT_OUT = "expert_out"  # 专家退出

    @property
    def needs_seat(self) -> bool:
        """Whether it happens at one seat."""
        return self in (Fault.SEAT_SILENT, Fault.CAMERA_LOST, Fault.EXPERT_OUT)

    @property
    def needs_site(self) -> bool:
        """Whether it happens at one site."""
        return self in (Fault.NETWORK_CUT, Fault.DOWN_BEFORE, Fault.DOWN_DURING)

    @property
    def hours(self) -> timedelta:
        """By how much the hours of the fault that stands are put forward; nothing for the others."""
        return {Fault.TWO_HOURS: WAIT_BEFORE, Fault.FOUR_HOURS: REPAIR_WITHIN}.get(self, timedelta())

    @property
    def lasts(self) -> bool:
        """Whether it goes on until it is lifted; the others are a cue, or have happened once and for all."""
        return self in (Fault.SEAT_SILENT, Fault.CAMERA_LOST, Fault.NETWORK_CUT)


HOURS_OF: Mapping[Fault, Phase] = {Fault.TWO_HOURS: Phase.BEFORE, Fault.FOUR_HOURS: Phase.DURING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at: `standing`: the phase of the fault because of which the room stands still; `seats`: those that are signed in;
    `fault`: what is injected; `is_known`: the seat or site is of this room."""

    fault: Fault | None = None
    has_begun: bool = False
    standing: Phase | None = None
    is_known: bool = True
    is_lifted: bool = False
    count: int = 0


def fits_now(facts: Facts) -> Refusal | None:
    """Each fault has its time: before all were there, after, or while one of that phase stands."""
    fault = facts.fault
    if not facts.is_known:
        return RuleBroken("drill.place")
    if facts.count >= MOST_FAULTS:
        return RuleBroken("drill.too_many", most=MOST_FAULTS)
    if fault is not None and fault in HOURS_OF:
        return None if facts.standing is HOURS_OF[fault] else WrongState("drill.nothing_stands")
    if fault is Fault.DOWN_BEFORE:
        return WrongState("drill.begun") if facts.has_begun else None
    return None if facts.has_begun or fault is Fault.SEAT_SILENT else WrongState("drill.not_begun")


def is_lifted_once(facts: Facts) -> Refusal | None:
    """A fault that lasts is lifted once."""
    if facts.fault is None or not facts.fault.lasts:
        return WrongState("drill.nothing_to_lift")
    return WrongState("drill.lifted") if facts.is_lifted else None


def nothing_stands(facts: Facts) -> Refusal | None:
    """A drill ends once the room goes on, or all is sealed."""
    return None if facts.standing is None else WrongState("drill.stands")


CENTRE = frozenset({Role.CENTRE})
MOVES: Moves[Action, State, Role, Facts] = Moves(
    "drill",
    (
        # action, from, to, who, only if
        Move(Action.INJECT, at(State.RUNNING), State.RUNNING, CENTRE, fits_now),
        Move(Action.LIFT, at(State.RUNNING), State.RUNNING, CENTRE, is_lifted_once),
        Move(Action.END, at(State.RUNNING), State.ENDED, CENTRE, nothing_stands),
    ),
)


def may_read(state: State, roles: Collection[Role]) -> bool:
    """The centre; a supervisor once it is over, since until then supervisors are to find what was injected."""
    return Role.CENTRE in roles or (state is State.ENDED and Role.SUPERVISOR in roles)


@dataclass(frozen=True, slots=True)
class BeginBody:
    """The signed body of `drill.begin`: what the invented tender is called, which organisation plays the tenderer, who many seats each site
    gives, and how many are there to follow. Who plays is not in it."""

    title: str
    tenderer: str
    sites: tuple[tuple[str, int], ...]
    reserves: int

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> BeginBody:
        """Of a signed body; raises RuleBroken naming the member, or for too many seats."""
        body = Body(signed)
        sites = []
        for one in body.objects("sites", 1, 6):
            sites.append((one.text("site", 60), one.count("seats", 1, MOST_SEATS)))
            one.done()
        read = cls(
            body.text("title", 80, least=2), body.text("tenderer", 18, least=18), tuple(sites), body.count("reserves", 0, MOST_RESERVES)
        )
        body.done()
        if read.seats > MOST_SEATS or len({site for site, _ in sites}) < len(sites):
            raise RuleBroken("drill.seats", most=MOST_SEATS)
        return read

    @property
    def seats(self) -> int:
        """All of them."""
        return sum(seats for _, seats in self.sites)

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        sites: list[JSON] = [{"site": site, "seats": seats} for site, seats in self.sites]
        return {"title": self.title, "tenderer": self.tenderer, "sites": sites, "reserves": self.reserves}


@dataclass(frozen=True, slots=True)
class InjectBody:
    """The signed body of `drill.inject`: the fault, and the seat or the site at which it happens."""

    fault: Fault
    seat: str
    site: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> InjectBody:
        """Of a signed body; raises RuleBroken naming the member, or where the place is missing or one too many."""
        body = Body(signed)
        read = cls(body.choice("fault", Fault), body.text("seat", 4, least=0), body.text("site", 60, least=0))
        body.done()
        if (bool(read.seat), bool(read.site)) != (read.fault.needs_seat, read.fault.needs_site):
            raise RuleBroken("drill.place")
        return read


@dataclass(frozen=True, slots=True)
class LiftBody:
    """The signed body of `drill.lift`: which fault is lifted, by the digest of its statement."""

    fault_sha256: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> LiftBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.digest("fault_sha256"))
        body.done()
        return read


@dataclass(frozen=True, slots=True)
class EndBody:
    """The signed body of `drill.end`: what is to be said of it (小结)."""

    text: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> EndBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("text", 1000, least=2))
        body.done()
        return read


def heard_of(signals: Signals, faults: Iterable[Fault]) -> Signals | None:
    """What the platform takes in of a workstation at which these faults last; None for nothing at all."""
    found = signals
    for fault in faults:
        if fault is not Fault.CAMERA_LOST:
            return None
        found = Signals(Device.OFF, found.microphone, found.screen, found.present, found.latency)
    return found


def followers(members: Sequence[str], reserves: Sequence[str], gone: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """Who sits and who is still there to follow once these have left one after the other; None where nobody is left."""
    sitting, waiting = list(members), list(reserves)
    for one in gone:
        if not waiting or one not in sitting:
            return None
        sitting[sitting.index(one)] = waiting.pop(0)
    return sitting, waiting


# What is to happen


@dataclass(frozen=True, slots=True)
class Rule:
    """What has to follow a fault: one of each set of kinds after the other, the first of them `within`."""

    steps: tuple[frozenset[str], ...]
    within: timedelta | None = None


def _steps(*steps: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(step.split()) for step in steps)


RULES: Mapping[Fault, Rule] = {
    Fault.SEAT_SILENT: Rule(_steps("seat.left"), RED_WITHIN),
    Fault.CAMERA_LOST: Rule(_steps("seat.left"), RED_WITHIN),
    Fault.NETWORK_CUT: Rule(_steps("seat.left", "halt.fault", "halt.repair halt.sealed"), RED_WITHIN),
    Fault.DOWN_BEFORE: Rule(_steps("halt.fault", "halt.repair halt.decide")),
    Fault.DOWN_DURING: Rule(_steps("halt.fault", "halt.repair halt.sealed")),
    Fault.TWO_HOURS: Rule(_steps("halt.decide halt.repair")),
    Fault.FOUR_HOURS: Rule(_steps("halt.sealed", "halt.reformed"), SEALED_WITHIN),
    Fault.EXPERT_OUT: Rule(_steps("room.replace room.leave", "room.sign_in")),
}


@dataclass(frozen=True, slots=True)
class Injected:
    """A fault that was injected; `seats`: where it shows."""

    no: int
    fault: Fault
    at: datetime
    seat: str = ""
    site: str = ""
    seats: frozenset[str] = frozenset()
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that happened in the room: by its digest other words name it."""

    kind: str
    at: datetime
    digest: str
    role: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)


COURSE = frozenset(
    {
        *("drill.begin", "room.assembled", "chair.elected", "preliminary.open", "preliminary.result", "technical.lock", "blind.opened"),
        *("summary", "report.draft", "report.submit", "committee.form", "drill.end"),
    }
)
"""What a drill's evening is told by: its steps, a committee that sits otherwise among them."""


def course(heard: Iterable[Heard]) -> tuple[Heard, ...]:
    """The steps of the evening in their order; one that was done again, since a seat was handed on, each time."""
    return tuple(said for said in heard if said.kind in COURSE)


class Verdict(Enum):
    """What the rule comes to."""

    MET = "met"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"  # the drill goes on


@dataclass(frozen=True, slots=True)
class Finding:
    """What was done about a fault: its steps, and of the alarm that it raised when it was dispatched and closed."""

    injected: Injected
    verdict: Verdict
    steps: tuple[Heard, ...]
    alarm_at: datetime | None = None
    dispatched_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def rule(self) -> Rule:
        """What had to follow."""
        return RULES[self.injected.fault]

    def after(self, moment: datetime | None) -> float | None:
        """Seconds from the fault to a moment."""
        return None if moment is None else (moment - self.injected.at).total_seconds()


def findings(
    injected: Sequence[Injected], heard: Sequence[Heard], is_alarm: Callable[[Heard], bool], *, has_ended: bool
) -> tuple[Finding, ...]:
    """Of each fault, in order; `heard` in the order in which it happened."""
    return tuple(_finding(one, heard, is_alarm, has_ended=has_ended) for one in injected)


def _finding(one: Injected, heard: Sequence[Heard], is_alarm: Callable[[Heard], bool], *, has_ended: bool) -> Finding:
    mine = [said for said in heard if said.at >= one.at and _concerns(said, one)]
    steps = tuple(_followed(RULES[one.fault].steps, mine))
    alarm = next((said for said in mine if is_alarm(said)), None)
    sent = None if alarm is None else _named(heard, "supervision.act", "about", alarm.digest)
    closed = None if sent is None else _named(heard, "supervision.close", "act_sha256", sent.digest)
    return Finding(one, _verdict(one, steps, has_ended=has_ended), steps, _at(alarm), _at(sent), _at(closed))


def _at(said: Heard | None) -> datetime | None:
    return None if said is None else said.at


def _concerns(said: Heard, one: Injected) -> bool:
    """What tells of a seat concerns a fault at that seat, or at its site; what tells of none concerns all."""
    seat = str(said.body.get("seat", ""))
    return not seat or not one.seats or seat in one.seats


def _followed(steps: Iterable[frozenset[str]], heard: Iterable[Heard]) -> Iterator[Heard]:
    left = iter(heard)
    for kinds in steps:
        found = next((said for said in left if said.kind in kinds), None)
        if found is None:
            return
        yield found


def _named(heard: Iterable[Heard], kind: str, member: str, digest: str) -> Heard | None:
    return next((said for said in heard if said.kind == kind and said.body.get(member) == digest), None)


def _verdict(one: Injected, steps: Sequence[Heard], *, has_ended: bool) -> Verdict:
    rule = RULES[one.fault]
    if steps and rule.within is not None and steps[0].at - one.at > rule.within:
        return Verdict.LATE
    if len(steps) == len(rule.steps):
        return Verdict.MET
    return Verdict.MISSED if has_ended else Verdict.OPEN

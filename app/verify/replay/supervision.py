"""Supervisors' acts: to whom they may go, answered by who was addressed, closed after an answer; and a paused room stood still."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.verify.entries import Entry
from app.verify.replay import committee
from app.verify.replay.committee import Seated
from app.verify.replay.story import Story
from app.verify.verdict import inside
from core.kernel.roles import Role
from evaluation.domain.room_pause import STOPPED
from evaluation.domain.supervision import (
    AGENCY,
    CENTRE,
    MOVES,
    Action,
    Facts,
    MeasureBody,
    State,
    UrgeBody,
    WordBody,
    refuse_figures,
    seat_of,
)


@dataclass
class Act:
    """An act as far as the story has come."""

    no: int
    said: MeasureBody
    person: str  # who sat at the seat that is addressed, "" for an office
    due: datetime
    state: State = State.OPEN
    is_lapsed: bool = False


@dataclass
class Room:
    """What is known of the acts until an event."""

    story: Story
    acts: dict[str, Act] = field(default_factory=dict)
    pausing: str = ""  # digest of the act by which the room stands still
    is_summed_up: bool = False
    is_handed_over: bool = False

    def act_of(self, entry: Entry) -> Act:
        """The act that a word names."""
        found = self.acts.get(entry.text("act_sha256"))
        entry.require(found is not None, "measure_unknown")
        assert found is not None
        return found

    def move(self, entry: Entry, action: Action, act: Act, *, is_addressed: bool = False) -> None:
        """The act goes on as the table of its life has it."""
        digest = next(name for name, one in self.acts.items() if one is act)
        facts = Facts(now=entry.at, due=act.due, is_addressed=is_addressed, is_paused=self.pausing == digest, is_lapsed=act.is_lapsed)
        with inside(entry.member):
            act.state = MOVES.choose(action, act.state, frozenset({Role(entry.role)}), facts)


def _issued(room: Room, entry: Entry, seated: Seated) -> None:
    with inside(entry.member):
        said = MeasureBody.read(entry.body, entry.at)
    seat = seat_of(said.to)
    entry.require(not seat or seat in seated.people, "not_a_member", actor=seat)
    room.acts[entry.digest] = Act(len(room.acts) + 1, said, seated.people.get(seat, ""), said.due)
    if said.measure.is_pause:
        entry.require(not room.pausing and not room.is_handed_over, "measure_differs", no=len(room.acts))
        room.pausing = entry.digest


def _answered(room: Room, entry: Entry, seated: Seated) -> None:
    with inside(entry.member):
        said = WordBody.read(entry.body)
    act = room.act_of(entry)
    with inside(entry.member):
        refuse_figures(said.text, act.said.to, summed_up=room.is_summed_up)
    has_left = bool(act.person) and act.person not in seated.people.values()
    if act.said.to == CENTRE or has_left:
        is_addressed = entry.role == CENTRE
    elif act.said.to == AGENCY:
        is_addressed = entry.role == AGENCY
    else:
        is_addressed = entry.role == Role.EXPERT.value and entry.actor == act.person
    room.move(entry, Action.ANSWER, act, is_addressed=is_addressed)


def _urged(room: Room, entry: Entry, _seated: Seated) -> None:
    with inside(entry.member):
        said = UrgeBody.read(entry.body, entry.at)
    act = room.act_of(entry)
    room.move(entry, Action.URGE, act)
    act.due, act.is_lapsed = said.due, False


def _lapsed(room: Room, entry: Entry, _seated: Seated) -> None:
    act = next((one for one in room.acts.values() if one.no == entry.count("no")), None)
    entry.require(act is not None, "measure_unknown")
    assert act is not None
    room.move(entry, Action.LAPSE, act)
    act.is_lapsed = True


def _resumed(room: Room, entry: Entry, _seated: Seated) -> None:
    with inside(entry.member):
        WordBody.read(entry.body)
    room.move(entry, Action.RESUME, room.act_of(entry))
    room.pausing = ""


def _closed(room: Room, entry: Entry, _seated: Seated) -> None:
    with inside(entry.member):
        WordBody.read(entry.body)
    room.move(entry, Action.CLOSE, room.act_of(entry))


STEPS: Mapping[str, Callable[[Room, Entry, Seated], None]] = {
    "supervision.act": _issued,
    "supervision.answer": _answered,
    "supervision.urge": _urged,
    "supervision.overdue": _lapsed,
    "supervision.resume": _resumed,
    "supervision.close": _closed,
}


def check_supervision(story: Story) -> str:
    """Every act and what was said about it, in their order, and that nothing stirred while a room was paused; returns how many acts there
    were, and how many were closed."""
    room = Room(story)
    for entry, seated in committee.sittings(story):
        if entry.kind in STEPS:
            STEPS[entry.kind](room, entry, seated)
        entry.require(not room.pausing or entry.kind not in STOPPED, "while_paused", kind=entry.kind)
        room.is_summed_up = room.is_summed_up or entry.kind == "summary"
        if entry.kind in ("report.submit", "reevaluation.open"):
            room.is_handed_over = entry.kind == "report.submit"
    return f"{len(room.acts)}; {sum(one.state is State.CLOSED for one in room.acts.values())}"

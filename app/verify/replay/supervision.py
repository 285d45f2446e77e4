"""Supervisors' acts: to whom they may go, answered by who was addressed, closed after an answer; that a paused room stood still; and that
whoever looked had said for what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.verify.entries import Entry
from app.verify.replay import committee
from app.verify.replay.committee import Seated
from app.verify.replay.story import Story
from app.verify.verdict import inside
from core.kernel.roles import Role
from evaluation.domain.alarm import level_of
from evaluation.domain.room_pause import STOPPED
from evaluation.domain.supervision import (
    AGENCY,
    CENTRE,
    MOVES,
    VIEWER,
    Action,
    Facts,
    MeasureBody,
    State,
    UrgeBody,
    WordBody,
    refuse_figures,
    refuse_without_a_room,
    seat_of,
)
from evaluation.domain.viewing import LASTS, ViewBody


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
class View:
    """A view as far as the story has come; `stopped`: another supervisor's act has ended it."""

    no: int
    person: str
    until: datetime
    looked: set[str] = field(default_factory=set)
    is_open: bool = True
    stopped: bool = False


@dataclass
class Room:
    """What is known of acts and views until an event."""

    story: Story
    acts: dict[str, Act] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
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
    person = seated.people.get(seat, "")
    if said.measure.is_alarm:
        _check_alarm(room, entry, said.about)
    if said.measure.ends_a_view:
        person = _stop(room, entry, said.about)
    room.acts[entry.digest] = Act(len(room.acts) + 1, said, person, said.due)
    if said.measure.is_pause:
        entry.require(not room.pausing and not room.is_handed_over, "measure_differs", no=len(room.acts))
        room.pausing = entry.digest


def _check_alarm(room: Room, entry: Entry, about: str) -> None:
    """It is about an earlier alarm of the case or of its recordings, and the first to be so."""
    before = [one for one in room.story.entries if one.seq < entry.seq] + [one for one in room.story.recorded if one.at <= entry.at]
    known = {one.digest for one in before if level_of(one.kind, one.body) is not None}
    entry.require(about in known, "measure_unknown")
    entry.require(all(one.said.about != about for one in room.acts.values()), "measure_differs", no=len(room.acts) + 1)


def _stop(room: Room, entry: Entry, about: str) -> str:
    """Another supervisor's view that goes on is over; returns whose it was."""
    view = room.views.get(about)
    entry.require(view is not None and view.is_open and view.person != entry.actor, "view_differs", no=view.no if view else 0)
    assert view is not None
    view.stopped = True
    return view.person


def _answered(room: Room, entry: Entry, seated: Seated) -> None:
    with inside(entry.member):
        said = WordBody.read(entry.body)
    act = room.act_of(entry)
    with inside(entry.member):
        refuse_figures(said.text, act.said.to, summed_up=room.is_summed_up)
    has_left = bool(seat_of(act.said.to)) and act.person not in seated.people.values()
    if act.said.to == CENTRE or has_left:
        is_addressed = entry.role == CENTRE
    elif act.said.to == AGENCY:
        is_addressed = entry.role == AGENCY
    else:
        role = Role.SUPERVISOR if act.said.to == VIEWER else Role.EXPERT
        is_addressed = entry.role == role.value and entry.actor == act.person
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


def _begun(room: Room, entry: Entry, _seated: Seated) -> None:
    with inside(entry.member):
        ViewBody.read(entry.body)
    mine = [one for one in room.views.values() if one.person == entry.actor and one.is_open and one.until > entry.at]
    entry.require(not mine, "view_differs", no=len(room.views) + 1)
    room.views[entry.digest] = View(len(room.views) + 1, entry.actor, entry.at + LASTS)


def _going(room: Room, entry: Entry) -> View:
    no = entry.count("no")
    view = next((one for one in room.views.values() if one.no == no), None)
    entry.require(view is not None and view.is_open, "view_differs", no=no)
    assert view is not None
    return view


def _looked(room: Room, entry: Entry, _seated: Seated) -> None:
    view, what = _going(room, entry), entry.text("what")
    entry.require(what not in view.looked and entry.at < view.until, "view_differs", no=view.no)
    view.looked.add(what)


def _ended(room: Room, entry: Entry, _seated: Seated) -> None:
    view, how = _going(room, entry), entry.text("how")
    fits = {"left": not view.stopped, "lapsed": entry.at >= view.until, "stopped": view.stopped}
    entry.require(fits.get(how, False), "view_differs", no=view.no)
    view.is_open = False


STEPS: Mapping[str, Callable[[Room, Entry, Seated], None]] = {
    "supervision.act": _issued,
    "supervision.answer": _answered,
    "supervision.urge": _urged,
    "supervision.overdue": _lapsed,
    "supervision.resume": _resumed,
    "supervision.close": _closed,
    "supervision.view": _begun,
    "supervision.look": _looked,
    "supervision.view_end": _ended,
}


def _with_who_sat(story: Story) -> Iterator[tuple[Entry, Seated]]:
    """Every event with who sat there then, nobody before the first committee: until then an alarm of the draw is all that is acted on."""
    first = story.all("committee.form")[:1]
    for entry in story.entries:
        if first and entry.seq >= first[0].seq:
            break
        if entry.kind == "supervision.act":
            with inside(entry.member):
                refuse_without_a_room(MeasureBody.read(entry.body, entry.at).measure)
        yield entry, Seated(entry, {}, {})
    yield from committee.sittings(story)


def check_supervision(story: Story) -> str:
    """Every act and what was said about it, every view, in their order, and that nothing stirred while a room was paused; returns how many
    acts there were, how many were closed, and how many views."""
    room = Room(story)
    for entry, seated in _with_who_sat(story):
        if entry.kind in STEPS:
            STEPS[entry.kind](room, entry, seated)
        entry.require(not room.pausing or entry.kind not in STOPPED, "while_paused", kind=entry.kind)
        room.is_summed_up = room.is_summed_up or entry.kind == "summary"
        if entry.kind in ("report.submit", "reevaluation.open"):
            room.is_handed_over = entry.kind == "report.submit"
    return f"{len(room.acts)}; {sum(one.state is State.CLOSED for one in room.acts.values())}; {len(room.views)}"

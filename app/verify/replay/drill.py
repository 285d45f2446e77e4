"""A drill: begun by the centre, faults of which each had its time and its place, lifted once, ended; and what was done about each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.verify.entries import Entry
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel.roles import Role
from evaluation.domain import drill_bids
from evaluation.domain.alarm import level_of
from evaluation.domain.contingency import Phase
from evaluation.domain.drill import (
    MOVES,
    Action,
    BeginBody,
    EndBody,
    Facts,
    Fault,
    Heard,
    InjectBody,
    Injected,
    LiftBody,
    State,
    Verdict,
    findings,
)

LOT = "1"
SCORING = ("drill.bids", "blind.map", "preliminary.open", "score", "report.draft")
"""Where any of these was said there are bids, under names that were fixed before."""
AFTERWARDS = ("supervision.overdue", "supervision.view_end")
"""What the platform's clock may still tell after the end."""


@dataclass
class Play:
    """What is known until an event."""

    said: BeginBody
    state: State = State.RUNNING
    seats: dict[str, str] = field(default_factory=dict)  # code → site
    known: set[str] = field(default_factory=set)  # every pseudonym that ever sat there
    sitting: frozenset[str] = frozenset()
    bids: int = 0
    has_begun: bool = False
    standing: Phase | None = None
    injected: dict[str, Injected] = field(default_factory=dict)

    def move(self, entry: Entry, action: Action, fault: Fault | None = None, **about: bool) -> None:
        """As the table of its life has it."""
        facts = Facts(fault=fault, has_begun=self.has_begun, standing=self.standing, count=len(self.injected), **about)
        with inside(entry.member):
            self.state = MOVES.choose(action, self.state, frozenset({Role(entry.role)}), facts)


def _formed(play: Play, entry: Entry) -> None:
    """The seats are those that the sites give; whoever comes later has never sat there."""
    rows = [(str(one["code"]), str(one["site"]), str(one["pseudonym"])) for one in entry.parts("seats")]
    places = [site for site, seats in play.said.sites for _ in range(seats)]
    same(entry, [[code, site] for code, site, _ in rows], [[str(no), site] for no, site in enumerate(places, 1)], "seats_differ")
    now = frozenset(name for _, _, name in rows)
    entry.require(len(now) == len(rows) and not (now - play.sitting) & play.known, "seats_differ")
    play.known |= now
    play.sitting, play.seats = now, {code: site for code, site, _ in rows}
    entry.require(len(play.known) <= play.said.seats + play.said.reserves, "seats_differ")


def _invented(play: Play, entry: Entry) -> None:
    """Once, the bids and the method of every drill."""
    with inside(entry.member):
        bids = drill_bids.read(entry.parts("bids"), entry.part("method"))
    entry.require(not play.bids and bool(play.sitting), "event_twice", kind=entry.kind)
    play.bids = len(bids)


def _injected(play: Play, entry: Entry) -> None:
    with inside(entry.member):
        said = InjectBody.read(entry.body)
    is_known = said.seat in {*play.seats, ""} and said.site in {*play.seats.values(), ""}
    play.move(entry, Action.INJECT, said.fault, is_known=is_known)
    at = {said.seat} if said.seat else {code for code, site in play.seats.items() if site == said.site}
    no = len(play.injected) + 1
    play.injected[entry.digest] = Injected(no, said.fault, entry.at, said.seat, said.site, frozenset(at))


def _lifted(play: Play, entry: Entry) -> None:
    with inside(entry.member):
        said = LiftBody.read(entry.body)
    one = play.injected.get(said.fault_sha256)
    entry.require(one is not None, "drill_fault")
    assert one is not None
    play.move(entry, Action.LIFT, one.fault, is_lifted=one.lifted_at is not None)
    play.injected[said.fault_sha256] = Injected(one.no, one.fault, one.at, one.seat, one.site, one.seats, entry.at)


def _ended(play: Play, entry: Entry) -> None:
    with inside(entry.member):
        EndBody.read(entry.body)
    play.move(entry, Action.END)


def _stands(play: Play, entry: Entry) -> None:
    play.standing = Phase.NIGHT if entry.kind == "halt.night" else Phase(entry.text("phase"))


def _goes_on(play: Play, _entry: Entry) -> None:
    play.standing = None


def _begun(play: Play, _entry: Entry) -> None:
    play.has_begun = True


TAKES: Mapping[str, Callable[[Play, Entry], None]] = {
    "committee.form": _formed,
    "drill.bids": _invented,
    "drill.inject": _injected,
    "drill.lift": _lifted,
    "drill.end": _ended,
    "room.assembled": _begun,
    **dict.fromkeys(("halt.fault", "halt.night"), _stands),
    **dict.fromkeys(("halt.repair", "halt.open", "halt.sealed"), _goes_on),
}


def check_drill(story: Story) -> str:
    """Everything in its order; returns how many faults there were, and how many of their rules were met, late and missed. Raises Broken."""
    first = story.entries[0]
    first.require(first.kind == "drill.begin" and len(story.all("drill.begin")) == 1, "drill_begin")
    with inside(first.member):
        play = Play(BeginBody.read(first.body))
    for entry in story.entries[1:]:
        entry.require(play.state is State.RUNNING or entry.kind in AFTERWARDS, "drill_over", kind=entry.kind)
        if entry.kind in TAKES:
            TAKES[entry.kind](play, entry)
    if play.state is State.RUNNING:
        raise Broken(story.entries[-1].member, "drill_open")
    for kind in ("drill.bids", "blind.map") if story.all(*SCORING) else ():
        story.the(kind)
    heard = [Heard(one.kind, one.at, one.digest, one.role, one.body) for one in story.entries]
    found = findings(list(play.injected.values()), heard, lambda one: level_of(one.kind, one.body) is not None, has_ended=True)
    counted = Counter(one.verdict for one in found)
    return f"{len(found)}; {counted[Verdict.MET]}; {counted[Verdict.LATE]}; {counted[Verdict.MISSED]}"

"""Reopened sheets replayed: asked for by their own member, decided by the host and the chair, or by who stands in for the chair."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.verify.entries import Entry
from app.verify.replay import committee
from app.verify.replay.committee import Seated
from app.verify.replay.story import Story
from app.verify.verdict import inside
from evaluation.domain.parts import TECHNICAL
from evaluation.domain.rejection import FEWEST, Competition
from evaluation.domain.unlock import HOST, DecisionBody, State, UnlockBody, deciders, outcome

KINDS = ("sheet.unlock.ask", "sheet.unlock.decide")
DECIDED = "preliminary.result"


@dataclass
class Asked:
    """A request, and what those who decide have said so far."""

    entry: Entry
    seat: str
    sheet: Entry
    deciders: frozenset[str]
    said: dict[str, bool] = field(default_factory=dict)
    end: Entry | None = None

    @property
    def state(self) -> State:
        """What has become of it."""
        granted = {one for one, yes in self.said.items() if yes}
        return outcome(self.deciders, granted, set(self.said) - granted)


def asked(story: Story) -> list[Asked]:
    """Every request with its end; raises Broken for one about another sheet, a second, or a decision of whoever does not decide."""
    sheets: dict[str, tuple[str, Entry]] = {}
    found: dict[str, Asked] = {}
    for entry, seated in committee.sittings(story):
        if entry.kind == "score":
            sheets[entry.digest] = (seated.seat_of(entry), entry)
        elif entry.kind == KINDS[0]:
            found[entry.digest] = _ask(entry, seated, sheets, list(found.values()))
        elif entry.kind == KINDS[1]:
            _decide(entry, seated, found)
    return list(found.values())


def _ask(entry: Entry, seated: Seated, sheets: dict[str, tuple[str, Entry]], before: list[Asked]) -> Asked:
    with inside(entry.member):
        said = UnlockBody.read(entry.body)
    seat = seated.seat_of(entry)
    owner, sheet = sheets.get(said.sheet_sha256, ("", entry))
    entry.require(owner == seat and sheet.actor == entry.actor, "unlock_differs")
    again = [one for one in before if one.seat == seat and (one.state is State.OPEN or _gone(one, sheet))]
    entry.require(not again, "unlock_differs")
    return Asked(entry, seat, sheet, deciders(seat, seated.chair, seated.seats))


def _gone(one: Asked, sheet: Entry) -> bool:
    return one.sheet is sheet and one.state is State.GRANTED


def _decide(entry: Entry, seated: Seated, found: dict[str, Asked]) -> None:
    with inside(entry.member):
        said = DecisionBody.read(entry.body)
    who = HOST if entry.role == HOST else seated.seat_of(entry)
    one = found.get(said.request_sha256)
    entry.require(one is not None, "unlock_differs")
    assert one is not None
    entry.require(one.end is None and who in one.deciders - set(one.said), "unlock_differs")
    one.said[who] = said.granted
    one.end = entry if one.state is not State.OPEN else None


def reopened(story: Story) -> dict[str, int]:
    """Digest of every sheet that was reopened → number of the event that did it."""
    return {one.sheet.digest: one.end.seq for one in asked(story) if one.end is not None and one.state is State.GRANTED}


def signed(story: Story, part: str, bids: Sequence[str] | None = None) -> dict[str, Entry]:
    """Seat → the sheet of a part that counts: the last, and only where the one before it was reopened; raises Broken. `bids`: after a
    replacement those that go on now, since a sheet of others was signed anew."""
    gone = reopened(story)
    turns = [] if bids is None else [one for one in _turns(story, part) if one[0] <= story.entries[-1].seq]

    def replaces(earlier: Entry, later: Entry) -> bool:
        return gone.get(earlier.digest, later.seq) < later.seq

    def fits(entry: Entry) -> bool:
        if entry.body.get("part") != part or bids is None:
            return entry.body.get("part") == part
        return all(going == _bids_of(entry) for seq, going in (*turns, (sys.maxsize, set(bids))) if seq > entry.seq)

    found = committee.everyone(story, "score", fits=fits, replaces=replaces)
    for seat, entry in found.items():
        entry.require(entry.digest not in gone, "sheet_reopened", seat=seat)
    return found


def _bids_of(sheet: Entry) -> set[str]:
    return {str(one.get("bid")) for one in sheet.parts("sheets")}


def _turns(story: Story, part: str) -> Iterator[tuple[int, set[str]]]:
    """Each time that it was settled which bids go on to a part, with the number of the event: sheets of others fell then for good."""
    last: Entry | None = None
    for entry in story.everything:
        if part != TECHNICAL and entry.kind == "blind.opened" and last is not None:
            yield entry.seq, {str(code) for code, org in entry.part("map").items() if org in last.texts("passed")}
        elif entry.kind == (DECIDED if part == TECHNICAL else "technical.lock"):
            last = entry
        if part != TECHNICAL or last is None:
            continue
        is_enough = entry.kind == "competition.result" and entry.body.get("outcome") == Competition.ENOUGH.value
        if is_enough or (entry is last and len(last.texts("standing")) >= FEWEST):
            yield entry.seq, set(last.texts("standing"))


def check_unlocks(story: Story) -> int:
    """No request was made too late, or left open at the lock or the summary; returns how many sheets were reopened."""
    found = asked(story)
    for one in found:
        walls = story.all("technical.lock" if one.sheet.body.get("part") == TECHNICAL else "summary")
        for wall in walls[:1]:
            one.entry.require(one.entry.seq < wall.seq, "too_late")
            is_ended = one.end is not None and one.end.seq < wall.seq
            wall.require(is_ended or _left(story, one) or _all_out(story), "unlock_open", seat=one.seat)
    return sum(one.state is State.GRANTED for one in found)


def _left(story: Story, one: Asked) -> bool:
    """Whether the member has left the committee."""
    people: dict[str, str] = {}
    for _, seated in committee.sittings(story):
        people = dict(seated.people)
    return people.get(one.seat) != one.entry.actor


def _all_out(story: Story) -> bool:
    """Whether no bid was left to be scored, so that nobody had to go on."""
    return not story.all("summary")[0].part("result")["rows"] if story.has("summary") else False

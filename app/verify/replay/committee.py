"""The committee: exactly those drawn, in the seats that the draw's seed gives out, one person to a seat, everybody's word heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.verify.entries import Entry
from app.verify.replay import draw
from app.verify.replay.draw import Held
from app.verify.replay.story import Story, each_before, same
from app.verify.verdict import Broken, inside
from evaluation.domain.blind import map_digest
from evaluation.domain.blind_opening import OPENERS, BlindOpeningBody
from evaluation.domain.committee import Elected, elect
from evaluation.domain.draw import LEAST_MEMBERS


@dataclass(frozen=True)
class Seated:
    """Who sat where from one event on: seat → pseudonym, and seat → person as far as they had signed in."""

    since: Entry
    seats: Mapping[str, str]
    people: Mapping[str, str]
    chair: str = ""  # whoever was elected and has not left

    def seat_of(self, entry: Entry) -> str:
        """The seat of the person who speaks; raises Broken for whoever held none."""
        for seat, person in self.people.items():
            if person == entry.actor:
                return seat
        raise Broken(entry.member, "not_a_member", actor=entry.actor)


def _draw_of(story: Story, entry: Entry) -> Held:
    held = next((one for one in draw.draws(story) if one.name == entry.text("draw")), None)
    if held is None or held.result is None:
        raise Broken(entry.member, "draw_missing")
    return held


def check_seats(story: Story) -> int:
    """Every formation of the committee is the draw's list, less those who had stepped back; `calls` looks at the order of the seats.

    Returns how many members."""
    seats: dict[str, str] = {}
    for entry in story.all("committee.form"):
        held = _draw_of(story, entry)
        new = {str(one["code"]): str(one["pseudonym"]) for one in entry.parts("seats")}
        gone = [one for seq, one in draw.recused_later(story, held) if seq <= entry.seq]
        drawn = draw.replay(story, held, gone)
        members = [one for ids in drawn.picked.values() for one in ids]
        same(entry, sorted(new.values()), sorted(members), "seats_differ")
        entry.require(len(new) >= LEAST_MEMBERS and len(new) % 2 == 1, "committee_size", members=len(new))
        seats = new
    return len(seats)


def sittings(story: Story) -> Iterator[tuple[Entry, Seated]]:
    """Every event of the room with who sat there then; raises Broken for two people in a seat, or one in two."""
    seats: Mapping[str, str] = {}
    people: dict[str, str] = {}
    since: Entry | None = None
    chair = ""
    again: set[str] = set()  # seats whose members sign in once more, in a further round
    for entry in story.entries:
        if entry.kind == "reevaluation.open":
            again = set(seats)
        elif entry.kind == "committee.form":
            new = {str(one["code"]): str(one["pseudonym"]) for one in entry.parts("seats")}
            people = {seat: person for seat, person in people.items() if new.get(seat) == seats.get(seat)}
            chair = chair if new.get(chair) == seats.get(chair) else ""
            seats, since = new, entry
        elif entry.kind == "chair.elected":
            chair = entry.text("chair")
        elif entry.kind == "room.sign_in":
            seat = entry.text("seat")
            is_free = seat not in people and entry.actor not in people.values()
            entry.require(seat in seats and (is_free or (seat in again and people.get(seat) == entry.actor)), "seat_taken", seat=seat)
            people[seat] = entry.actor
            again.discard(seat)
        if since is not None:
            yield entry, Seated(since, seats, dict(people), chair)


Fits = Callable[[Entry], bool]
Replaces = Callable[[Entry, Entry], bool]


def of_members(
    story: Story, kind: str, since: int = -1, fits: Fits = lambda entry: True, replaces: Replaces = lambda earlier, later: False
) -> dict[str, Entry]:
    """Seat → the one statement of that kind by its member, of those in office at the end; raises Broken for strangers and seconds.
    What was said before the event of number `since` is void, only what `fits` is looked at, and a second counts where it `replaces`."""
    found: dict[str, Entry] = {}
    for entry, seated in sittings(story):
        if entry.kind == "committee.form":
            found = {seat: one for seat, one in found.items() if seated.people.get(seat) == one.actor}
        elif entry.kind == kind and entry.seq > since and fits(entry):
            seat = seated.seat_of(entry)
            entry.require(seat not in found or replaces(found[seat], entry), "said_twice", seat=seat)
            found[seat] = entry
    return found


def newest_seats(story: Story) -> frozenset[str]:
    """The seats of the committee as it was formed last."""
    return frozenset(str(one["code"]) for one in story.all("committee.form")[-1].parts("seats"))


def everyone(
    story: Story, kind: str, since: int = -1, fits: Fits = lambda entry: True, replaces: Replaces = lambda earlier, later: False
) -> dict[str, Entry]:
    """The same, of every seat; raises Broken naming the first that is missing."""
    found = of_members(story, kind, since, fits, replaces)
    forming = story.all("committee.form")[-1]
    for one in forming.parts("seats"):
        forming.require(one["code"] in found, "member_silent", seat=one["code"], kind=kind)
    return found


def check_presence(story: Story) -> None:
    """Members sat at the sites that were given out, and began when all were there and had nothing to declare."""
    sites = {str(one["code"]): str(one["site"]) for one in story.all("committee.form")[-1].parts("seats")}
    opened = story.last("reevaluation.open")
    signed_in = everyone(story, "room.sign_in", since=-1 if opened is None else opened.seq)
    for entry in signed_in.values():
        same(entry, entry.text("site"), sites[entry.text("seat")], "site_differs")
    each_before(signed_in.values(), story.all("preliminary.open"), "too_early")
    declared = everyone(story, "recusal.declare")
    for entry in declared.values():
        entry.require(entry.body.get("none") is True, "recused_member")
    each_before(declared.values(), story.all("preliminary.open"), "too_early")


def check_platform_words(story: Story) -> None:
    """What the platform announced in the room is what the members had done."""
    seats = [str(one["code"]) for one in story.all("committee.form")[-1].parts("seats")]
    for entry in story.all("room.assembled"):
        same(entry, sorted(entry.texts("seats"), key=int), sorted(seats, key=int), "seats_differ")
    for entry in story.all("preliminary.open"):
        same(entry, entry.texts("bids"), story.the("blind.map").texts("bids"), "map_differs")


def _seed_of(story: Story, seated: Seated) -> bytes:
    """The seed of the draw from which the committee sits, which decides where re-votes stay equal."""
    return draw.replay(story, _draw_of(story, seated.since), ()).seed


def check_chair(story: Story) -> str:
    """Every election of a chair, counted again; returns the chair's seat."""
    votes: dict[str, str] = {}
    tied: list[str] = []
    chair = ""
    for entry, seated in sittings(story):
        if entry.kind == "committee.form":
            votes, tied, chair = {}, [], seated.chair
        elif entry.kind == "chair.vote":
            seat = seated.seat_of(entry)
            entry.require(not chair and seat not in votes, "said_twice", seat=seat)
            entry.require(entry.count("round") == entry.statement.round, "malformed", field="round")
            votes[seat] = entry.text("choice")
        elif entry.kind in ("chair.tied", "chair.elected"):
            entry.require(set(votes) == set(seated.seats), "member_silent", kind="chair.vote")
            outcome = elect(votes, tied, _seed_of(story, seated))
            if isinstance(outcome, Elected):
                same(entry, [entry.body.get("chair"), entry.body.get("drawn")], [outcome.code, outcome.drawn], "chair_differs")
                chair = outcome.code
            else:
                tied = list(outcome.among)
                same(entry, entry.body.get("among"), tied, "chair_differs")
            votes = {}
    return chair


def check_blind_map(story: Story) -> int:
    """The code names are those that were fixed before anybody judged a bid, one for every bid that was opened."""
    sealed = story.the("blind.map")
    each_before([sealed], story.all("preliminary.review", "score"), "too_early")
    same(sealed, sealed.texts("bids"), sorted(sealed.texts("bids")), "malformed")
    opened = story.last("blind.opened")
    if opened is None:
        return len(sealed.texts("bids"))
    held = story.code_names()
    with inside(opened.member):
        digest = map_digest(bytes.fromhex(opened.text("salt")), held)
    same(opened, digest, sealed.text("map_sha256"), "map_differs")
    same(opened, {str(code): str(org) for code, org in opened.part("map").items()}, held, "map_differs")
    same(opened, sorted(held), sealed.texts("bids"), "map_differs")
    same(opened, sorted(held.values()), sorted(story.opened_bids(0)), "map_differs")
    _two_signed(story, sealed, opened)
    return len(held)


def _two_signed(story: Story, sealed: Entry, opened: Entry) -> None:
    """A person of the centre and another of the supervisor signed, after the technical lock, that this map be opened."""
    lock = story.the("technical.lock")
    signed = [entry for entry in story.all("blind.open") if lock.seq < entry.seq < opened.seq]
    offices, people = sorted(entry.role for entry in signed), {entry.actor for entry in signed}
    opened.require(offices == sorted(OPENERS) and len(people) == len(OPENERS), "map_not_two")
    each_before(signed, [opened], "too_early")
    for entry in story.all("blind.open"):
        with inside(entry.member):
            BlindOpeningBody.read(entry.body, sealed.text("map_sha256"), lock.text("result_sha256"))

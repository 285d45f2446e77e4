"""Members who were replaced: who left and why, played again; what counts after, and what each committee had concluded until then. And what
counts in a further round of the same committee."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.verify.entries import Entry
from app.verify.replay import committee, doubts, questions, reforming, scores, unlocks, votes
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel.roles import Role
from evaluation.domain.calling import CANNOT
from evaluation.domain.leaving import VOIDED, LeaveBody, ReplaceBody
from evaluation.domain.round import Scope

SAID = ("room.leave", "room.replace")
REOPENED = "reevaluation.open"


def standing(story: Story) -> Story:
    """The story without what replacements and further rounds have voided; the same where there was none."""
    formed, opened = story.all("committee.form"), story.all(REOPENED)
    if len(formed) < 2 and not opened:
        return story
    last = formed[-1].seq if len(formed) > 1 else -1
    kept: Sequence[Entry] = [entry for entry in story.entries if entry.kind not in VOIDED or entry.seq > last]
    for one in opened:
        kept = _after(story, one, kept)
    return replace(story, entries=kept, everything=story.entries)


def since_rounds(story: Story) -> Story:
    """The same without what further rounds alone have voided: what the file of an award is made from."""
    kept: Sequence[Entry] = story.entries
    for one in story.all(REOPENED):
        kept = _after(story, one, kept)
    return replace(story, entries=kept, everything=story.entries) if story.has(REOPENED) else story


def _after(story: Story, opened: Entry, entries: Sequence[Entry]) -> list[Entry]:
    """What of these still counts once a further round was opened; requests about sheets that fell go with them."""
    scope = scope_of(story, opened)
    parts = scope.parts(story.method)
    gone: set[str] = set()
    kept = []
    for entry in entries:
        about = {str(entry.body.get(name)) for name in ("sheet_sha256", "request_sha256")} if entry.kind in unlocks.KINDS else set()
        if entry.seq < opened.seq and (scope.voids(entry.kind, entry.body, parts) or about & gone):
            gone.add(entry.digest)
        else:
            kept.append(entry)
    return kept


def scope_of(story: Story, opened: Entry) -> Scope:
    """What the order of a further round has reviewed again; nothing where there is no order, which is refused elsewhere."""
    order = next((one for one in story.all("reevaluation.order") if one.digest == opened.body.get("order_sha256")), None)
    criteria = [] if order is None else order.body.get("criteria")
    items = [one for one in criteria if isinstance(one, str)] if isinstance(criteria, list | tuple) else []
    return Scope(order is not None and order.body.get("review") is True, frozenset(items))


def has_any(story: Story) -> bool:
    """Whether a seat was handed on after the committee was formed."""
    return len(story.all("committee.form")) > 1 or any(story.has(kind) for kind in SAID)


def check_leaving(story: Story) -> int:
    """Every seat was handed on for a reason that was signed by who may give it, and the very next formation hands on that seat alone;
    what the committee had concluded before is counted again as it sat then. Returns how many seats were handed on."""
    word: Entry | None = None
    leaving = ""
    seats: dict[str, str] = {}
    for entry, seated in committee.sittings(story):
        if entry.kind == "committee.form":
            new = {str(one["code"]): str(one["pseudonym"]) for one in entry.parts("seats")}
            if seats and reforming.takes_all(story, entry):
                entry.require(word is None and not set(new.values()) & set(seats.values()), "seats_differ")
                seats = new
                continue
            _check_moved(story, entry, [code for code in new if seats and new[code] != seats.get(code)], seats, leaving)
            seats, word, leaving = new, None, ""
        elif entry.kind in SAID or (entry.kind == "recusal.declare" and entry.body.get("none") is not True):
            entry.require(word is None, "seats_differ")
            leaving = _leaving(entry, seated)
            ends = [one for one in story.all("report.submit", REOPENED) if one.seq < entry.seq]
            entry.require(not ends or ends[-1].kind == REOPENED, "too_late", kind=entry.kind)
            word = entry
    if word is not None:
        raise Broken(word.member, "seats_differ")
    for earlier in _earlier(story):
        _check_earlier(earlier)
    return len(story.all("committee.form")) - 1


def _check_moved(story: Story, form: Entry, moved: list[str], seats: Mapping[str, str], leaving: str) -> None:
    """The seat of who left in the room, else of one who had said, or of whom the centre noted, that they would not come."""
    if leaving:
        same(form, moved, [leaving], "seats_differ")
        return
    answers = [one for one in story.all("draw.answer", "draw.recusal") if one.seq < form.seq]
    absent = {one.text("id") for one in answers if one.kind == "draw.recusal" or one.text("answer") == CANNOT}
    form.require(all(seats[code] in absent for code in moved), "leave_unsaid")


def _leaving(entry: Entry, seated: committee.Seated) -> str:
    """The seat that is handed on: the speaker's own, or that which an office names."""
    if entry.kind != "room.replace":
        if entry.kind == "room.leave":
            with inside(entry.member):
                LeaveBody.read(entry.body)
        return seated.seat_of(entry)
    with inside(entry.member):
        seat = ReplaceBody.read(entry.body, Role(entry.role)).seat
    entry.require(seat in seated.people, "not_a_member", actor=entry.actor)
    return seat


def _earlier(story: Story) -> Iterator[Story]:
    """The story as it stood before each replacement, without what the one before it had voided."""
    for form in story.all("committee.form")[1:]:
        until = [entry for entry in story.entries if entry.seq < form.seq]
        yield replace(doubts.standing(standing(replace(story, entries=until))), everything=story.entries)


def _check_earlier(story: Story) -> None:
    steps: dict[str, Callable[[Story], object]] = {
        "preliminary.open": committee.check_presence,
        "preliminary.result": votes.check_review,
        "bid_question.ask": questions.check_questions,
        "technical.lock": scores.check_technical,
        "weighing.propose": scores.check_weighings,
        "blind.opened": committee.check_blind_map,
        "summary": scores.check_summary,
        "consistency.result": scores.check_consistency,
        "doubt.raise": scores.check_doubts,
    }
    for kind, check in steps.items():
        if story.has(kind):
            check(story)

"""Members who did not sign the report: the deadline was the chair's, and the host noted it after that moment."""

from __future__ import annotations

from collections.abc import Mapping

from app.verify.entries import Entry
from app.verify.replay import committee
from app.verify.replay.stops import stops_of
from app.verify.replay.story import Story, before
from app.verify.verdict import Broken, inside
from evaluation.domain.report_refusal import DeadlineBody, RefusalBody
from evaluation.domain.room_pause import extended


def noted(story: Story, digest: str, signatures: Mapping[str, Entry]) -> dict[str, bool]:
    """Seat → whether a written dissent was handed over, of every member whose refusal was noted; raises Broken for a note without a
    deadline, too early, or on one who signed. `digest`: of the report."""
    deadline, seats = _deadline(story, digest, signatures), committee.newest_seats(story)
    found: dict[str, bool] = {}
    for entry in story.all("report.refusal"):
        with inside(entry.member):
            said = RefusalBody.read(entry.body, digest)
        if deadline is None:
            raise Broken(entry.member, "refusal_differs")
        before(deadline[0], entry, "too_early")
        entry.require(entry.at >= extended(deadline[1].until, deadline[0].at, stops_of(story.entries)), "too_early")
        entry.require(said.seat in seats and said.seat not in signatures and said.seat not in found, "refusal_differs")
        found[said.seat] = bool(said.dissent)
    return found


def _deadline(story: Story, digest: str, signatures: Mapping[str, Entry]) -> tuple[Entry, DeadlineBody] | None:
    """The one deadline, of a member who had signed: the chair, or another while the chair had not."""
    if not story.has("report.deadline"):
        return None
    entry, chair = story.the("report.deadline"), committee.check_chair(story)
    had_signed = {seat for seat, one in signatures.items() if one.seq < entry.seq}
    seat = next((seated.seat_of(one) for one, seated in committee.sittings(story) if one is entry), "")
    entry.require(seat in had_signed and (seat == chair or chair not in had_signed), "not_the_chair")
    with inside(entry.member):
        return entry, DeadlineBody.read(entry.body, digest, entry.at)

"""Calls for the host: from seats in office while the room was open, counted, one waiting for each seat, each seen to once at most."""

from __future__ import annotations

from app.verify.replay import committee
from app.verify.replay.discussion import check_open
from app.verify.replay.story import Story, before


def check_calls(story: Story) -> int:
    """Every call and what was done of it, in their order; returns how many calls there were."""
    before(next(iter(story.first("committee.form")), None), story.all("host.call", "host.answer")[0], "too_early")
    waiting: dict[str, int] = {}
    count = 0
    for entry, seated in committee.sittings(story):
        if entry.kind == "host.call":
            seat, count = entry.text("seat"), count + 1
            entry.require(seat in seated.seats, "not_a_member", actor=seat)
            entry.require(seat not in waiting and entry.count("no") == count, "host_call_differs", seat=seat)
            waiting[seat] = count
        elif entry.kind == "host.answer":
            seat = entry.text("seat")
            entry.require(waiting.pop(seat, 0) == entry.count("no"), "host_call_differs", seat=seat)
    check_open(story, "host.call", "host.answer")
    return count

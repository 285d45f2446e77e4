"""The committee's discussion: only its members spoke, while the room was open, in topics that its chair had opened."""

from __future__ import annotations

from app.verify.entries import Entry
from app.verify.replay import committee
from app.verify.replay.story import Story, before
from app.verify.verdict import inside
from evaluation.domain.discussion import MessageBody, TopicBody


def has_any(story: Story) -> bool:
    """Whether anything was said."""
    return story.has("discussion.message") or story.has("discussion.topic")


def check_discussion(story: Story) -> str:
    """Every topic and message, in their order, by whoever sat there then; returns how many there are of each."""
    topics = messages = 0
    bids = story.the("blind.map").texts("bids")
    criteria = {str(row["id"]) for row in story.method.get("criteria", ())}
    assembled = story.all("room.assembled")
    for entry, seated in committee.sittings(story):
        if entry.kind == "discussion.topic":
            entry.require(seated.seat_of(entry) == seated.chair, "not_the_chair")
            with inside(entry.member):
                TopicBody.read(entry.body, bids, criteria, topics)
            topics += 1
        elif entry.kind == "discussion.message":
            seated.seat_of(entry)
            with inside(entry.member):
                MessageBody.read(entry.body, topics)
            messages += 1
        else:
            continue
        if entry.kind.startswith("discussion."):
            before(assembled[0] if assembled else None, entry, "too_early")
    check_open(story, "discussion.topic", "discussion.message")
    return f"{topics}; {messages}"


def check_open(story: Story, *kinds: str) -> None:
    """Nothing of these kinds was said while a report was in and no further round open."""
    closed: Entry | None = None
    for entry in story.entries:
        if entry.kind in ("report.submit", "reevaluation.open"):
            closed = entry if entry.kind == "report.submit" else None
        elif entry.kind in kinds:
            entry.require(closed is None, "room_closed")

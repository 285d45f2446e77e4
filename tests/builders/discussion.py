"""The committee talks: a topic of the chair, and what members say to it."""

from __future__ import annotations

from typing import Any

from evaluation.services import discussions
from tests.builders.evaluation import Room
from tests.builders.people import Person


def open_topic(room: Room, who: Person, **changes: Any) -> dict[str, Any]:
    """The chair opens a topic."""
    body = {"no": 1, "title": "总体部署是否含临设", "bid": "", "criterion": ""} | changes
    return room.signed(who, "discussion.topic", body, discussions.open_topic)


def say(room: Room, who: Person, text: str, topic: int = 0) -> dict[str, Any]:
    """A member says something."""
    return room.signed(who, "discussion.message", {"topic": topic, "text": text}, discussions.speak)


def discuss(room: Room, chair: Person, member: Person) -> None:
    """A topic and two messages."""
    open_topic(room, chair)
    say(room, member, "请组长解释口径", 1)
    say(room, chair, "含临时设施，见招标文件第三章", 1)

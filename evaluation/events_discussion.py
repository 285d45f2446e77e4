"""What is said in the committee's discussion, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class TopicOpened(AtSeat, Event):
    """The chair opened a topic."""

    KIND: ClassVar[str] = "discussion.topic"
    no: int


@dataclass(frozen=True, kw_only=True)
class MessageSent(AtSeat, Event):
    """A member said something; the words stay in the statement."""

    KIND: ClassVar[str] = "discussion.message"
    no: int
    topic: int

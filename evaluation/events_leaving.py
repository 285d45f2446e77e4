"""What happens when a member of a committee is replaced, in the past tense; the new seats follow as `committee.form`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class MemberLeft(AtSeat, Event):
    """A member left by their own word; the reason stays in the statement."""

    KIND: ClassVar[str] = "room.leave"
    cause: str


@dataclass(frozen=True, kw_only=True)
class MemberReplaced(AtSeat, Event):
    """The centre or the supervisor noted that a member is replaced."""

    KIND: ClassVar[str] = "room.replace"
    cause: str

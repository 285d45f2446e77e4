"""What happens after a draw and around it: calls and their answers, the sealed list, draws that end without one, alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON


@dataclass(frozen=True, kw_only=True)
class ExpertCalled(Event):
    """Somebody drawn was asked to come; from now on the reply window runs."""

    KIND: ClassVar[str] = "draw.call"
    draw: str
    id: str
    call: str
    site: str
    reply_until: datetime


@dataclass(frozen=True, kw_only=True)
class CallAnswered(Event):
    """A call was answered, or not: `proof` holds the expert's own signed answer or the gateway's signed key, nothing for silence."""

    KIND: ClassVar[str] = "draw.answer"
    draw: str
    id: str
    call: str
    answer: str
    cause: str
    way: str
    proof: Mapping[str, JSON]
    successor: str  # "" where nobody follows
    is_partners: bool = False  # a provincial pool's own references, for insiders alone

    def body(self) -> dict[str, JSON]:
        """Without what only decides who is told."""
        return {name: value for name, value in super().body().items() if name != "is_partners"}


@dataclass(frozen=True, kw_only=True)
class ListSealed(Event):
    """Everybody on the list will come; it stays sealed until all have signed in."""

    KIND: ClassVar[str] = "draw.list"
    draw: str
    confirmed: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ListExhausted(Event):
    """`id` does not come and nobody is left who could follow: the draw ends without a list."""

    KIND: ClassVar[str] = "draw.exhausted"
    draw: str
    id: str


@dataclass(frozen=True, kw_only=True)
class DrawAlarmed(Event):
    """A draw was made again (amber), or was to be made again without a reason (red)."""

    KIND: ClassVar[str] = "draw.alarm"
    draw: str
    level: str
    why: str
    text: str

"""That a member called the host to their seat, and that it was seen to, in the past tense; unsigned, since nothing depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class HostCalled(AtSeat, Event):
    """A member called the host."""

    KIND: ClassVar[str] = "host.call"
    no: int


@dataclass(frozen=True, kw_only=True)
class HostAnswered(AtSeat, Event):
    """The host saw to a call."""

    KIND: ClassVar[str] = "host.answer"
    no: int

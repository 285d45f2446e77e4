"""What happens to recordings, in the past tense; on the chain `V-<case>`, signed by the platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class TapeBegun(AtSeat, Event):
    """A seat's browser began a tape; `media` is what it sends."""

    KIND: ClassVar[str] = "video.begin"
    form: str
    tape: str
    media: str


@dataclass(frozen=True, kw_only=True)
class TapesAnchored(Event):
    """How far the tapes of a lot have come: `[{tape, slices, size, head}]`, of those that grew."""

    KIND: ClassVar[str] = "video.head"
    tapes: Sequence[Mapping[str, JSON]]


@dataclass(frozen=True, kw_only=True)
class TapeEnded(Event):
    """A tape has its last slice."""

    KIND: ClassVar[str] = "video.end"
    tape: str
    slices: int
    size: int
    head: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class GapFound(AtSeat, Event):
    """A line is silent; `no` counts the gaps of the line, `since` is when its last slice arrived."""

    KIND: ClassVar[str] = "video.gap"
    form: str
    no: int
    since: datetime


@dataclass(frozen=True, kw_only=True)
class GapClosed(AtSeat, Event):
    """The line was heard again; `until` is when its next slice arrived."""

    KIND: ClassVar[str] = "video.back"
    form: str
    no: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class RecordingViewed(Event):
    """Somebody said why, and was shown seats in that form."""

    KIND: ClassVar[str] = "video.view"
    view: str
    seats: Sequence[str]
    form: str
    purpose: str
    note: str
    viewer: str
    role: str


@dataclass(frozen=True, kw_only=True)
class TapeDisposed(Event):
    """A tape's recording was deleted: its term was over, its case filed, and no order held it."""

    KIND: ClassVar[str] = "video.dispose"
    tape: str
    kept_until: str

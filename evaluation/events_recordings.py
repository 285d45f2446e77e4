"""What happens to recordings, in the past tense; on the chain `V-<case>`, signed by the platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class AtLine(AtSeat):
    """Of a seat's line in one form."""

    form: str


@dataclass(frozen=True, kw_only=True)
class AtGap(AtLine):
    """Of a gap in a line, by its number there."""

    no: int


@dataclass(frozen=True, kw_only=True)
class TapeHead:
    """How far a tape has come: slices, bytes, and the last link of its chain in hex."""

    tape: str
    slices: int
    size: int
    head: str


@dataclass(frozen=True, kw_only=True)
class TapeBegun(AtLine, Event):
    """A seat's browser began a tape; `media` is what it sends."""

    KIND: ClassVar[str] = "video.begin"
    tape: str
    media: str


@dataclass(frozen=True, kw_only=True)
class RecordingFull(AtSeat, Event):
    """There is no room for the recording of a seat; its next tape says that there is again."""

    KIND: ClassVar[str] = "video.full"


@dataclass(frozen=True, kw_only=True)
class TapesAnchored(Event):
    """How far the tapes of a lot have come, of those that grew: a `TapeHead` for each."""

    KIND: ClassVar[str] = "video.head"
    tapes: Sequence[TapeHead]


@dataclass(frozen=True, kw_only=True)
class TapeEnded(TapeHead, Event):
    """A tape has its last slice."""

    KIND: ClassVar[str] = "video.end"
    cause: str


@dataclass(frozen=True, kw_only=True)
class GapFound(AtGap, Event):
    """A line is silent; `no` counts the gaps of the line, `since` is when its last slice arrived."""

    KIND: ClassVar[str] = "video.gap"
    since: datetime


@dataclass(frozen=True, kw_only=True)
class GapClosed(AtGap, Event):
    """The line was heard again; `until` is when its next slice arrived."""

    KIND: ClassVar[str] = "video.back"
    until: datetime


@dataclass(frozen=True, kw_only=True)
class RecordingViewed(Event):
    """Somebody said why, and was shown seats in that form; `visit` is the number of the supervisor's view in which they did, 0 for the
    host."""

    KIND: ClassVar[str] = "video.view"
    view: str
    seats: Sequence[str]
    form: str
    purpose: str
    note: str
    viewer: str
    role: str
    visit: int


@dataclass(frozen=True, kw_only=True)
class TapeDisposed(Event):
    """A tape's recording was deleted: its term was over, its case filed, and no order held it."""

    KIND: ClassVar[str] = "video.dispose"
    tape: str
    kept_until: str

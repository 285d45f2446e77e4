"""A supervisor's acts and what came of them, in the past tense. `no` counts them in the room; reasons and answers stay in statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SupervisorActed(Event):
    """A supervisor asked, warned, paused, or had a recusal looked into; `to` is "centre", "agency" or "seat:3"."""

    KIND: ClassVar[str] = "supervision.act"
    no: int
    measure: str
    to: str
    due: str


@dataclass(frozen=True, kw_only=True)
class MeasureAnswered(Event):
    """Who was addressed answered."""

    KIND: ClassVar[str] = "supervision.answer"
    no: int


@dataclass(frozen=True, kw_only=True)
class MeasureUrged(Event):
    """The supervisor urged, or asked again, with another due time."""

    KIND: ClassVar[str] = "supervision.urge"
    no: int
    due: str


@dataclass(frozen=True, kw_only=True)
class MeasureLapsed(Event):
    """No answer came in time; unsigned, the platform says so."""

    KIND: ClassVar[str] = "supervision.overdue"
    no: int


@dataclass(frozen=True, kw_only=True)
class RoomResumed(Event):
    """The room that the act paused goes on."""

    KIND: ClassVar[str] = "supervision.resume"
    no: int


@dataclass(frozen=True, kw_only=True)
class MeasureClosed(Event):
    """The supervisor is satisfied."""

    KIND: ClassVar[str] = "supervision.close"
    no: int


@dataclass(frozen=True, kw_only=True)
class ViewBegun(Event):
    """A supervisor said for what purpose they look; `no` counts the views of the room."""

    KIND: ClassVar[str] = "supervision.view"
    no: int
    purpose: str


@dataclass(frozen=True, kw_only=True)
class Looked(Event):
    """In a view, a page, document or stream was opened for the first time; unsigned, the platform says so."""

    KIND: ClassVar[str] = "supervision.look"
    no: int
    what: str


@dataclass(frozen=True, kw_only=True)
class ViewEnded(Event):
    """A view is over: `left`, `lapsed` or `stopped`; unsigned."""

    KIND: ClassVar[str] = "supervision.view_end"
    no: int
    how: str

"""Scores that members doubt, and what becomes of them, in the past tense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class ScoreDoubted(AtSeat, Event):
    """A member said that scores of the member at `doubted` are too high or too low; which and why stays in the statement."""

    KIND: ClassVar[str] = "doubt.raise"
    doubted: str
    bid: str


@dataclass(frozen=True, kw_only=True)
class DoubtVoteCast(AtSeat, Event):
    """A member voted whether a score is abnormal, or whether its explanation holds."""

    KIND: ClassVar[str] = "doubt.vote"


@dataclass(frozen=True, kw_only=True)
class DoubtDecided(Event):
    """All have voted: the seats on each side, and what the doubt waits for now, or what became of it."""

    KIND: ClassVar[str] = "doubt.result"
    about: str
    question: str
    yes: Sequence[str]
    no: Sequence[str]
    state: str


@dataclass(frozen=True, kw_only=True)
class DoubtAnswered(AtSeat, Event):
    """Whose score was found abnormal explained it, scored again, or refused to."""

    KIND: ClassVar[str] = "doubt.answer"
    state: str


@dataclass(frozen=True, kw_only=True)
class SilenceNoted(Event):
    """The host noted that the member at `doubted` said nothing in time."""

    KIND: ClassVar[str] = "doubt.silence"
    doubted: str
    state: str


@dataclass(frozen=True, kw_only=True)
class ScoreReplaced(AtSeat, Event):
    """The chair noted by what the scores of the member at `doubted` are replaced."""

    KIND: ClassVar[str] = "doubt.replace"
    doubted: str

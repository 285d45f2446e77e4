"""What the committee weighs between a price and its evaluated price, in the past tense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class WeighingProposed(AtSeat, Event):
    """A member would have a deviation weighed, or a preference confirmed; what and why stays in the statement."""

    KIND: ClassVar[str] = "weighing.propose"
    number: int
    bid: str


@dataclass(frozen=True, kw_only=True)
class WeighingVoted(AtSeat, Event):
    """A member voted on a proposal."""

    KIND: ClassVar[str] = "weighing.vote"
    number: int


@dataclass(frozen=True, kw_only=True)
class WeighingDecided(Event):
    """The majority adopted a proposal or did not."""

    KIND: ClassVar[str] = "weighing.result"
    number: int
    bid: str
    rule: str
    adopted: bool
    agreeing: Sequence[str]
    against: Sequence[str]

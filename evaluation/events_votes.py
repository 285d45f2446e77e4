"""What happens in votes to reject and in votes whether competition is lacking, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class RejectionPutToVote(Event):
    """Every review is in, and these bids were failed by some member: all vote on them."""

    KIND: ClassVar[str] = "rejection.open"
    bids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class RejectionVoteCast(AtSeat, Event):
    """A member voted on every bid put to the vote; what the vote says stays in the statement."""

    KIND: ClassVar[str] = "rejection.vote"


@dataclass(frozen=True, kw_only=True)
class CompetitionVoteCast(AtSeat, Event):
    """A member voted whether competition is clearly lacking."""

    KIND: ClassVar[str] = "competition.vote"


@dataclass(frozen=True, kw_only=True)
class CompetitionDecided(Event):
    """Fewer than three bids were left: what it means for the tender, by vote or by law (then without votes)."""

    KIND: ClassVar[str] = "competition.result"
    stage: str
    standing: int
    votes: Mapping[str, bool]  # seat → whether competition is lacking
    outcome: str

"""What happens when lots are drawn among equal bids, in the past tense; bids by their code names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON


@dataclass(frozen=True, kw_only=True)
class TieDrawAsked(Event):
    """Bids are equal and the tender document leaves them to a draw: who draws, and among which. `subject` is the draw's name."""

    KIND: ClassVar[str] = "tie_draw.request"
    draw: str
    parties: Sequence[str]
    request: Mapping[str, JSON]
    pool_hash: str


@dataclass(frozen=True, kw_only=True)
class TieSlipCommitted(Event):
    """A party sealed its slip."""

    KIND: ClassVar[str] = "tie_draw.commit"
    draw: str
    party: str


@dataclass(frozen=True, kw_only=True)
class TieSlipRevealed(Event):
    """A party opened its slip."""

    KIND: ClassVar[str] = "tie_draw.reveal"
    draw: str
    party: str


@dataclass(frozen=True, kw_only=True)
class TieDrawGivenUp(Event):
    """The centre gave a draw up because a party stayed silent; a new one follows."""

    KIND: ClassVar[str] = "tie_draw.redraw"
    draw: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TieDrawn(Event):
    """All slips are open: this is the order that they make, the first drawn first."""

    KIND: ClassVar[str] = "tie_draw.result"
    draw: str
    pool_hash: str
    seed: str
    order: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class TiesRanked(Event):
    """The summary with what was drawn: the case is what `gongheng score` reads, the result what it prints."""

    KIND: ClassVar[str] = "tie_draw.ranking"
    case_sha256: str
    result_sha256: str
    document: Mapping[str, JSON]
    result: Mapping[str, JSON]

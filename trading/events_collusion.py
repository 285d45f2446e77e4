"""What the check for collusion found, and what people decided on it. What a card says stands in the evidence package, under its digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event, as_json
from core.kernel.jcs import JSON


@dataclass(frozen=True, kw_only=True)
class CollusionChecked(Event):
    """One round's opened bids were compared. `cards` are {ref, sha256, signal, strength}, none where nothing was found."""

    KIND: ClassVar[str] = "collusion.check"
    method: str
    tools: Mapping[str, str]
    looked_at: Sequence[Mapping[str, JSON]]
    cards: Sequence[Mapping[str, JSON]]
    strongest: str  # "" without a card

    def body(self) -> dict[str, JSON]:
        """Method, tools, the files that were read and the digests of the cards."""
        return {name: as_json(getattr(self, name)) for name in ("method", "tools", "looked_at", "cards")}


@dataclass(frozen=True, kw_only=True)
class CollusionDecided(Event):
    """The chair or the supervisor decided on a card. `subject` is the card's reference."""

    KIND: ClassVar[str] = "collusion.decide"
    card: str
    decision: str

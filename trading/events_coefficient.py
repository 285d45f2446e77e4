"""What happens when coefficients are drawn in the hall; everybody there hears all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event, as_json
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON


@dataclass(frozen=True, kw_only=True)
class CoefficientsAsked(Event):
    """A draw begins: who draws, and among which values. `subject` is the draw's name."""

    KIND: ClassVar[str] = "coefficient.request"
    bidders: Sequence[OrgId]
    draw: str
    parties: Sequence[str]
    request: Mapping[str, JSON]
    pool_hash: str

    def body(self) -> dict[str, JSON]:
        """All but the listeners."""
        return {name: as_json(getattr(self, name)) for name in ("draw", "parties", "request", "pool_hash")}


@dataclass(frozen=True, kw_only=True)
class CoefficientCommitted(Event):
    """A party sealed its slip."""

    KIND: ClassVar[str] = "coefficient.commit"
    bidders: Sequence[OrgId]
    draw: str
    party: str


@dataclass(frozen=True, kw_only=True)
class CoefficientRevealed(Event):
    """A party opened its slip."""

    KIND: ClassVar[str] = "coefficient.reveal"
    bidders: Sequence[OrgId]
    draw: str
    party: str


@dataclass(frozen=True, kw_only=True)
class CoefficientsDrawn(Event):
    """All slips are open: the coefficients are what they make."""

    KIND: ClassVar[str] = "coefficient.result"
    bidders: Sequence[OrgId]
    draw: str
    pool_hash: str
    seed: str
    drawn: Mapping[str, str]

    def body(self) -> dict[str, JSON]:
        """All but the listeners."""
        return {name: as_json(getattr(self, name)) for name in ("draw", "pool_hash", "seed", "drawn")}


@dataclass(frozen=True, kw_only=True)
class CoefficientsGivenUp(Event):
    """The host gave a draw up because a party stayed silent; a new one follows."""

    KIND: ClassVar[str] = "coefficient.redraw"
    bidders: Sequence[OrgId]
    draw: str
    reason: str

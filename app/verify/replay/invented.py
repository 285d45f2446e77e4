"""The story of a drill as the checks of a room ask for it: method and bids are those that the platform invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.verify.entries import Entry
from app.verify.replay.story import Story
from core.kernel.jcs import JSON
from trading.domain.clock import LegalRegime


@dataclass(frozen=True)
class DrillStory(Story):
    """A drill has no registration, no document and no opening: `drill.bids` stands in the place of all of them."""

    @property
    def regime(self) -> LegalRegime:
        """That of every invented tender."""
        return LegalRegime.CONSTRUCTION

    @property
    def document(self) -> Entry:
        """What the platform invented."""
        return self.the("drill.bids")

    @property
    def terms(self) -> Mapping[str, Any]:
        """The same: nothing amends it."""
        return self.document.body

    @property
    def separation(self) -> bool:
        """The committee ranks, and nobody awards."""
        return False

    def opened_bids(self, round: int) -> dict[str, Entry]:  # noqa: A002 - the member's name in a statement
        """Each bid as if its one envelope had been opened."""
        found = {}
        for one in self.document.each("bids") if round == 0 else ():
            told: dict[str, JSON] = {"bidder": one.text("org"), "read_out": {"price": one.text("price")}}
            found[one.text("org")] = replace(one, statement=replace(one.statement, body=told))
        return found

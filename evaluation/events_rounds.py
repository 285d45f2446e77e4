"""What happens when a committee evaluates again, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RoundOpened(Event):
    """The room opened a further round for its committee, by an order; what the round before had concluded stays in the evidence."""

    KIND: ClassVar[str] = "reevaluation.open"
    order_sha256: str

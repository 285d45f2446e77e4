"""What happens to batches of refunds, in the past tense, on the chain of payouts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class BatchMade(Event):
    """Refunds of opened lots are to go to the bank together."""

    KIND: ClassVar[str] = "batch.make"
    batch: str
    release: str  # automatic or two_persons
    count: int
    principal_fen: Money
    refunds_sha256: str


@dataclass(frozen=True, kw_only=True)
class BatchReleased(Event):
    """One of two persons of finance has released a batch."""

    KIND: ClassVar[str] = "batch.release"

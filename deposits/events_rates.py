"""What happens to the table of interest rates, in the past tense, on a chain of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RateProposed(Event):
    """One person of finance has proposed a rate."""

    KIND: ClassVar[str] = "rate.propose"


@dataclass(frozen=True, kw_only=True)
class RateApproved(Event):
    """Another has approved it."""

    KIND: ClassVar[str] = "rate.approve"

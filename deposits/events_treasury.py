"""What happens to the treasury account, in the past tense, on the chain of rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class TreasuryProposed(Event):
    """One person of finance has proposed the account."""

    KIND: ClassVar[str] = "treasury.propose"


@dataclass(frozen=True, kw_only=True)
class TreasuryApproved(Event):
    """Another has approved it: from now on it is the one."""

    KIND: ClassVar[str] = "treasury.approve"

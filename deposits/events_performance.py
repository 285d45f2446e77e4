"""What happens to performance securities, on the chain of their lot's deposits, beside what happens to every deposit and guarantee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import OrgId
from core.kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class SecurityAsked(Event):
    """The winner is asked for its security before the contract; what was asked of an earlier winner is asked no more."""

    KIND: ClassVar[str] = "performance.ask"
    bidder: OrgId
    members: Sequence[OrgId]  # of the winner: any of them may give it
    price_fen: Money
    amount_fen: Money
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class SecurityReturned(Event):
    """The tenderer says that the contract was performed: the security goes back."""

    KIND: ClassVar[str] = "performance.return"
    bidder: OrgId

"""Projects of a kind that a city has freed of deposits ask for none."""

from __future__ import annotations

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.relief import Freed


def check_freed(deposit: Money, freed: Freed | None) -> None:
    """Raises RuleBroken "document.deposit_freed" for a deposit where such projects are freed of it, naming the paper that says so."""
    if freed is not None and deposit.fen:
        raise RuleBroken("document.deposit_freed", source=freed.source, since=freed.period.since.isoformat())

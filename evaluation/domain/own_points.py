"""What a bidder may learn of its own bid: its points with the members' reasons, not who gave which."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from core.kernel.jcs import JSON
from evaluation.domain.methods import parse_case
from evaluation.domain.methods.prices import price_steps
from evaluation.domain.methods.wording import Lang


def reasons_in_drawn_order(salt: bytes, sheets: Iterable[Sequence[Mapping[str, object]]], bid: str) -> dict[str, tuple[str, ...]]:
    """Criterion → all reasons that members wrote for `bid`, in an order that the salt of the code names draws.

    Neither the order nor a number of seats tells who wrote what; the same words of two members stand once.
    """
    found: dict[str, set[str]] = {}
    for rows in sheets:
        for row in rows:
            reasons = row.get("reasons")
            if row.get("bid") == bid and isinstance(reasons, Mapping):
                for criterion, words in reasons.items():
                    if str(words).strip():
                        found.setdefault(str(criterion), set()).add(str(words).strip())
    return {criterion: tuple(sorted(said, key=lambda words: _ticket(salt, criterion, words))) for criterion, said in found.items()}


def price_lines(case: Mapping[str, JSON], bid: str, lang: Lang) -> tuple[str, ...]:
    """How the evaluated price of `bid` came about, a sentence for each change; nothing where it is the price read out."""
    one = next((one for one in parse_case(case).bids if one.id == bid), None)
    if one is None or one.price is None or not (one.adjustments or one.preference_percent):
        return ()
    return tuple(step.text(lang) for step in price_steps(one, one.price))


def _ticket(salt: bytes, criterion: str, words: str) -> bytes:
    return hashlib.sha256(salt + criterion.encode() + b"\0" + words.encode()).digest()

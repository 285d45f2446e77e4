"""What a bidder may learn of its own bid: its points with the members' reasons, not who gave which."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence


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


def _ticket(salt: bytes, criterion: str, words: str) -> bytes:
    return hashlib.sha256(salt + criterion.encode() + b"\0" + words.encode()).digest()

"""Blind review (暗标): bids under drawn code names, the mapping committed to before scoring and opened after the technical lock."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from core.kernel import jcs
from core.kernel.errors import RuleBroken

MAP_DOMAIN = b"ztb/v1/blind-map\0"
NUMBERS = range(10, 100)


def code_names(numbers: Sequence[int], bidders: Sequence[str]) -> dict[str, str]:
    """Code name → bidder; `numbers` are drawn elsewhere. Raises RuleBroken where there is no bid, or more than code names."""
    if not bidders or len(bidders) > len(NUMBERS):
        raise RuleBroken("blind.bids", count=len(bidders))
    return {f"T-{number}": bidder for number, bidder in zip(numbers, bidders, strict=True)}


def map_digest(salt: bytes, code_names: Mapping[str, str]) -> str:
    """What `blind.map` commits to: SHA-256 of the domain word, 32 bytes of salt, and the canonical map."""
    return hashlib.sha256(MAP_DOMAIN + salt + jcs.canonical(dict(code_names))).hexdigest()

"""Money: whole fen, and the two ways in which people write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_YUAN = re.compile(r"(\d{1,15})(?:\.(\d{1,2}))?")


@dataclass(frozen=True, slots=True, order=True, init=False)
class Money:
    """An amount of yuan (人民币元), kept as fen (分); never negative, never a float."""

    fen: int

    def __init__(self, fen: int) -> None:  # written out: a page of payments makes thousands
        if type(fen) is not int or fen < 0:
            raise ValueError(f"not an amount of fen: {fen!r}")
        object.__setattr__(self, "fen", fen)

    @classmethod
    def yuan(cls, written: str) -> Money:
        """Reads `1234.50`; raises ValueError for a third decimal, a sign, a thousands separator or anything else."""
        found = _YUAN.fullmatch(written)
        if found is None:
            raise ValueError(f"not an amount of yuan: {written!r}")
        whole, part = found.groups()
        return cls(int(whole) * 100 + int((part or "").ljust(2, "0")))

    def __str__(self) -> str:
        return f"{self.fen // 100}.{self.fen % 100:02d}"

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    @property
    def decimal(self) -> Decimal:
        """Yuan as an exact Decimal, for arithmetic that names its own rounding."""
        return Decimal(self.fen).scaleb(-2)

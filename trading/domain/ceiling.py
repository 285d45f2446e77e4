"""A price beside the ceiling (最高投标限价), as it is read out; what follows from it is the evaluation's (招标投标法实施条例 art. 51)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.kernel.money import Money

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Beside:
    """By how many percent of the ceiling a price is below or above it, to two places; an equal price is not above."""

    is_above: bool
    percent: Decimal


def beside(price: Money, ceiling: Money | None) -> Beside | None:
    """A price beside its ceiling, None where there is none. Above is decided by the fen, not by the rounded percent."""
    if ceiling is None or ceiling.fen == 0:
        return None
    exact = Decimal(abs(price.fen - ceiling.fen)) * 100 / Decimal(ceiling.fen)
    return Beside(price.fen > ceiling.fen, exact.quantize(_HUNDREDTH, ROUND_HALF_UP))

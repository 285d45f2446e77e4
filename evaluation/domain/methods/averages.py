"""Plain and trimmed means, of prices and of scores alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.domain.methods.case import Trim


@dataclass(frozen=True, slots=True)
class Average:
    """A mean with what it was taken of; `low` and `high` are the values left out, `is_short` that there were too few to leave any out."""

    value: Fraction
    kept: tuple[Fraction, ...]
    low: tuple[Fraction, ...] = ()
    high: tuple[Fraction, ...] = ()
    is_short: bool = False


def mean(values: Sequence[Fraction]) -> Fraction:
    """The arithmetic mean of at least one value."""
    return sum(values, Fraction(0)) / len(values)


def average(values: Sequence[Fraction], trim: Trim | None) -> Average | None:
    """The mean, after dropping the highest and lowest once there are `trim_from` values; None when nothing would be left.

    The order of the values never matters: equal ones are interchangeable.
    """
    ordered = tuple(sorted(values))
    if trim is None:
        return Average(mean(ordered), ordered)
    if len(ordered) < trim.trim_from:
        return Average(mean(ordered), ordered, is_short=True)
    end = len(ordered) - trim.drop_high
    kept = ordered[trim.drop_low : max(end, 0)]
    if not kept:
        return None
    return Average(mean(kept), kept, ordered[: trim.drop_low], ordered[end:])

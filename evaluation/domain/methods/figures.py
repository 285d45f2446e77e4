"""Exact numbers of an evaluation: how they are rounded and how they are written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

ENDLESS_PLACES = 12


class Mode(StrEnum):
    """What becomes of a value exactly half way: away from zero, or to the even neighbour."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the result; `places` says to how many decimals it was rounded, None that it is exact."""

    value: Fraction
    places: int | None = None

    @property
    def text(self) -> str:
        """A plain decimal: all places of a rounded value, as many as needed of an exact one, 12 of one that never ends."""
        return _fixed(self.value, self.places) if self.places is not None else plain(self.value)


def rounded(value: Fraction, places: int | None, mode: Mode) -> Figure:
    """`value` rounded to `places` decimals, or as it is when `places` is None."""
    if places is None:
        return Figure(value)
    scale = 10**places
    return Figure(Fraction(whole(value * scale, mode), scale), places)


def whole(value: Fraction, mode: Mode = Mode.HALF_UP) -> int:
    """The nearest whole number; `half_up` takes a half away from zero, whatever its sign."""
    if mode is Mode.HALF_EVEN:
        return round(value)
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return magnitude if value >= 0 else -magnitude


def is_endless(value: Fraction) -> bool:
    """Whether the decimal expansion goes on for ever: the reduced denominator has a prime factor besides 2 and 5."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest != 1


def plain(value: Fraction) -> str:
    """The shortest decimal that equals `value`, or its first 12 places, the last one rounded, when it never ends."""
    if is_endless(value):
        return _fixed(rounded(value, ENDLESS_PLACES, Mode.HALF_UP).value, ENDLESS_PLACES)
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    return _fixed(value, places)


def shown(value: Fraction) -> str:
    """As `plain`, with an ellipsis behind what never ends; for the worked steps."""
    return plain(value) + ("…" if is_endless(value) else "")


def outcome(exact: Fraction, figure: Figure) -> str:
    """The exact value and, where rounding changed it, what it became: `34.833333333333… → 34.83`."""
    return f"{shown(exact)} → {figure.text}" if figure.value != exact else shown(exact) if figure.places is None else figure.text


def summed(values: Iterable[Fraction]) -> str:
    """`a + b + c`, a negative term in parentheses."""
    return " + ".join(signed(value) for value in values)


def signed(value: Fraction) -> str:
    """The value as a term of a formula: a negative one in parentheses."""
    return shown(value) if value >= 0 else f"({shown(value)})"


def _fixed(value: Fraction, places: int) -> str:
    """`value`, which has at most `places` decimals, written with exactly that many."""
    digits = str(abs(value * 10**places).numerator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits}" if places == 0 else f"{sign}{digits[:-places]}.{digits[-places:]}"

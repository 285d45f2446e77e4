"""Interest on deposits: simple, by dated rates, actual days over 360, to the fen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from core.kernel.money import Money

BANK_YEAR = 360
"""Days of a bank's year: the daily rate is the yearly one over 360 (中国人民银行 银发〔2005〕129号)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The yearly rate of demand deposits (活期存款) as a fraction, in force from a Beijing day until the next row's."""

    since: date
    yearly: Decimal


RATES: tuple[Rate, ...] = (
    # Listed demand rates of the large state banks. What a place pays is configuration: add a row when the bank changes its rate.
    Rate(date(2015, 10, 24), Decimal("0.0030")),
    Rate(date(2022, 9, 15), Decimal("0.0025")),
    Rate(date(2023, 6, 8), Decimal("0.0020")),
    Rate(date(2024, 7, 25), Decimal("0.0015")),
    Rate(date(2024, 10, 18), Decimal("0.0010")),
    Rate(date(2025, 5, 20), Decimal("0.0005")),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Money that earns from the Beijing day of its value date on."""

    principal: Money
    since: date


def to_fen(yuan: Decimal) -> Money:
    """Yuan to the fen, half up, once, at the end: the bank's own way of paying interest out."""
    return Money(int(yuan.quantize(Decimal("0.01"), ROUND_HALF_UP).scaleb(2)))


def simple(principal: Money, yearly: Decimal, days: int, year: int = BANK_YEAR) -> Decimal:
    """Unrounded yuan of interest: principal × rate × days / year. Raises ValueError for days below zero."""
    if days < 0:
        raise ValueError(f"days: {days}")
    return principal.decimal * yearly * days / year


def accrued(part: Part, until: date, rates: Sequence[Rate] = RATES) -> Decimal:
    """Unrounded yuan that a part earns from its value date until `until`, which is not counted; each day at the rate in force that day."""
    total, ends = Decimal(0), [*(rate.since for rate in rates[1:]), date.max]
    for rate, end in zip(rates, ends, strict=True):
        days = (min(until, end) - max(part.since, rate.since)).days
        total += simple(part.principal, rate.yearly, max(days, 0))
    return total


def interest(parts: Iterable[Part], until: date, rates: Sequence[Rate] = RATES) -> Money:
    """What all parts together have earned, to the fen (Regulation on Tendering and Bidding, art. 57: 银行同期存款利息)."""
    return to_fen(sum((accrued(part, until, rates) for part in parts), Decimal(0)))

"""How long an archived case is kept: the classes, what the law asks for at least, as versioned data, and the last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.kernel.errors import RuleBroken
from trading.domain.periods import LegalRegime


class Retention(Enum):
    """The classes of DA/T 103-2024: permanent, thirty years, ten years."""

    PERMANENT = "permanent"
    YEARS_30 = "years_30"
    YEARS_10 = "years_10"


YEARS = {Retention.YEARS_30: 30, Retention.YEARS_10: 10}
CODES = {Retention.PERMANENT: "Y", Retention.YEARS_30: "D30", Retention.YEARS_10: "D10"}  # as they stand in a file number (DA/T 22)


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """The fewest years for which a regime's files are kept, from a day on."""

    regime: LegalRegime
    years: int
    article: str
    effective_from: date


RULES = (
    RetentionRule(LegalRegime.GOVERNMENT_PROCUREMENT, 15, "政府采购法第四十二条", date(2003, 1, 1)),
    RetentionRule(LegalRegime.CONSTRUCTION, 3, "DA/T 103—2024", date(2025, 2, 1)),  # of the platform itself
)


def rule_of(regime: LegalRegime, on: date) -> RetentionRule | None:
    """The rule in force on a Beijing day, None before there was one."""
    rows = [row for row in RULES if row.regime is regime and row.effective_from <= on]
    return max(rows, key=lambda row: row.effective_from, default=None)


def allowed(regime: LegalRegime, on: date) -> tuple[Retention, ...]:
    """The classes that keep the law, the longest first."""
    bound = rule_of(regime, on)
    least = 0 if bound is None else bound.years
    return tuple(one for one in Retention if one not in YEARS or YEARS[one] >= least)


def check_retention(chosen: Retention, regime: LegalRegime, on: date) -> None:
    """Raises RuleBroken with the article for a class that is too short."""
    bound = rule_of(regime, on)
    if bound is not None and chosen not in allowed(regime, on):
        raise RuleBroken("archive.retention_too_short", bound.article, years=bound.years)


def kept_until(chosen: Retention, closed_on: date) -> date | None:
    """The last day on which a case is kept; None for ever. Years are counted from the 1st of January after the close, so that no
    class falls short of the law by the days of its first year."""
    return None if chosen not in YEARS else date(closed_on.year + YEARS[chosen], 12, 31)

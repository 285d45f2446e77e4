"""A tender document's review plan as the fields of a form and back: the checklist is typed by group, one line for each check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from trading.domain import price_fields
from trading.domain.clock import LegalRegime
from trading.domain.price_fields import PriceFields
from trading.domain.review_plan import GROUPS, LIMITS, MOST_CHECKS, limit

GROUPS_OF: Mapping[LegalRegime, tuple[str, ...]] = {
    LegalRegime.CONSTRUCTION: ("formality", "qualification", "responsiveness"),
    # the purchaser has looked at the qualification (87号令 art. 44)
    LegalRegime.GOVERNMENT_PROCUREMENT: ("conformity",),
}
MOST_TEXT, MOST_ARTICLE = 200, 100
_BARS = ("｜", "|")


@dataclass(frozen=True, slots=True)
class ReviewFields:
    """What is typed: lines by group, percentages by limit, whether the committee looks through the opened prices, how it weighs them."""

    checks: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)
    price_check: bool = False
    prices: PriceFields = field(default_factory=PriceFields)

    def groups(self, regime: LegalRegime) -> tuple[str, ...]:
        """The groups that a form offers: the regime's, and any that has lines."""
        return tuple(group for group in GROUPS if group in GROUPS_OF[regime] or self.checks.get(group))


def take_apart(review: Mapping[str, Any]) -> ReviewFields:
    """The fields of a plan of good form; empty for none."""
    lines: dict[str, list[str]] = {}
    for check in review.get("checks", ()):
        lines.setdefault(check["group"], []).append(f"{check['text']}｜{check['article']}")
    checks = {group: "\n".join(said) for group, said in lines.items()}
    return ReviewFields(checks, dict(review.get("low_price") or {}), bool(review.get("price_check")), price_fields.take_apart(review))


def put_together(said: ReviewFields) -> dict[str, JSON]:
    """The member `review` of the document; nothing where nothing is said.

    A check's number is its group and place. Raises RuleBroken naming the line or percentage that cannot be read.
    """
    checks: list[JSON] = [check for group in GROUPS for check in _checks(group, said.checks.get(group, "").splitlines())]
    if len(checks) > MOST_CHECKS:
        raise RuleBroken("document.review_too_many", most=MOST_CHECKS)
    limits, prices = _limits(said.limits), price_fields.put_together(said.prices)
    if not (checks or limits or said.price_check or prices):
        return {}
    plan: dict[str, JSON] = {"checks": checks, "price_check": said.price_check, **prices}
    return plan | ({"low_price": limits} if limits else {})


def _checks(group: str, lines: Sequence[str]) -> list[JSON]:
    written = [line.strip() for line in lines if line.strip()]
    return [_check(f"{group}.{place}", group, line) for place, line in enumerate(written, 1)]


def _check(number: str, group: str, line: str) -> JSON:
    bar = next((bar for bar in _BARS if bar in line), "")
    text, article = (part.strip() for part in line.rsplit(bar, 1)) if bar else (line, "")
    if not 0 < len(text) <= MOST_TEXT or not 0 < len(article) <= MOST_ARTICLE:
        raise RuleBroken("document.review_line", line=line[:60])
    return {"id": number, "group": group, "text": text, "article": article}


def _limits(said: Mapping[str, str]) -> dict[str, JSON]:
    given = {name: written for name in LIMITS if (written := said.get(name, "").strip().rstrip("%％").strip())}
    if given and len(given) < len(LIMITS):
        raise RuleBroken("document.review_limits_missing")
    return {name: f"{limit(written):f}" for name, written in given.items()}

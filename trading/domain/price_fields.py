"""How a tender document weighs prices as the fields of a form and back: a line for each deviation, a percentage and an article by kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from trading.domain.price_rules import Preference, PriceRules, percentage

MOST_TEXT, MOST_ARTICLE = 200, 100
_BAR = re.compile(r"\s*[｜|]\s*")
_WEIGHT = re.compile(r"(?P<each>-?[0-9]{1,12}(?:\.[0-9]{1,4})?)?(?P<sign>元|%)(?:/(?P<unit>[^/\s]{1,10}))?")
_SIGNS = str.maketrans({"％": "%", "＋": "+", "－": "-", "−": "-", "／": "/", " ": None, ",": None})
_MEASURES = {"元": "amount", "%": "percent"}


@dataclass(frozen=True, slots=True)
class PriceFields:
    """What is typed: one line for each deviation, and by kind of preference its percentage and article."""

    adjustments: str = ""
    percents: Mapping[str, str] = field(default_factory=dict)
    articles: Mapping[str, str] = field(default_factory=dict)


def take_apart(review: Mapping[str, Any]) -> PriceFields:
    """The fields of a review plan of good form; empty where it weighs nothing."""
    rules = PriceRules.of(review)
    lines = "\n".join(f"{one.text}｜{one.counted}｜{one.article}" for one in rules.adjustments)
    percents = {one.kind.value: f"{one.percent:f}" for one in rules.preferences}
    return PriceFields(lines, percents, {one.kind.value: one.article for one in rules.preferences})


def put_together(said: PriceFields) -> dict[str, JSON]:
    """The members `adjustments` and `preferences` of a review plan, where something is said; raises RuleBroken naming the line."""
    lines = [line.strip() for line in said.adjustments.splitlines() if line.strip()]
    adjustments: list[JSON] = [_adjustment(f"adjust.{place}", line) for place, line in enumerate(lines, 1)]
    preferences: list[JSON] = [row for kind in Preference if (row := _preference(kind, said))]
    found: dict[str, Sequence[JSON]] = {"adjustments": adjustments, "preferences": preferences}
    return {name: list(rows) for name, rows in found.items() if rows}


def _adjustment(number: str, line: str) -> JSON:
    parts = _BAR.split(line)
    text, weight, article = parts if len(parts) == 3 else ("", "", "")
    read = _WEIGHT.fullmatch(weight.translate(_SIGNS).replace("yuan", "元").removeprefix("+"))
    fits = 0 < len(text) <= MOST_TEXT and 0 < len(article) <= MOST_ARTICLE
    if read is None or not fits or (read["unit"] and not read["each"]):
        raise RuleBroken("document.review_adjustment_line", line=line[:60])
    measure = _MEASURES[read["sign"]]
    return {"id": number, "text": text, "article": article, "measure": measure, "each": read["each"] or "", "unit": read["unit"] or ""}


def _preference(kind: Preference, said: PriceFields) -> JSON:
    percent = said.percents.get(kind, "").strip().rstrip("%％").strip()
    article = said.articles.get(kind, "").strip()
    if not percent and not article:
        return {}
    if not percent or not 0 < len(article) <= MOST_ARTICLE:
        raise RuleBroken("document.review_preference_row")
    return {"kind": kind.value, "percent": f"{percentage(percent):f}", "article": article}

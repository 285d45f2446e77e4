"""A method part as the fields of a form and back: what is typed field by field, and the rest, which only its data can say."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.money import Money
from trading.domain.clock import LegalRegime

_TRIM = ("drop_high", "drop_low", "trim_from")
_POINTS = ("benchmark", "deviation", "price_score", "aggregate", "weighted", "total")

# Where each field's figure stands in the method part.
PLACES: Mapping[str, tuple[str, ...]] = {
    "kind": ("method",),
    "candidates": ("candidates",),
    "price_kind": ("price", "kind"),
    "price_max": ("price", "max"),
    "price_weight": ("price", "weight"),
    **{name: ("price", name) for name in ("above", "below", "step", "floor")},
    "benchmark": ("price", "benchmark", "kind"),
    "factor": ("price", "benchmark", "factor"),
    **{f"benchmark_{name}": ("price", "benchmark", name) for name in _TRIM},
    "technical_least": ("part_minimum", "technical"),
    "aggregation": ("aggregation", "kind"),
    "over": ("aggregation", "over"),
    **{f"sheet_{name}": ("aggregation", name) for name in _TRIM},
    "rounding_mode": ("rounding", "mode"),
    **{f"places_{name}": ("rounding", name) for name in _POINTS},
}
_COUNTS = frozenset({"candidates"} | {name for name in PLACES if name.startswith("places_") or name.endswith(_TRIM)})
CRITERION = ("id", "part", "max", "weight")


@dataclass(frozen=True, slots=True)
class MethodFields:
    """A method part taken apart: a text for each field that says something, criteria in the order of CRITERION, tie keys in turn."""

    typed: Mapping[str, str]
    criteria: tuple[tuple[str, str, str, str], ...] = ()
    ties: tuple[str, ...] = ()
    rest: Mapping[str, Any] = field(default_factory=dict)


def take_apart(method: Mapping[str, Any]) -> MethodFields:
    """The fields of a method part of good form; `put_together` gives the same part again. Its ceiling stands in the document."""
    rest = copy.deepcopy(dict(method))
    rest.pop("price_ceiling", None)
    typed = {name: str(value) for name, place in PLACES.items() if (value := _pop(rest, place)) is not None}
    criteria = tuple(_row(one) for one in rest.pop("criteria", ()))
    ties = tuple(rest.pop("tie_break")) if rest.get("tie_break") else ()
    return MethodFields(typed, criteria, ties, rest)


def put_together(said: MethodFields, ceiling: Money) -> dict[str, JSON]:
    """The method part of what was typed; its ceiling is the document's. Raises RuleBroken `method.malformed` for a count that is none."""
    method: dict[str, Any] = copy.deepcopy(dict(said.rest))
    for name, text in said.typed.items():
        _put(method, PLACES[name], _count(name, text) if name in _COUNTS else text)
    criteria = [dict(zip(CRITERION, row, strict=True)) for row in said.criteria]
    return method | {"price_ceiling": str(ceiling), "criteria": criteria} | ({"tie_break": list(said.ties)} if said.ties else {})


def beginning(regime: LegalRegime) -> MethodFields:
    """What a new form holds: points for the price and for criteria, two places, the lower price first.

    In procurement the price is scored by the lowest ratio (87号令 art. 55), in construction by its deviation from a mean.
    """
    typed = {"kind": "comprehensive", "candidates": "3", "price_weight": "1", "aggregation": "mean", "over": "criterion"}
    typed |= {"rounding_mode": "half_up", **{f"places_{name}": "2" for name in _POINTS if name != "weighted"}}
    if regime is LegalRegime.GOVERNMENT_PROCUREMENT:
        return MethodFields(typed | {"price_kind": "lowest_ratio"}, ties=("lower_price", "higher_technical"))
    price = {"price_kind": "deviation", "benchmark": "mean", "step": "linear", "floor": "0"}
    return MethodFields(typed | price, ties=("lower_price", "higher_technical"))


def field_of(member: str) -> str:
    """The field in which a member named by a refusal was typed, as `criteria` for any of their rows; "" when it stands in the rest."""
    if member.startswith(("criteria", "tie_break")):
        return member.split(".", 1)[0]
    return next((name for name, place in PLACES.items() if ".".join(place) == member), "")


def _row(one: Mapping[str, object]) -> tuple[str, str, str, str]:
    name, part, most, weight = (str(one[member]) for member in CRITERION)
    return name, part, most, weight


def _pop(holder: dict[str, Any], place: Sequence[str]) -> str | int | None:
    """Takes a figure out, and with it an object that then holds nothing more; a `null` stays, since a form can't say it."""
    name, *deeper = place
    if not deeper:
        return holder.pop(name) if holder.get(name) is not None else None
    inner = holder.get(name)
    found = _pop(inner, deeper) if isinstance(inner, dict) else None
    if found is not None and not inner:
        del holder[name]
    return found


def _put(holder: dict[str, Any], place: Sequence[str], value: str | int) -> None:
    name, *deeper = place
    if not deeper:
        holder[name] = value
        return
    inner = holder.get(name)
    if not isinstance(inner, dict):
        inner = holder[name] = {}
    _put(inner, deeper, value)


def _count(name: str, text: str) -> int:
    if re.fullmatch(r"[0-9]{1,4}", text) is None:
        raise RuleBroken("method.malformed", "招标投标法第十九条", member=".".join(PLACES[name]))
    return int(text)

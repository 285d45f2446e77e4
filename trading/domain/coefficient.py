"""Coefficients of the price score that the tender document leaves to a draw: their form in the method part, and what is drawn.

Drawn in the hall by commit and reveal, after the bidders' list is public and before any key is released, so before any price is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.places import holder_of
from trading.domain.lots_drawn import life

MOST_VALUES = 200

_ARTICLE = "招标投标法第十九条"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9]{0,9}")
_VALUE = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of the method part: the values among which it is drawn, and where the drawn one goes; `rest` gets one minus it."""

    id: str
    title: str
    values: tuple[str, ...]
    sets: tuple[str, ...]
    rest: tuple[str, ...] = ()


def coefficients_of(method: Mapping[str, object]) -> tuple[Coefficient, ...]:
    """Those of a method part, none where nothing is drawn; raises RuleBroken `method.malformed` naming the member."""
    listed = method.get("coefficients", [])
    if not isinstance(listed, list):
        raise _malformed("coefficients")
    found = tuple(_coefficient(one, f"coefficients.{n}") for n, one in enumerate(listed))
    for n, one in enumerate(found):
        if not all(_is_there(method, place) for place in (*one.sets, *one.rest)):
            raise _malformed(f"coefficients.{n}.sets")
    if len({one.id for one in found}) < len(found):
        raise _malformed("coefficients")
    return found


def _coefficient(said: object, where: str) -> Coefficient:
    if not isinstance(said, Mapping) or set(said) - {"id", "title", "values", "sets", "rest"}:
        raise _malformed(where)
    name, title = said.get("id"), said.get("title")
    values, sets, rest = (_texts(said.get(member, []), f"{where}.{member}") for member in ("values", "sets", "rest"))
    if not isinstance(name, str) or _ID.fullmatch(name) is None or not isinstance(title, str) or not 0 < len(title) <= 60:
        raise _malformed(where)
    fit = 2 <= len(values) <= MOST_VALUES and all(_VALUE.fullmatch(value) for value in values)
    if not fit or len({Decimal(value) for value in values}) < len(values):
        raise _malformed(f"{where}.values")
    if not sets:
        raise _malformed(f"{where}.sets")
    return Coefficient(name, title, values, sets, rest)


def _is_there(method: Mapping[str, object], place: str) -> bool:
    """Whether a figure of the price part stands at that place."""
    try:
        holder_of(method, place)
    except KeyError:
        return False
    return place.startswith("$.price.")


def _texts(said: object, where: str) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise _malformed(where)
    return tuple(said)


def _malformed(member: str) -> RuleBroken:
    return RuleBroken("method.malformed", _ARTICLE, member=member)


# The draw, in the form of every draw: a coefficient is a stratum with one seat, its values are who may sit there


def request_of(coefficients: Sequence[Coefficient]) -> dict[str, JSON]:
    """The `request` of the draw record that `gongheng draw replay` reads."""
    pool: list[JSON] = [{"id": f"{one.id}={value}", "strata": [one.id], "org": None} for one in coefficients for value in one.values]
    return {
        "pool": sorted(pool, key=lambda member: str(member["id"]).encode()),  # type: ignore[call-overload,index]
        "strata": [{"id": one.id, "quota": 1} for one in coefficients],
        "recused": [],
        "org_cap": 0,
    }


def chosen(picked: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Coefficient → the drawn value, from what a draw picked."""
    return {name: ids[0].removeprefix(f"{name}=") for name, ids in picked.items()}


MOVES = life("coefficient")

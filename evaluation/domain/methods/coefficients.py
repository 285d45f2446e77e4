"""Coefficients that the tender document leaves to a draw: the drawn values put into their places in the scoring case."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.kernel.document import Node
from core.kernel.places import holder_of
from evaluation.domain.methods.faults import CaseFault


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of a case; `drawn` is None in a method that is only tried, where what stands at its places counts."""

    id: str
    title: str
    drawn: str | None


def applied(document: object) -> tuple[object, tuple[Coefficient, ...]]:
    """The case without its list of coefficients, each drawn value at the places that its entry names; raises CaseFault.

    `sets` are JSON paths that get the value, `rest` those that get one minus it.
    """
    if not isinstance(document, Mapping) or "coefficients" not in document:
        return document, ()
    filled: dict[str, Any] = copy.deepcopy({name: value for name, value in document.items() if name != "coefficients"})
    found = tuple(_apply(node, filled) for node in Node(document["coefficients"], CaseFault, "$.coefficients").items())
    ids = [one.id for one in found]
    if (twice := next((one for one in ids if ids.count(one) > 1), None)) is not None:
        raise CaseFault("$.coefficients", "duplicate_id", id=twice)
    return filled, found


def _apply(node: Node, filled: dict[str, Any]) -> Coefficient:
    fields = node.fields(("id", "title", "values", "sets", "rest", "drawn"))
    values = [one.text() for one in fields.need("values").items() if one.number() is not None]
    drawn = fields.read("drawn", Node.text, None)
    if drawn is not None and drawn not in values:
        raise fields.fault("drawn", "not_among_values")
    for name in ("sets", "rest"):
        for place in fields.list(name):
            _put(place, filled, drawn if name == "sets" or drawn is None else str(1 - Decimal(drawn)))
    return Coefficient(fields.need("id").id(), fields.read("title", Node.text, ""), drawn)


def _put(place: Node, filled: dict[str, Any], value: str | None) -> None:
    """Sets the figure at a JSON path that must be there already; None only looks whether it is."""
    try:
        holder, name = holder_of(filled, place.text())
    except KeyError:
        raise place.fault("no_such_place") from None
    if value is not None:
        holder[name] = value

"""The form of an evaluation method: how it is shown, what it posts, and where in it a refusal belongs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from flask import request

from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.web.platform import platform
from core.web.texts import sentence
from trading.domain.clock import LegalRegime
from trading.domain.method_fields import CRITERION, PLACES, MethodFields, beginning, field_of, put_together, take_apart
from trading.web.texts_method import LABELS

SPARE_ROWS = 3  # left empty below the criteria, so that some can be added without a script


@dataclass(frozen=True, slots=True)
class MethodForm:
    """What the form shows: its fields, rows with spare ones below, and the two texts of data."""

    typed: Mapping[str, str]
    criteria: tuple[tuple[str, str, str, str], ...]
    ties: tuple[str, ...]
    rest: str = ""
    whole: str = ""


def method_form(saved: Mapping[str, Any] | None, regime: LegalRegime, values: Mapping[str, str]) -> MethodForm:
    """The form as it was posted (`values`, when it was refused), as it was saved, or as a new one begins."""
    if values:
        return _shown(_typed(), line("method_rest"), line("method"))
    said = take_apart(saved) if saved else beginning(regime)
    return _shown(said, json.dumps(said.rest, ensure_ascii=False, indent=1) if said.rest else "")


def _shown(said: MethodFields, rest: str, whole: str = "") -> MethodForm:
    spare = (("", "technical", "", "1"),) * SPARE_ROWS
    return MethodForm(said.typed, (*said.criteria, *spare), said.ties, rest, whole)


def method_part(ceiling: Money) -> dict[str, JSON]:
    """The method part that the form posts: its data pasted whole, or its fields with the rest; raises RuleBroken for what is neither."""
    if whole := line("method"):
        return _data("method", whole)
    rest = line("method_rest")
    said = _typed()
    return put_together(MethodFields(said.typed, said.criteria, said.ties, _data("method_rest", rest) if rest else {}), ceiling)


def misread(refusal: Refusal) -> tuple[str, str] | None:
    """The field of the form that a refusal means, and what to tell there; None when it isn't about a field."""
    name = field_of(str(refusal.facts.get("member", ""))) if refusal.code == "method.malformed" else ""
    if not name:
        return None
    return f"method_{name}", sentence(RuleBroken("method.field", label=str(LABELS[name])), platform().sentences)


def line(name: str) -> str:
    """A field without outer blanks."""
    return request.form.get(name, "").strip()


def _typed() -> MethodFields:
    typed = {name: said for name in PLACES if (said := line(f"method_{name}"))}
    columns = [request.form.getlist(f"criterion_{member}") for member in CRITERION]
    rows = [(name.strip(), part, most.strip(), weight.strip()) for name, part, most, weight in zip_longest(*columns, fillvalue="")]
    ties = dict.fromkeys(key for key in request.form.getlist("method_tie") if key)
    return MethodFields(typed, tuple(row for row in rows if row[0] or row[2]), tuple(ties))


def _data(name: str, text: str) -> dict[str, JSON]:
    """Pasted data; a number that is not an integer is refused, for floats never get in."""

    def refuse(written: str) -> JSON:
        raise RuleBroken("body.malformed", member=name)

    try:
        read = json.loads(text, parse_float=refuse, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise RuleBroken("body.malformed", member=name) from None
    if not isinstance(read, dict):
        raise RuleBroken("body.malformed", member=name)
    return read

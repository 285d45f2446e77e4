"""The form of an evaluation method: how it is shown, what it posts, and where in it a refusal belongs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import zip_longest
from typing import Any

from flask import request

from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.web.platform import platform
from core.web.texts import sentence
from trading.domain import score_fields
from trading.domain.clock import LegalRegime
from trading.domain.method_fields import CRITERION, PLACES, MethodFields, beginning, field_of, put_together, take_apart
from trading.domain.score_fields import RuleFields
from trading.domain.score_rules import MOST_PLACES
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
    rules: tuple[RuleFields, ...] = ()  # of each row of criteria
    abnormal: Mapping[str, str] = field(default_factory=dict)


def method_form(document: Mapping[str, Any], regime: LegalRegime, values: Mapping[str, str]) -> MethodForm:
    """The form as it was posted (`values`, when it was refused), as `document` was saved, or as a new one begins."""
    if values:
        pairs = _rows()
        rules, abnormal = tuple(rule for _, rule in pairs), {name: line(f"abnormal_{name}") for name in _ABNORMAL}
        return replace(_shown(_typed(), line("method_rest"), line("method")), rules=_spared(rules), abnormal=abnormal)
    saved, scored = document.get("method"), document.get("score_rules") or {}
    said = take_apart(saved) if saved else beginning(regime)
    known = score_fields.take_apart(scored)
    shown = _shown(said, json.dumps(said.rest, ensure_ascii=False, indent=1) if said.rest else "")
    rules = _spared(tuple(known.get(row[0], RuleFields()) for row in said.criteria))
    return replace(shown, rules=rules, abnormal=_abnormal_fields(scored.get("abnormal")))


def _shown(said: MethodFields, rest: str, whole: str = "") -> MethodForm:
    spare = (("", "technical", "", "1"),) * SPARE_ROWS
    return MethodForm(said.typed, (*said.criteria, *spare), said.ties, rest, whole)


def _spared(rules: tuple[RuleFields, ...]) -> tuple[RuleFields, ...]:
    return (*rules, *(RuleFields(),) * SPARE_ROWS)


def score_rules(method: Mapping[str, Any]) -> dict[str, JSON]:
    """The member `score_rules` that the form posts for the criteria of this method part; nothing where it says nothing of them."""
    known = {one["id"] for one in method.get("criteria") or () if isinstance(one, dict) and "id" in one}
    criteria = score_fields.put_together((row[0], rule) for row, rule in _rows() if row[0] in known)
    percent, places = line("abnormal_percent"), line("abnormal_places")
    said: dict[str, JSON] = {"criteria": criteria}
    if percent or places:  # whose score is replaced needs a bound: without one the refusal names it
        replace_by = {"replace": {"places": int(places)}} if places in _PLACES else {}
        said["abnormal"] = {"deviation_percent": percent or "0", "order": line("abnormal_order") == "1", **replace_by}
    return {"score_rules": said} if criteria or percent or places else {}


_ABNORMAL = ("percent", "order", "places")
_PLACES = tuple(str(places) for places in range(MOST_PLACES + 1))


def _abnormal_fields(said: Mapping[str, Any] | None) -> dict[str, str]:
    if said is None:
        return {}
    places = str(said["replace"]["places"]) if "replace" in said else ""
    return {"percent": said["deviation_percent"], "order": "1" if said["order"] else "", "places": places}


def method_part(ceiling: Money) -> dict[str, JSON]:
    """The method part that the form posts: its data pasted whole, or its fields with the rest; raises RuleBroken for what is neither."""
    if whole := line("method"):
        return _data("method", whole)
    rest = line("method_rest")
    said = _typed()
    return put_together(MethodFields(said.typed, said.criteria, said.ties, _data("method_rest", rest) if rest else {}), ceiling)


def misread(refusal: Refusal) -> tuple[str, str] | None:
    """The field of the form that a refusal means, and what to tell there; None when it isn't about a field."""
    if refusal.code.startswith("score_rules."):
        return "method_criteria", sentence(refusal, platform().sentences)
    name = field_of(str(refusal.facts.get("member", ""))) if refusal.code == "method.malformed" else ""
    if not name:
        return None
    return f"method_{name}", sentence(RuleBroken("method.field", label=str(LABELS[name])), platform().sentences)


def line(name: str) -> str:
    """A field without outer blanks."""
    return request.form.get(name, "").strip()


def _typed() -> MethodFields:
    typed = {name: said for name in PLACES if (said := line(f"method_{name}"))}
    ties = dict.fromkeys(key for key in request.form.getlist("method_tie") if key)
    return MethodFields(typed, tuple(row for row, _ in _rows()), tuple(ties))


def _rows() -> list[tuple[tuple[str, str, str, str], RuleFields]]:
    """The rows of criteria that were not left empty, each with its score rule."""
    columns = [request.form.getlist(f"criterion_{member}") for member in (*CRITERION, *_RULE)]
    found = []
    for name, part, most, weight, *rule in zip_longest(*columns, fillvalue=""):
        if name.strip() or most.strip():
            said = dict(zip(_RULE, (text.replace("\r\n", "\n").strip() for text in rule), strict=True))
            said["mode"] = said["mode"] or RuleFields().mode
            found.append(((name.strip(), part, most.strip(), weight.strip()), RuleFields(**said)))
    return found


_RULE = tuple(one.name for one in fields(RuleFields))


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

"""The page on which a method is tried on invented bids, before or after it is published; nothing is stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request

from core.web.guard import public
from core.web.i18n import language
from core.web.threads import natively
from evaluation.domain.methods import CaseFault, evaluate, parse_case, to_json
from evaluation.web.texts import REJECTIONS, TRY_UNREADABLE

blueprint = Blueprint("evaluation_methods", __name__)
EXAMPLE = Path(__file__).parent / "example_case.json"
LONGEST = 200_000  # characters: far more than a real case with seven experts and twenty bids


@dataclass(frozen=True, slots=True)
class Trial:
    """A case as it was typed, and its result or what is wrong with it."""

    text: str
    result: dict[str, Any] | None = None
    path: str = ""
    fault: str = ""


@blueprint.get("/methods/try")
@public
def blank() -> str:
    """An example to begin with."""
    return render_template("evaluation/try.html", trial=Trial(EXAMPLE.read_text(encoding="utf-8")), REJECTIONS=REJECTIONS)


@blueprint.post("/methods/try")
@public
def run() -> tuple[str, int]:
    """The result of what was typed; the same functions as the room and the command use."""
    text = request.form.get("case", "")[:LONGEST]
    lang = "en" if language() == "en" else "zh"
    trial = natively(lambda: _tried(text, lang))
    return render_template("evaluation/try.html", trial=trial, REJECTIONS=REJECTIONS), 422 if trial.fault else 200


def _tried(text: str, lang: Any) -> Trial:
    try:
        document = json.loads(text, parse_float=_no_float, parse_constant=_no_float)
    except (ValueError, RecursionError):
        return Trial(text, path="$", fault=str(TRY_UNREADABLE[lang]))
    try:
        return Trial(text, to_json(evaluate(parse_case(document)), lang))
    except CaseFault as fault:
        return Trial(text, path=fault.path, fault=fault.reason_in(lang))


def _no_float(written: str) -> Any:
    raise ValueError(written)

"""What the forms post on which a tender document is amended and clarified, as the content of a draft."""

from __future__ import annotations

from typing import Any

from flask import request

from core.kernel.jcs import JSON
from trading.queries.amending import Amending, Clarifying
from trading.web.posted_drafts import files_of, moment, yuan
from trading.web.posted_method import line, method_part, score_rules
from trading.web.posted_review import review_part

_POSTED = ("document_sha256", "score_rules", "review")  # made anew: left out, they are no longer said


def amendment(view: Amending) -> dict[str, JSON]:
    """An amendment: the version in force with what was changed; a new file takes the place of one with the same name."""
    fresh: list[Any] = files_of("files")
    names = {entry["name"] for entry in fresh}
    kept: list[Any] = [entry for digest, entry in view.offered.items() if digest in request.form.getlist("keep")]
    document = {name: value for name, value in view.standing.items() if name not in _POSTED}
    ceiling = yuan("ceiling")
    method = method_part(ceiling)
    changed = {
        "files": [*(entry for entry in kept if entry["name"] not in names), *fresh],
        "ceiling": str(ceiling),
        "method": method,
        **score_rules(method),
        **review_part(),
    }
    return {
        "document": document | changed,
        "reason": line("reason").replace("\r\n", "\n"),
        "affects_bids": request.form.get("affects_bids") == "1",
        "not_before": moment("not_before") if line("not_before") else "",
    }


def clarification(view: Clarifying) -> dict[str, JSON]:
    """A clarification: each waiting question that was answered, and one question of the agency's own."""
    answers: list[JSON] = []
    for question in view.waiting:
        if answer := _text(f"answer_{question.digest}"):
            answers.append({"question": _text(f"question_{question.digest}"), "answer": answer, "settles": [question.digest]})
    if answer := _text("answer"):
        answers.append({"question": _text("question"), "answer": answer, "settles": []})
    return {"answers": answers, "affects_bids": request.form.get("affects_bids") == "1"}


def _text(name: str) -> str:
    return line(name).replace("\r\n", "\n")

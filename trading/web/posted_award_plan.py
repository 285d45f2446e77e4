"""What the form of the award plan posts, as the content of a draft: what the chosen method needs, and nothing that it does not know."""

from __future__ import annotations

import json
import re
from itertools import zip_longest

from flask import request

from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from trading.domain.award_plan import NEEDS, AwardMethod, Needs, PriceGoal
from trading.web.posted_drafts import count, files_of
from trading.web.posted_method import line

NOTHING: dict[str, JSON] = {"members": 0, "quorum": 0, "ties": [], "factors": [], "legal_basis": "", "region_rule": ""}


def award_plan() -> dict[str, JSON]:
    """The award plan; without separation the other fields do not count."""
    method = request.form.get("method", "")
    known = next((one for one in AwardMethod if one.value == method), None)
    if known is None or known is AwardMethod.RANK_ONE:
        return {"method": method, **NOTHING}
    needs = NEEDS[known]
    ties: list[JSON] = [key for key in request.form.getlist("ties") if key]
    plan: dict[str, JSON] = {
        "method": method,
        "members": count("members"),
        "quorum": count("quorum"),
        "ties": ties,
        "factors": _factors(needs),
        "legal_basis": line("legal_basis"),
        "region_rule": line("region_rule"),
        "selection": line("selection") or "named",
        "posts": _posts(),
        "fall_out": line("fall_out") or "restart",
        "publicity": line("publicity") or "before_award",
    }
    return plan | _of_method(needs) | _special_rule()


def _of_method(needs: Needs) -> dict[str, JSON]:
    """The members that one method has and others do not."""
    said: dict[str, JSON] = {}
    if line("chair_post"):
        said["chair_post"] = line("chair_post")
    if needs.may_abstain:
        said["abstention"] = bool(line("abstention"))
    if needs.keep:
        said["keep"] = count("keep")
    if needs.weights:
        said["places"] = count("places")
    if needs.price:
        goal = line("goal")
        near = {"mark": line("mark"), "factor": line("factor") or "1"} if goal == PriceGoal.NEAREST.value else {}
        said["price"] = {"goal": goal, **near}
    return said


def _posts() -> list[JSON]:
    return [post for post in (part.strip() for part in re.split(r"[\n,，、;；]+", request.form.get("posts", ""))) if post]


def _factors(needs: Needs) -> list[JSON]:
    """One factor a row; rows that are left empty do not count."""
    names = ("factor_name", "factor_definition", "factor_shown", "factor_weight")
    rows = zip_longest(*(request.form.getlist(name) for name in names), fillvalue="")
    found: list[JSON] = []
    for name, definition, shown, weight in ([part.strip() for part in row] for row in rows):
        if name or definition:
            factor: dict[str, JSON] = {"id": f"F{len(found) + 1}", "name": name, "definition": definition, "shown": shown}
            found.append(factor | ({"weight": weight} if needs.weights else {}))
    return found


def _special_rule() -> dict[str, JSON]:
    """The rule of a special zone with its paper: a new file, or the one of the earlier draft."""
    if not line("special_number"):
        return {}
    files = files_of("special_paper") or _kept()
    if len(files) != 1 or not isinstance(files[0], dict):
        raise RuleBroken("award_plan.special_paper_missing")
    text = request.form.get("special_text", "").strip()
    return {"special_rule": {"number": line("special_number"), "text": text, **files[0]}}


def _kept() -> list[JSON]:
    try:
        read = json.loads(request.form.get("special_kept", "[]"))
    except ValueError:
        return []
    return [read] if isinstance(read, dict) and set(read) == {"name", "sha256", "size"} else []

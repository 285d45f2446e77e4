"""Score rules as the fields of a form and back: a criterion's fixed scores, grades and deductions are typed as lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from trading.domain.score_rules import Mode

_NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,4})?"
_GRADE = re.compile(rf"(\S.*?)\s*[:：\s]\s*({_NUMBER})\s*[-–—~～至]\s*({_NUMBER})\s*分?")
_DEDUCTION = re.compile(rf"(\S.*?)\s*[:：\s]\s*({_NUMBER})\s*分?")


@dataclass(frozen=True, slots=True)
class RuleFields:
    """What is typed for one criterion; all empty: scored within its range by the usual step."""

    title: str = ""
    mode: str = Mode.RANGE.value
    step: str = ""
    steps: str = ""
    grades: str = ""
    deductions: str = ""
    objective: str = ""
    definition: str = ""

    @property
    def says_something(self) -> bool:
        """Whether anything differs from what holds without a rule."""
        return self != RuleFields()


def take_apart(rules: Mapping[str, Any]) -> dict[str, RuleFields]:
    """The fields by criterion, of rules of good form."""
    return {str(one["id"]): _fields(one) for one in rules.get("criteria", ())}


def _fields(one: Mapping[str, Any]) -> RuleFields:
    return RuleFields(
        title=one.get("title", ""),
        mode=one["mode"],
        step=one.get("step", ""),
        steps="、".join(one.get("steps", ())),
        grades="\n".join(f"{grade['label']} {grade['from']}-{grade['to']}" for grade in one.get("grades", ())),
        deductions="\n".join(f"{each['text']} {each['points']}" for each in one.get("deductions", ())),
        objective="1" if one.get("objective") else "",
        definition=one.get("definition", ""),
    )


def put_together(rows: Iterable[tuple[str, RuleFields]]) -> list[JSON]:
    """The rules of the criteria that say something; raises RuleBroken `score_rules.typed` naming criterion and line."""
    return [_rule(name, said) for name, said in rows if said.says_something]


def _rule(name: str, said: RuleFields) -> JSON:
    rule: dict[str, JSON] = {"id": name, "mode": said.mode}
    rule |= {member: text for member in ("title", "definition", "step") if (text := getattr(said, member))}
    if said.objective:
        rule["objective"] = True
    if said.steps:
        rule["steps"] = [step for step in re.split(r"[、,，;；/\s]+", said.steps) if step]
    if said.grades:
        rows = [_matched(_GRADE, line, name) for line in _lines(said.grades)]
        rule["grades"] = [{"label": label, "from": low, "to": high} for label, low, high in rows]
    if said.deductions:
        pairs = [_matched(_DEDUCTION, line, name) for line in _lines(said.deductions)]
        rule["deductions"] = [{"id": f"d{n}", "text": text, "points": points} for n, (text, points) in enumerate(pairs, 1)]
    return rule


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _matched(form: re.Pattern[str], line: str, name: str) -> tuple[str, ...]:
    found = form.fullmatch(line)
    if found is None:
        raise RuleBroken("score_rules.typed", criterion=name, line=line)
    return found.groups()

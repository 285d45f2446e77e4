"""The parts of a method (technical, commercial, credit): which sheets are due when, and how a member's sheets become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.domain.room import State
from evaluation.domain.sheet import BidScores

TECHNICAL, LATER = "technical", ("commercial", "credit")


def parts_of(method: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts that have criteria, in the order of their sheets; none for a method by the lowest price."""
    said = {str(one["part"]) for one in method.get("criteria", ())}
    return tuple(part for part in (TECHNICAL, *LATER) if part in said)


def parts_due(method: Mapping[str, Any], state: State) -> tuple[str, ...]:
    """Whose sheets are signed in `state`: the technical ones before the lock, the others while the price envelopes open."""
    due = {State.TECHNICAL: (TECHNICAL,), State.COMMERCIAL: LATER}.get(state, ())
    return tuple(part for part in parts_of(method) if part in due)


def only_technical(case: Mapping[str, Any]) -> dict[str, Any]:
    """The case as far as the lock needs it: technical criteria, their scores, and the least points of that part alone."""
    criteria = [one for one in case.get("criteria", ()) if one["part"] == TECHNICAL]
    names = {one["id"] for one in criteria}
    minimum = {part: least for part, least in (case.get("part_minimum") or {}).items() if part == TECHNICAL}
    sheets = [one | {"scores": {name: score for name, score in one["scores"].items() if name in names}} for one in case["sheets"]]
    return {**case, "criteria": criteria, "part_minimum": minimum, "sheets": sheets if criteria else []}


def merged(parts: Sequence[Sequence[BidScores]]) -> list[BidScores]:
    """One member's sheets of several parts as one: for each bid the scores of all its criteria."""
    scores: dict[str, dict[str, str]] = {}
    reasons: dict[str, dict[str, str]] = {}
    for sheets in parts:
        for sheet in sheets:
            scores.setdefault(sheet.bid, {}).update(sheet.scores)
            reasons.setdefault(sheet.bid, {}).update(sheet.reasons)
    return [BidScores(bid, given, reasons[bid]) for bid, given in scores.items()]

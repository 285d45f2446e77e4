"""Scoring cases for tests: a whole case from a few words."""

from __future__ import annotations

import copy
from typing import Any

from evaluation.domain.methods import Evaluation, evaluate, parse_case, to_json

Case = dict[str, Any]

LINEAR = {"kind": "deviation", "max": "60", "above": "1", "below": "0.5", "benchmark": {"kind": "mean"}}


def bid(name: str, price: str | None, **more: Any) -> dict[str, Any]:
    """A bid as the file has it."""
    return {"id": name, "price": price, **more}


def priced_case(prices: dict[str, str], price: dict[str, Any] | None = None, **more: Any) -> Case:
    """A comprehensive case without criteria: prices alone make the points."""
    return {
        "case": "test",
        "method": "comprehensive",
        "rounding": {},
        "price": copy.deepcopy(LINEAR if price is None else price),
        "bids": [bid(name, amount) for name, amount in prices.items()],
        "sheets": [],
        **more,
    }


def lowest_case(prices: dict[str, str], **more: Any) -> Case:
    """A case ranked by evaluated price alone."""
    return {"method": "lowest_evaluated_price", "bids": [bid(name, amount) for name, amount in prices.items()], "sheets": [], **more}


def scored_case(marks: dict[str, list[dict[str, str]]], **more: Any) -> Case:
    """A case without price points: bid → one sheet per expert, every criterion with at most 100 points and weight 1."""
    criteria = sorted({name for sheets in marks.values() for sheet in sheets for name in sheet})
    return {
        "method": "comprehensive",
        "rounding": {},
        "price": {"kind": "none"},
        "criteria": [{"id": name, "part": "technical", "max": "100"} for name in criteria],
        "aggregation": {"kind": "mean"},
        "bids": [bid(name, "100") for name in marks],
        "sheets": [
            {"expert": f"E{number}", "bid": name, "scores": scores}
            for name, sheets in marks.items()
            for number, scores in enumerate(sheets, 1)
        ],
        **more,
    }


def run(case: Case) -> Evaluation:
    """The evaluation of a document."""
    return evaluate(parse_case(case))


def result(case: Case) -> dict[str, Any]:
    """The evaluation as `gongheng score --json` prints it."""
    return to_json(run(case))


def column(case: Case, name: str) -> dict[str, Any]:
    """One column of the result, by bid."""
    return {row["bid"]: row[name] for row in result(case)["rows"]}

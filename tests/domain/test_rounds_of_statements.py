"""What still counts of a lot's statements after a committee was ordered to evaluate again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.domain.round import since_rounds

METHOD = {"criteria": [{"id": "A", "part": "technical"}]}


@dataclass(frozen=True)
class Said:
    kind: str
    sha256: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)


def order(name: str, review: bool, *criteria: str) -> Said:
    return Said("reevaluation.order", name, {"review": review, "criteria": list(criteria)})


def test_what_went_before_a_round_is_left_out_with_the_order_and_its_opening() -> None:
    plan, notice, sheet = Said("award_plan.fix"), Said("notice.publish"), Said("score", body={"part": "technical"})
    first = [plan, notice, sheet, Said("report.submit", "1"), Said("award.paper"), Said("award.open"), Said("ballot")]
    told = [*first, order("x", True), Said("reevaluation.open", body={"order_sha256": "x"}), Said("report.submit", "2")]
    assert since_rounds(told, METHOD) == [plan, notice, sheet, Said("report.submit", "2")]
    more = [order("y", False, "A"), Said("reevaluation.open", body={"order_sha256": "y"}), Said("report.submit", "3")]
    assert since_rounds([*told, *more], METHOD) == [plan, notice, Said("report.submit", "3")]
    assert since_rounds([*told, more[0]], METHOD) == [plan, notice, sheet, Said("report.submit", "2")]  # ordered, not begun
    assert since_rounds(first, METHOD) == first

"""A committee evaluates again: the order, and each member's acts in the round that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.kernel import outbox
from core.kernel.jcs import JSON
from evaluation import jobs
from tests.builders.people import Person
from trading.services import reevaluations


class Again:
    """The verbs of a further round, for a room."""

    def order_body(self, ground: str = "ordered", **changes: Any) -> dict[str, Any]:
        """The body of an order: the item `method` is scored again."""
        room: Any = self
        body: dict[str, Any] = {
            "report_sha256": room.tender.lot.report_sha256,
            "ground": ground,
            "complaint": "",
            "review": False,
            "criteria": ["method"],
            "reason": "施工组织设计一项未按招标文件规定的标准评分，责令改正。",
        }
        return body | changes

    def reevaluate(self, who: Person | None = None, ground: str = "ordered", **changes: Any) -> dict[str, JSON]:
        """The supervisor, or whoever is named, orders."""
        room: Any = self
        said: dict[str, JSON] = room.signed(
            who or room.tender.supervisor, "reevaluation.order", self.order_body(ground, **changes), reevaluations.order, step_up=True
        )
        return said

    def hear_order(self) -> None:
        """The evaluation hears of the order by the outbox."""
        room: Any = self
        outbox.deliver(room.tender.door, {"reevaluation.ordered": jobs.evaluate_again})

    def sit_again(self, members: Iterable[Person] | None = None) -> None:
        """Everybody signs in and declares once more."""
        room: Any = self
        people = list(room.members if members is None else members)
        for who in people:
            room.sign_in(who)
        for who in people:
            room.declare(who)

    def sheet_again(self, marks: Mapping[str, str], before: list[dict[str, Any]], reason: str = "重新对照评分标准") -> list[dict[str, Any]]:
        """The sheet of before, with these scores of the item `method` by code name."""
        found = []
        for sheet in before:
            code = sheet["bid"]
            scores = dict(sheet["scores"]) | ({"method": marks[code]} if code in marks else {})
            reasons = dict(sheet["reasons"]) | ({"method": reason} if code in marks else {})
            found.append({"bid": code, "scores": scores, "reasons": reasons})
        return found

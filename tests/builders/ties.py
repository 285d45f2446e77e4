"""A golden case whose bids end exactly equal, and the draw of lots among them, for a room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from core.kernel import draw as kernel
from core.kernel.jcs import JSON
from core.kernel.work import Door
from evaluation.queries import tie_page
from evaluation.queries.tie_page import TiesPage
from evaluation.services import tie_lots
from tests.builders.beginnings import Beginning
from tests.builders.evaluation import Room
from tests.builders.golden import BEFORE, Golden
from tests.builders.people import Person

EQUAL = {"A": ("1020000", "36"), "B": ("1020000", "36"), "C": ("1026900", "30")}
PLAN = {"id": "plan", "part": "technical", "max": "40", "weight": "1"}
LOWER = {"kind": "lowest_ratio", "max": "30", "weight": "1"}
MEAN = {"kind": "mean", "over": "criterion"}


def case_of(bids: dict[str, tuple[str, str]], tie_break: Sequence[str] = ("lower_price", "draw"), **more: Any) -> dict[str, Any]:
    """A comprehensive case: each bid's price and the mark that every expert gives it."""
    case: dict[str, Any] = {"method": "comprehensive", "price": LOWER, "criteria": [PLAN], "aggregation": MEAN}
    case |= {"tie_break": list(tie_break), "candidates": 3, "rounding": {"mode": "half_up", "total": 2}} | more
    case["bids"] = [{"id": letter, "price": price} for letter, (price, _) in bids.items()]
    case["sheets"] = [
        {"expert": f"E{seat}", "bid": letter, "scores": {"plan": mark}} for seat in range(1, 6) for letter, (_, mark) in bids.items()
    ]
    return case


def lowest_of(prices: dict[str, str], tie_break: Sequence[str] = ("draw",)) -> dict[str, Any]:
    """A case of lowest price."""
    case: dict[str, Any] = {"method": "lowest_price", "price": {"kind": "none"}, "criteria": [], "tie_break": list(tie_break)}
    return case | {"candidates": 3, "bids": [{"id": letter, "price": price} for letter, price in prices.items()], "sheets": []}


@dataclass
class Tied:
    """A room in which a case was played up to its summary."""

    room: Room
    golden: Golden
    secrets: dict[tuple[str, str], bytes] = field(default_factory=dict)

    @classmethod
    def played(cls, room: Room, case: dict[str, Any]) -> Tied:
        golden = Golden(case)
        golden.played(room)
        return cls(room, golden)

    @property
    def parties(self) -> tuple[Person, ...]:
        one = self.room.tender
        return one.centre, one.supervisor, one.tenderer

    @property
    def name(self) -> str:
        """The draw under way, the newest."""
        return self.page(self.room.tender.centre).draws[-1].name

    def page(self, who: Person) -> TiesPage:
        return self.room.tender.door.read(lambda session: tie_page.page(session, who.actor, self.room.number))

    def value(self, who: Person, name: str) -> bytes:
        """The slip of a party; distinct for each draw."""
        return self.secrets.setdefault((who.role.value, name), bytes([len(who.role.value)]) * 31 + bytes([len(self.secrets)]))

    def commit(self, who: Person, name: str = "", **changes: Any) -> dict[str, JSON]:
        name = name or self.name
        made = kernel.commit(self.room.case, name, who.role.value, self.value(who, name)).hex()
        body = {"draw": name, "party": who.role.value, "commit": made} | changes
        return self.room.signed(who, "tie_draw.commit", body, tie_lots.commit)

    def reveal(self, who: Person, name: str = "", **changes: Any) -> dict[str, JSON]:
        name = name or self.name
        body = {"draw": name, "party": who.role.value, "value": self.value(who, name).hex()} | changes
        return self.room.signed(who, "tie_draw.reveal", body, tie_lots.reveal)

    def redraw(self, who: Person | None = None, name: str = "", reason: str = "监督部门多次提醒后仍未提交") -> dict[str, JSON]:
        body = {"draw": name or self.name, "reason": reason}
        return self.room.signed(who or self.room.tender.centre, "tie_draw.redraw", body, tie_lots.redraw, step_up=True)

    def drawn(self, name: str = "", parties: Sequence[Person] = ()) -> Tied:
        """All three seal their slips, then open them."""
        name, parties = name or self.name, parties or self.parties
        for who in parties:
            self.commit(who, name)
        for who in parties:
            self.reveal(who, name)
        return self

    @property
    def ranks(self) -> list[tuple[str, int, bool]]:
        """Letter, rank and whether it is shared, in the order of the result."""
        result = cast("dict[str, Any]", self.room.view(self.room.tender.supervisor).result)
        return [(self.golden.codes[row["bid"]], row["rank"], row["joint"]) for row in result["rows"]]


def _equal(door: Door, clock_file: Path) -> Tied:
    room: Room = BEFORE.build(door, clock_file)
    room.tender.fix_plan("RANK_ONE")
    with pytest.MonkeyPatch.context() as patch:
        return Tied.played(room.told(patch), case_of(EQUAL))


TWO_EQUAL = Beginning("two bids are equal and lots are due", _equal)

"""The invented bids of a drill (演练): of whom they are said to be, at which price, and the method by which the committee scores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON

ENVELOPE = "bid"
ENVELOPES: tuple[dict[str, JSON], ...] = ({"env": ENVELOPE, "title": "投标文件"},)
"""One envelope: a drill practises the room, not the opening."""
OFFERS: tuple[tuple[str, str], ...] = (("演练投标人甲", "1286000.00"), ("演练投标人乙", "1238000.00"), ("演练投标人丙", "1317000.00"))
"""Three, since with fewer competition would be in question (招标投标法 art. 42 and 政府采购法 art. 36)."""
PAPER = "演练投标文件.pdf"
PAPERS: tuple[Mapping[str, JSON], ...] = tuple(
    dict(zip(("days", "rounds", "hours", "people", "spare"), figures, strict=True))
    for figures in ((10, 4, 2, 6, 3), (15, 2, 4, 4, 2), (12, 3, 3, 5, 2))
)
"""The figures in what the committee reads, one row for each of OFFERS: nothing in a paper says whose it is (暗标)."""
METHOD: dict[str, JSON] = {
    "method": "comprehensive",
    "price_ceiling": "1500000.00",
    "reference_price": None,
    "rounding": {"mode": "half_up", "price_score": 2, "aggregate": 2, "total": 2},
    "price": {"kind": "deviation", "max": "40", "weight": "1", "above": "1", "below": "0.5", "benchmark": {"kind": "mean"}},
    "criteria": [
        {"id": "服务方案", "part": "technical", "max": "30", "weight": "1"},
        {"id": "人员配备", "part": "technical", "max": "20", "weight": "1"},
        {"id": "应急保障", "part": "technical", "max": "10", "weight": "1"},
    ],
    "part_minimum": {},
    "aggregation": {"kind": "mean", "over": "criterion"},
    "tie_break": ["lower_price"],
    "candidates": 3,
}
"""Points for three criteria and the price, averaged over however few members a drill has."""


@dataclass(frozen=True, slots=True)
class InventedBid:
    """One of them; `org` is nobody: no organisation has this id."""

    org: UUID
    name: str
    price: Decimal
    sha256: str
    size: int

    def to_json(self) -> dict[str, JSON]:
        """As the platform tells it when a drill begins."""
        told: dict[str, JSON] = {"org": str(self.org), "name": self.name, "price": str(self.price)}
        return told | {"sha256": self.sha256, "size": self.size}


def invent(ids: Sequence[UUID], papers: Sequence[tuple[str, int]]) -> tuple[InventedBid, ...]:
    """The bids under fresh ids, one for each of OFFERS. `papers`: digest and size of PAPERS as they were typeset, in their order."""
    made = zip(ids, OFFERS, papers, strict=True)
    return tuple(InventedBid(one, name, Decimal(price), sha256, size) for one, (name, price), (sha256, size) in made)


def read(told: Sequence[Mapping[str, object]], method: Mapping[str, object]) -> tuple[InventedBid, ...]:
    """What a drill's chain tells of its bids; raises RuleBroken for others than a drill has, or another method."""
    found = tuple(_read(Body(one)) for one in told)
    said = [(one.name, str(one.price)) for one in found]
    if said != list(OFFERS) or dict(method) != METHOD or len({one.org for one in found}) < len(found):
        raise RuleBroken("drill.bids")
    return found


def _read(body: Body) -> InventedBid:
    org, name, price = UUID(body.text("org", 36)), body.text("name", 40), Decimal(body.text("price", 20))
    made = InventedBid(org, name, price, body.digest("sha256"), body.count("size", 1, 10**8))
    body.done()
    return made

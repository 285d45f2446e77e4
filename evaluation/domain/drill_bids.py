"""The invented bids of a drill (演练): of whom they are said to be, at which price, and the method by which the committee scores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON

ENVELOPE = "bid"
ENVELOPES: tuple[dict[str, JSON], ...] = ({"env": ENVELOPE, "title": "投标文件"},)
"""One envelope: a drill practises the room, not the opening."""
OFFERS: tuple[tuple[str, str], ...] = (("演练投标人甲", "1286000.00"), ("演练投标人乙", "1238000.00"), ("演练投标人丙", "1317000.00"))
"""Three, since with fewer competition would be in question (招标投标法 art. 42 and 政府采购法 art. 36)."""
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

    def to_json(self) -> dict[str, JSON]:
        """As the platform tells it when a drill begins."""
        return {"org": str(self.org), "name": self.name, "price": str(self.price)}


def invent(ids: Sequence[UUID]) -> tuple[InventedBid, ...]:
    """The bids under fresh ids, one for each of OFFERS."""
    return tuple(InventedBid(one, name, Decimal(price)) for one, (name, price) in zip(ids, OFFERS, strict=True))


def read(told: Sequence[Mapping[str, object]], method: Mapping[str, object]) -> tuple[InventedBid, ...]:
    """What a drill's chain tells of its bids; raises RuleBroken for others than a drill has, or another method."""
    found = tuple(InventedBid(UUID(str(one.get("org"))), str(one.get("name")), Decimal(str(one.get("price")))) for one in told)
    said = [(one.name, str(one.price)) for one in found]
    if said != list(OFFERS) or dict(method) != METHOD or len({one.org for one in found}) < len(found):
        raise RuleBroken("drill.bids")
    return found

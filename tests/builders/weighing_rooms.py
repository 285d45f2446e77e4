"""A room whose tender document weighs prices, at the moment when they are open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.kernel.work import Door
from tests.builders.beginnings import Beginning
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import tender
from trading.domain.price_rules import Preference

REVIEW: dict[str, Any] = {
    "checks": [],
    "price_check": False,
    "adjustments": [
        {"id": "late", "text": "工期每延误一周", "article": "须知 5.3", "measure": "percent", "each": "0.5", "unit": "周"},
        {"id": "missing", "text": "漏项补足", "article": "须知 5.4", "measure": "amount", "each": "", "unit": ""},
    ],
    "preferences": [
        {"kind": "small", "percent": "10", "article": "须知 6.1"},
        {"kind": "green", "percent": "2", "article": "须知 6.2"},
    ],
}


def _open(door: Door, clock_file: Path) -> Room:
    """Four bids passed, their prices are open; the first and the second claim to be small firms."""
    with pytest.MonkeyPatch.context() as patch:
        room = Room(tender(door, clock_file), OpenedBids().put(patch)).ready(4, review=REVIEW).locked()
        for place, org in enumerate(room.opened.asked):
            room.opened.price(org, f"{100 + place}000000.00")
            if place < 2:
                room.opened.claim(org, Preference.SMALL)
        room.prices_in()
        return room


WEIGHABLE = Beginning("prices are open and may be weighed", _open)

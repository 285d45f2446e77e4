"""Sealing, replacing and withdrawing bids, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel.work import Door
from tests.builders.bids import Hall, hall, tender


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """A lot that takes bids, with four bidders."""
    made = hall(tender(door, clock_file), tmp_path)
    made.tender.join_bidders(4)
    return made


def test_a_whole_opening(room: Hall) -> None:
    a, b, c, d = room.tender.bidders
    for n, bidder in enumerate((a, b, c), 1):
        room.seal(bidder, price=f"13{n}000000.00")
    room.decrypting(a, b)
    room.release(a)
    room.release(b)
    room.after_window()
    room.rescue("centre", c)
    assert room.rescue("supervisor", c)["complete"]
    view = room.batch()
    assert view.state.value == "read_out"
    assert [bid.key.value for bid in view.bids] == ["opened"] * 3

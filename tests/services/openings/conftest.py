"""Lots at the stages of an opening: bids taken, three sealed, opened with a rescue."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel.work import Door
from tests.builders.bids import Hall, hall
from tests.builders.trading import tender


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """A lot that takes bids, with four bidders."""
    made = hall(tender(door, clock_file), tmp_path)
    made.tender.join_bidders(4)
    return made


@pytest.fixture
def sealed(room: Hall) -> Hall:
    """The first three have sealed."""
    for n, bidder in enumerate(room.tender.bidders[:3], 1):
        room.seal(bidder, price=f"13{n}000000.00")
    return room


@pytest.fixture
def read(sealed: Hall) -> Hall:
    """Opened and read out; the first two are there, the third was rescued."""
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.release(a)
    sealed.release(b)
    sealed.after_window()
    sealed.rescue("centre", c)
    sealed.rescue("tenderer", c)
    sealed.batch()
    return sealed

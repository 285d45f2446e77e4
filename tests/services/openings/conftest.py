"""Lots at the stages of an opening: bids taken, three sealed, opened with a rescue."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.beginnings import Beginning, Built
from tests.builders.bids import Hall
from tests.builders.halls import READ, SEALED, TAKING, at_home


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning | None:
    """The hall that a test asks for by name."""
    begun = {"room": TAKING, "sealed": SEALED, "read": READ}
    return next((which for name, which in begun.items() if name in request.fixturenames), None)


@pytest.fixture
def room(world: Hall, built: Built, tmp_path: Path) -> Hall:
    """A lot that takes bids, with four bidders."""
    return at_home(world, built, tmp_path)


@pytest.fixture
def sealed(world: Hall, built: Built, tmp_path: Path) -> Hall:
    """The first three have sealed."""
    return at_home(world, built, tmp_path)


@pytest.fixture
def read(world: Hall, built: Built, tmp_path: Path) -> Hall:
    """Opened and read out; the first two are there, the third was rescued."""
    return at_home(world, built, tmp_path)

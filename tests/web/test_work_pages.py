"""Lists of one's work name a lot with its project: many projects have a "Lot 1"."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel.work import Door
from core.settings import Settings
from tests.builders.trading import Tender, tender
from tests.builders.trading_web import application, browser
from trading.queries import lots


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    return tender(door, clock_file).awarded("RANK_ONE")


def test_a_lot_is_named_with_its_project(world: Tender, settings: Settings, door: Door) -> None:
    lot = door.read(lambda session: lots.by_number(session, world.number))
    app, name = application(settings, door), f"{lot.project_title} {lot.title}"
    assert name in browser(app, world.tenderer).page("/work")


def test_what_a_supervisor_may_do_is_not_told_as_what_is_next(world: Tender, settings: Settings, door: Door) -> None:
    page = browser(application(settings, door), world.supervisor).page("/work?lang=en")
    assert "You may: " in page and "Next: " not in page

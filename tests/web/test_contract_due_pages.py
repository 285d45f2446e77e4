"""What is due stands on the lot's page and on the work pages of those whom it concerns, and on nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.factory import Application
from core.kernel.calendar import legal_day
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.trading import DAY, Tender, last_day_of, tender
from tests.builders.trading_web import application, browser


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    made = tender(door, clock_file).awarded("RANK_ONE")
    made.send_award_notice()
    return made


def test_the_contract_s_last_day_stands_on_the_pages_of_those_who_sign_it_and_the_days_it_is_late_on_the_supervisor_s(
    world: Tender, app: Application
) -> None:
    lot = f"/lots/{world.number}"
    tenderer, winner, loser = (browser(app, person) for person in (world.tenderer, world.bidders[0], world.bidders[1]))
    supervisor, public = browser(app, world.supervisor), browser(app)
    left = (last_day_of(world) - legal_day(world.now)).days  # thirty, or what holidays make of them
    for who in (tenderer, winner):
        assert all(f"还有 {left} 日" in who.page(page) for page in ("/work", lot, f"{lot}/contract"))
    assert "向监督部门提交书面报告" in tenderer.page("/work") and "平台不记录是否已办" in tenderer.page(lot)
    assert 'id="duties"' not in supervisor.page("/work") + loser.page("/work")
    world.jump(world.now + (left + 3) * DAY)
    for who in (tenderer, winner, supervisor):
        assert "已逾期 3 日" in who.page("/work") and "已逾期 3 日" in who.page(lot)
    assert "3 days overdue" in supervisor.page("/work?lang=en") and "Today" not in supervisor.page(f"{lot}?lang=en")
    for who in (loser, public):
        assert 'id="duties"' not in who.page(lot)


def test_a_signed_contract_is_due_no_more(world: Tender, app: Application) -> None:
    world.sign_contract(world.tenderer)
    world.sign_contract(world.bidders[0])
    assert "订立书面合同" not in browser(app, world.bidders[0]).page("/work")

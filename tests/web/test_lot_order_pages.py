"""Orders on a lot on their pages: offered to who may give them, told to everybody afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.factory import Application
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.orders import resume, suspend, terminate
from tests.builders.trading import DAY, tender
from tests.builders.trading_web import application, browser


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


def test_an_order_is_offered_to_who_may_give_it_and_told_to_everybody(door: Door, clock_file: Path, app: Application) -> None:
    world = tender(door, clock_file).bidding()
    place, public = f"/lots/{world.number}", browser(app)
    supervisor, tenderer = browser(app, world.supervisor), browser(app, world.tenderer)
    assert f"{place}/suspension" in supervisor.page(place) and f"{place}/termination" in tenderer.page(place)
    assert f"{place}/termination" not in supervisor.page(place)
    assert "lot.suspend" in supervisor.page(f"{place}/suspension")
    assert "现在不能办理" in tenderer.page(f"{place}/suspension") and "现在不能办理" in supervisor.page(f"{place}/resumption")
    suspend(world)
    assert "本标段已暂停" in public.page(place) and "距投标截止" not in public.page(place)
    assert "调查期间暂停" in public.page(f"/notices/{world.number}-N2")
    world.jump(world.now + 2 * DAY)
    shown = supervisor.page(f"{place}/resumption")
    assert "暂停的时间须补足" in shown and "恢复后的法定期限" in shown
    assert "lot.resume" in supervisor.page(f"{place}/resumption?deadline=2099-01-04T09:30")
    assert "lot.resume" in supervisor.page(f"{place}/resumption?deadline=nonsense")
    resume(world)
    assert "距投标截止" in public.page(place) and "恢复公告" in public.page(place)
    assert "不再开启" in tenderer.page(f"{place}/termination")
    terminate(world)
    assert "本标段已终止" in public.page(place) and "规划调整" in public.page(f"/notices/{world.number}-N4")
    assert public.get(f"/api/v1{place}").get_json()["state"] == "terminated"
    assert public.get("/notices?lang=en").status_code == 200


def test_how_many_events_a_case_without_an_opening_has_its_parties_do_not_learn(door: Door, clock_file: Path, app: Application) -> None:
    world = tender(door, clock_file).bidding()
    terminate(world)
    shown = {
        who: browser(app, getattr(world, who)).get(f"/api/v1/projects/{world.case}").get_json() for who in ("tenderer", "agency", "centre")
    }
    assert [shown[who]["events"] for who in ("tenderer", "agency")] == [None, None] and shown["centre"]["events"] > 0
    assert "案卷共" not in browser(app, world.tenderer).page(f"/projects/{world.case}")

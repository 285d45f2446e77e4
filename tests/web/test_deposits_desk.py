"""Finance's page: where its work is, the deposits of opened lots as far as they are sought, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from core.web.sheets import cells_of
from deposits.web import pages
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.trading_web import Browser, application, browser
from tests.web.test_deposits_held import chinese


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(3)
        made.paid(*made.firms)
        yield made


@pytest.fixture
def clerk(world: World, app: Application) -> Browser:
    return browser(app, world.crowd.join(Role.FINANCE, "临江市公共资源交易中心"))


def rows(clerk: Browser, query: str = "") -> list[tuple[str, str]]:
    answer = clerk.get(f"/finance/deposits.xlsx{query}")
    assert answer.status_code == 200
    return [(row[1], row[4]) for row in cells_of(answer.data)[1:]]


def test_the_page_and_its_workbook_hold_what_is_sought_and_nothing_of_a_sealed_lot(world: World, clerk: Browser) -> None:
    assert rows(clerk) == []
    assert "还没有可以显示的保证金" in clerk.page("/finance?lang=zh")
    world.close(*world.firms)
    first, second, third = (firm.org_name for firm in world.firms)
    world.schedule(world.firms[0])
    world.send()
    world.read_notices()
    assert {name for name, _ in rows(clerk)} == {first, second, third}
    assert rows(clerk, f"?q={second}") == [(second, "")]
    assert rows(clerk, "?q=%25") == []
    assert dict(rows(clerk))[first] == "合同已签订"
    assert {name for name, _ in rows(clerk, "?standing=1")} == {second, third}
    assert first not in clerk.page("/finance?standing=1") and "没有符合条件的保证金" in clerk.page("/finance?q=nobody")
    assert chinese(clerk.page("/finance?lang=en"), first, second, third) == []


def test_a_long_list_is_cut_on_the_page_and_whole_in_the_workbook(
    world: World, clerk: Browser, app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.close(*world.firms)
    monkeypatch.setattr(pages, "SHOWN", 2)
    assert "本页只显示前 2 条" in clerk.page("/finance?lang=zh") and len(rows(clerk)) == 3
    monkeypatch.setattr(pages, "ROWS", 2)
    assert clerk.get("/finance/deposits.xlsx").status_code == 422
    assert browser(app, world.firms[0]).get("/finance/deposits.xlsx").status_code == 403

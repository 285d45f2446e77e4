"""Letters on payments over HTTP: a page and JSON for their bidder, and nothing for anybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.trading_web import Browser, application, browser


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(2)
        for firm in made.firms:
            made.request(firm)
        yield made


@pytest.fixture
def bidder(app: Application, world: World) -> Browser:
    return browser(app, world.firms[0])


def arrive(world: World, amount: str = "800000.00", **changes: object) -> str:
    world.pay(world.firms[0], amount, **changes)
    world.read_notices()
    return f"/lots/{world.number}/deposit/letters/{world.view(world.firms[0]).payments[-1].ref}"


def test_the_page_says_what_happened_what_goes_back_and_what_to_do(world: World, bidder: Browser) -> None:
    stray, short = arrive(world, payer_account="62229999"), arrive(world, "500000.00")
    shown = bidder.page(stray)
    assert "不是本单位登记的基本账户" in shown and "最迟退回时间" in shown and "从登记的基本账户把差额转到" in shown
    shown = bidder.page(short)
    assert "没有要退回的部分" in shown and "300,000.00" in shown and f'data-copy="{world.view(world.firms[0]).sub_account}"' in shown
    assert f'href="{short}"' in bidder.page(f"/lots/{world.number}/deposit")
    said = bidder.get(f"/api/v1{short}").json
    assert (said["outcome"], said["missing_fen"], said["next"], said["refund"]) == ("short", 30_000_000, "top_up", None)  # type: ignore[index]
    english = bidder.page(f"{stray}?lang=en")
    main = re.sub("第1建筑工程有限公司", "", english.split("<main")[1].split("</main")[0])
    assert re.findall(r">[^<]*[\u4e00-\u9fff]{2,}[^<]*<", main) == []


def test_nobody_else_can_open_it(world: World, app: Application) -> None:
    address = arrive(world)
    other, clerk = browser(app, world.firms[1]), browser(app, world.crowd.join(Role.FINANCE, "临江市公共资源交易中心", keys=False))
    assert (other.get(address).status_code, other.get(f"/api/v1{address}").status_code) == (404, 404)
    assert (clerk.get(address).status_code, browser(app).get(f"/api/v1{address}").status_code) == (403, 401)

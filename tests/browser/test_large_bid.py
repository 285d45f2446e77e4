"""An envelope of 200 MB at the real platform: sealed on the device, the line broken in mid-upload, taken up where it stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.factory import Application
from core.kernel.roles import Role
from tests.browser.chromium import open_page
from tests.browser.real import Held, enrol_device, fill_bid, log_in
from tests.browser.test_bid_page import settings, url, world  # noqa: F401 - fixtures
from tests.builders.bids import Hall

SIZE = 200 * 1000**2
CUT = 0.3  # the share that has been sent when the line breaks


@pytest.mark.timeout(400)
def test_two_hundred_megabytes_survive_a_broken_line(browser: Browser, app: Application, url: str, world: Hall, tmp_path: Path) -> None:  # noqa: F811
    large = tmp_path / "施工组织设计.pdf"
    with large.open("wb") as file:
        file.truncate(SIZE)
    line = Held(app, after=int(SIZE * CUT))
    bidder = world.tender.crowd.join(Role.BIDDER, "华建工程集团有限公司", "周敏")
    page, _ = open_page(browser)  # the console tells of the broken line
    log_in(page, url, bidder)
    enrol_device(page, url, bidder)
    page.goto(f"{url}/lots/{world.number}/bid")
    desk = page.locator("[data-seal]")
    fill_bid(page, large)
    desk.get_by_role("button", name="加密并上传").click()
    bar = desk.locator('[data-envelope="technical"] [role=progressbar]')
    line.breaks(page)
    kept = float(bar.get_attribute("aria-valuenow") or 0)
    line.hold(SIZE // 2)
    page.context.set_offline(False)
    page.get_by_text("从断点继续上传").first.wait_for()
    assert float(bar.get_attribute("aria-valuenow") or 0) >= kept - 100 * 8 * 1024**2 / SIZE, "at most the part under way is sent again"
    line.free.set()
    desk.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).click(timeout=120_000)
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("第 1 版已经密封签收").wait_for()
    page.context.close()

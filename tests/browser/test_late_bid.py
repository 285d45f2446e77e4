"""Half an upload at the deadline: nothing is taken, the page says so, and the bidder keeps the signed trace of the attempt."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app.evidence.package import own_policy
from app.factory import Application
from app.verify.papers import verify_paper
from core.kernel.roles import Role
from tests.browser.chromium import open_page
from tests.browser.real import Held, enrol_device, fill_bid, log_in
from tests.browser.test_bid_page import settings, url, world  # noqa: F401 - fixtures
from tests.builders.bids import Hall
from tests.builders.people import Person

SIZE = 60 * 1000**2


def ready(page: Page, url: str, world: Hall, bidder: Person, large: Path) -> None:  # noqa: F811
    """A bidder's page whose upload has begun."""
    log_in(page, url, bidder)
    enrol_device(page, url, bidder)
    page.goto(f"{url}/lots/{world.number}/bid")
    desk = page.locator("[data-seal]")
    fill_bid(page, large)
    desk.get_by_role("button", name="加密并上传").click()


@pytest.mark.timeout(240)
def test_half_an_upload_at_the_deadline_is_no_bid_and_leaves_a_trace(
    browser: Browser,
    app: Application,
    url: str,  # noqa: F811
    world: Hall,  # noqa: F811
    tmp_path: Path,
) -> None:
    large = tmp_path / "施工组织设计.pdf"
    with large.open("wb") as file:
        file.truncate(SIZE)
    bidder = world.tender.crowd.join(Role.BIDDER, "华建工程集团有限公司", "周敏")
    page, _ = open_page(browser)  # the console tells of the broken line
    line = Held(app, after=SIZE // 5)
    ready(page, url, world, bidder, large)
    line.breaks(page)
    deadline = world.tender.lot.deadline
    assert deadline is not None
    world.tender.jump(deadline)
    page.context.set_offline(False)
    page.locator("[data-seal]").get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).click(timeout=120_000)
    with page.expect_download() as kept:
        page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("已过，平台不再接收投标文件").first.wait_for()
    parts = app.extensions["gongheng"].parts
    policy = own_policy(parts["authority"], parts["log"], app.extensions["gongheng"].settings)
    verdict = verify_paper(Path(kept.value.path()), policy)
    assert [finding.code for finding in verdict.findings if not finding.holds] == []
    page.goto(f"{url}/lots/{world.number}/bid")
    page.locator("#late").get_by_text("平台没有接收").wait_for()
    world.close()
    page.reload()
    page.get_by_text("截止时没有完成递交，视为撤回投标文件").wait_for()
    assert page.locator(".receipt").count() == 0

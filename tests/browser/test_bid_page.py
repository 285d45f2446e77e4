"""A bidder at the real platform in a real browser: enrols the device, seals both envelopes, submits them, and holds the receipts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.factory import Application, prepare
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.browser.accessibility import serious_findings
from tests.browser.chromium import open_page
from tests.browser.real import at_home, enrol_device, listening, log_in
from tests.builders import people
from tests.builders.bids import Hall, hall
from tests.builders.trading import tender


@pytest.fixture
def settings(settings: Settings) -> Iterator[Settings]:
    """The demonstration on a port of its own."""
    with at_home(settings) as told:
        yield told


@pytest.fixture
def world(app: Application, door: Door, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    """A lot that takes bids, its office keys certified by the platform's own authority and logged."""
    parts = app.extensions["gongheng"].parts
    monkeypatch.setattr(people, "authority", lambda: parts["authority"])
    prepare(app)
    made = hall(tender(door, clock_file), tmp_path / "hall")
    parts["log"].grow(door)
    return made


@pytest.fixture
def url(app: Application, settings: Settings, world: Hall, browser: Browser) -> Iterator[str]:
    with listening(app, settings.port, browser):
        yield settings.origin


def test_a_bidder_seals_two_envelopes_and_gets_signed_receipts(browser: Browser, url: str, world: Hall) -> None:
    bidder = world.tender.crowd.join(Role.BIDDER, "华建工程集团有限公司", "周敏")
    page, said = open_page(browser)
    log_in(page, url, bidder)
    enrol_device(page, url, bidder)
    page.goto(f"{url}/lots/{world.number}/bid")
    desk = page.locator("[data-seal]")
    for env, names in (("technical", ("施工组织设计.pdf", "项目班子.pdf")), ("commercial", ("工程量清单.xlsx",))):
        part = desk.locator(f'[data-envelope="{env}"]')
        files = [{"name": name, "mimeType": "application/pdf", "buffer": name.encode() * 5000} for name in names]
        part.locator("[data-seal-files]").set_input_files(files)  # type: ignore[arg-type]
        for item in part.locator("[data-seal-item]").all():
            item.fill("128,450,000.00" if item.get_attribute("data-seal-item") == "price" else "540 日历天")
    with page.expect_download():
        desk.get_by_role("button", name="下载恢复密钥").click()
    desk.get_by_role("button", name="加密并上传").click()
    desk.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).click()
    page.get_by_role("button", name="签名并提交").click()
    page.locator(".receipt").nth(1).wait_for()
    page.wait_for_load_state()
    assert serious_findings(page) == []
    assert [line for line in said if "SOCKET_NOT_CONNECTED" not in line] == []
    address = page.get_by_role("link", name="下载回执文件").first.get_attribute("href")
    receipt = json.loads(page.request.get(f"{url}{address}").text())
    assert receipt["receipt"]["payloadType"] == "application/vnd.ztb.receipt.v1+json"

"""A bidder practises in a real browser: the device is checked, a bid is sealed, opened again with the own key, and all of it is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from app.factory import Application, prepare
from app.verify import command
from core.kernel import certificates
from core.kernel.roles import Role
from core.kernel.trust import TrustPolicy, write_policy
from core.kernel.work import Door
from core.settings import Settings
from tests.browser.accessibility import serious_findings
from tests.browser.chromium import open_page
from tests.browser.real import at_home, enrol_device, listening, log_in
from tests.browser.stage import paper
from tests.builders import people

HELD = "navigator.storage.getDirectory().then((root) => Array.fromAsync(root.keys()))"


@pytest.fixture
def settings(settings: Settings) -> Iterator[Settings]:
    """The demonstration on a port of its own."""
    with at_home(settings) as told:
        yield told


@pytest.fixture
def url(app: Application, settings: Settings, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(people, "authority", lambda: app.extensions["gongheng"].parts["authority"])
    prepare(app)
    with listening(app, settings.port, browser):
        yield settings.origin


def seal(page: Page) -> Path:
    """Seals both envelopes and submits them; where the recovery key went."""
    desk = page.locator("[data-seal]")
    for env, name in (("technical", "施工组织设计.pdf"), ("commercial", "投标报价.pdf")):
        part = desk.locator(f'[data-envelope="{env}"]')
        part.locator("[data-seal-files]").set_input_files([{"name": name, "mimeType": "application/pdf", "buffer": paper()}])
        for item in part.locator("[data-seal-item]").all():
            item.fill("128,450,000.00" if item.get_attribute("data-seal-item") == "price" else "540 日历天")
    with page.expect_download() as recovery:
        desk.get_by_role("button", name="下载恢复密钥").click()
    assert "练习" in recovery.value.suggested_filename
    desk.get_by_role("button", name="加密并上传").click()
    desk.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).click()
    page.get_by_role("button", name="签名并提交").click()
    page.locator(".receipt").nth(1).wait_for()
    page.wait_for_load_state()
    return Path(recovery.value.path())


def confirm(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    with page.expect_navigation():
        page.locator("dialog [data-ok]").click()


def test_a_bidder_walks_through_everything_before_the_real_thing(
    browser: Browser, app: Application, door: Door, url: str, tmp_path: Path
) -> None:
    bidder = people.people(door).join(Role.BIDDER, "华建工程集团有限公司", "周敏")
    page, said = open_page(browser)
    log_in(page, url, bidder)
    enrol_device(page, url, bidder)
    page.goto(f"{url}/practice")
    page.get_by_role("button", name="检查本机和网络").click()
    page.locator("[data-check-result]").get_by_text("可以投标").wait_for()
    assert page.locator("[data-check-list] .bad, [data-check-list] .open").count() == 0
    assert serious_findings(page) == []

    page.get_by_role("button", name="开始练习").click()
    seal(page)
    assert serious_findings(page) == []
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="下载练习回执文件").first.click()
    assert downloaded.value.suggested_filename.startswith("练习-PX-")
    receipt = tmp_path / "receipt.json"
    downloaded.value.save_as(receipt)
    here = app.extensions["gongheng"]
    roots = frozenset({certificates.fingerprint(here.parts["authority"].root.certificate)})
    trusted = TrustPolicy((here.parts["log"].vkey,), {}, {}, "none", ca_roots=roots)
    (tmp_path / "TRUSTED.txt").write_text(write_policy(trusted), encoding="utf-8")
    answer = command.run(str(receipt), str(tmp_path / "TRUSTED.txt"))
    assert answer.code == 1 and "是练习" in answer.err

    confirm(page, "宣布截止，开始模拟开标")
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(str(request.post_data or ""))

    page.on("request", note)
    for left in (2, 1):
        page.locator("[data-release]").nth(left - 1).wait_for()
        page.get_by_role("button", name="用本机密钥解密").first.click()
        with page.expect_navigation():
            page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("模拟开标完成").wait_for()
    assert "AGE-SECRET-KEY" not in "".join(sent)
    own = page.locator('[data-own-bid] [data-env="commercial"]')
    own.get_by_role("button", name="本机解密预览").click()
    own.get_by_text("128450000.00").wait_for()
    own.get_by_text("投标报价.pdf").wait_for()

    confirm(page, "结束练习并删除")
    page.get_by_text("已全部删除").wait_for()
    page.wait_for_function(f"{HELD}.then((names) => names.length === 0)")
    assert [line for line in said if "SOCKET_NOT_CONNECTED" not in line] == []
    assert list((app.extensions["gongheng"].settings.files_dir / "staging").iterdir()) == []


def test_what_was_begun_goes_on_in_another_tab_and_is_swept_after_the_practice(browser: Browser, door: Door, url: str) -> None:
    bidder = people.people(door).join(Role.BIDDER, "华建工程集团有限公司", "周敏")
    page, _ = open_page(browser)
    log_in(page, url, bidder)
    enrol_device(page, url, bidder)
    page.goto(f"{url}/practice")
    page.get_by_role("button", name="开始练习").click()
    part = page.locator('[data-envelope="technical"]')
    commercial = page.locator('[data-envelope="commercial"]')
    for place in (part, commercial):
        place.locator("[data-seal-files]").set_input_files([{"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF" * 1000}])
    commercial.locator("[data-seal-item]").fill("1")
    with page.expect_download():
        page.get_by_role("button", name="下载恢复密钥").click()
    page.get_by_role("button", name="加密并上传").click()
    page.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).wait_for()
    page.reload()
    page.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).wait_for()
    assert len(page.evaluate(HELD)) == 2
    confirm(page, "结束练习并删除")
    page.wait_for_function(f"{HELD}.then((names) => names.length === 0)")
    page.get_by_role("button", name="开始练习").click()
    page.get_by_role("button", name="下载恢复密钥").and_(page.locator(":enabled")).wait_for()
    assert json.loads(page.locator("[data-seal]").get_attribute("data-envelopes") or "[]") == ["technical", "commercial"]

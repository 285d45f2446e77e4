"""An application sealed in a real browser, and the closed room in which applications are opened; there in both sizes and languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel.encoding import unb64
from core.kernel.sealing import Purpose
from core.settings import Settings
from tests.browser.stage import Stage, paper, staged
from tests.browser.test_pages_accessible import look
from tests.builders import prequalification
from tests.builders.bids import pack
from tests.builders.trading import NO_CASE
from trading.domain.application import ROUND

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


def test_an_application_is_sealed_in_the_browser_and_opened_behind_closed_doors(stage: Stage) -> None:
    world = replace(stage.tender, case=NO_CASE, bidders=[])
    firms = world.join_bidders(4)
    prequalification.released(world)
    room = replace(stage.hall, tender=world, purpose=Purpose.APPLICATION, kept={})
    stage.grow()
    desk, inside = f"/lots/{world.number}/application", f"/lots/{world.number}/applications"

    a = stage.come(firms[0], device=True).go(desk)
    a.page.locator("[data-seal-files]").set_input_files([{"name": "资格文件.pdf", "mimeType": "application/pdf", "buffer": paper()}])
    with a.page.expect_download():
        a.page.get_by_role("button", name="下载恢复密钥").click()
    a.page.get_by_role("button", name="加密并上传").click()
    a.page.get_by_role("button", name="签名递交并获取回执").and_(a.page.locator(":enabled")).click()
    a.page.get_by_role("button", name="签名并提交").click()
    a.page.locator(".receipt").first.wait_for()
    a.page.wait_for_load_state()
    address = a.page.get_by_role("link", name="下载回执文件").first.get_attribute("href")
    receipt = json.loads(a.page.request.get(f"{stage.url}{address}").text())
    sealed = json.loads(unb64(receipt["seal"]["payload"]))["body"]
    assert (sealed["purpose"], sealed["env"], len(sealed["shares"])) == ("application", "application", 3)
    a.page.get_by_role("button", name="比对密文").click()
    a.see("一致")
    assert a.quiet
    look(stage, firms[0], {"16-application-sealed": desk, "16-bids": "/bids"})
    look(stage, firms[3], {"16-application": desk})

    for firm in firms[1:]:
        room.seal(firm, plain=pack({"items": {}}, {"资格证明.pdf": paper()}, room.folder))
    look(stage, world.tenderer, {"16-room-before": inside})
    room.close()
    look(stage, world.supervisor, {"16-room-closed": inside})
    stage.grow()
    host = stage.come(world.centre, device=True).go(inside)
    host.sign("开始开启")
    host.see("等待机构提交份额")
    for firm in firms[1:]:
        room.rescue("centre", firm, "application", round_=ROUND)
    look(stage, world.agency, {"16-room-shares": inside})
    for firm in firms[1:]:
        room.rescue("supervisor", firm, "application", round_=ROUND)
    world.jump(world.now + timedelta(hours=24, seconds=1))
    room.begin_batch(ROUND)
    stage.whole.deliver()
    look(stage, world.tenderer, {"16-room-opened": inside})
    look(stage, firms[0], {"16-application-failed": desk})
    look(stage, firms[1], {"16-application-opened": desk})
    reader = stage.come(world.tenderer).go(inside)
    reader.page.get_by_role("link", name="资格证明.pdf").first.click()
    reader.page.locator("[data-pdf] canvas").first.wait_for()
    assert reader.quiet

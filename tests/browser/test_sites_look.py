"""Sites in a browser: a site is kept, a device bound at its workstation, the search books; every page in both sizes and languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel.roles import Role
from core.settings import Settings
from tests.browser.stage import Stage, staged
from tests.browser.test_archive_look import look
from tests.builders.sites import PARTNERS, sites_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as one:
        yield one


def test_a_site_is_kept_its_device_bound_and_its_rooms_booked(stage: Stage) -> None:
    tender = stage.tender
    made = sites_of(tender.door, tender.crowd, tender.centre)
    keeper, device = stage.come(tender.centre, device=True), stage.come(None)
    wrong = look(keeper, "sites-0-empty", "/sites") + look(keeper, "sites-1-form", "/sites/new")
    keeper.go("/sites/new")
    for name, value in {"name": "主场 临江市", "city": "临江市", "address": "市民中心三层"}.items():
        keeper.page.locator(f"#f-{name}").fill(value)
    keeper.page.get_by_text("这是主场").click()
    keeper.page.locator("#f-rooms").fill("301|评标室|301-1、301-2、301-3|评标专网|2\n舱一|评标舱|C1|评标专网|2\n第一开标室|开标室|40")
    keeper.page.get_by_role("button", name="保存并核对").click()
    keeper.sign("签名登记")
    keeper.see("基本信息")
    place = keeper.page.url.removeprefix(keeper.url)
    keeper.page.get_by_role("button", name="生成激活码").first.click()
    code = keeper.page.locator(".s24").inner_text()
    device.go("/station/activate")
    device.page.locator("#f-code").fill(code)
    device.page.get_by_role("button", name="提交本机设备").click()
    device.see("等待管理人员签名绑定")
    keeper.go(place)
    keeper.sign("签名绑定")
    keeper.go(place)
    keeper.see("已绑定 1 个")
    for org in PARTNERS[:2]:
        made.partner(org)
    made.draw(seats=2)
    booked = made.book(place.rsplit("/", 1)[1], seats=2, apart=True)["booking"]
    wrong += look(keeper, "sites-2-list", "/sites") + look(keeper, "sites-3-one", place) + look(keeper, "sites-4-change", f"{place}/change")
    wrong += look(keeper, "sites-5-bookings", "/venues") + look(device, "sites-7-activate", "/station/activate")
    keeper.go("/venues")
    keeper.see(booked)
    staff = stage.come(made.staff[PARTNERS[0]])
    wrong += look(staff, "sites-8-staff", "/venues")
    assert made.staff[PARTNERS[0]].role is Role.SITE
    assert wrong == []

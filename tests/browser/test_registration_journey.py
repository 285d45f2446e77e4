"""A project of two lots is registered in the browser by the agency and confirmed by the tenderer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from tests.browser.accessibility import serious_findings
from tests.browser.people import until
from tests.browser.stage import Stage, staged
from trading.queries import lots

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


def test_a_project_of_two_lots_is_registered(stage: Stage) -> None:
    agency = stage.come(stage.tender.agency, device=True).go("/projects")
    page = agency.page
    page.get_by_role("button", name="登记新项目").first.click()
    page.wait_for_url("**/projects/new/**")
    case = page.url.rsplit("/", 1)[1]
    for name, value in {
        "title": "临江市滨江路提升工程",
        "region": "临江市",
        "estimate_fen": "1600000000",
        "approval": "临发改〔2026〕7号",
    }.items():
        page.locator(f"#f-{name}").fill(value)
    page.locator("#f-approval").fill("临发改〔2026〕7号")
    page.locator("#f-funding").fill("市财政资金")
    page.locator("#f-tenderer").select_option(label=stage.tender.tenderer.org_name)
    page.locator("#f-regime").select_option("construction")
    page.locator("#f-category").select_option(index=0)
    page.get_by_label("第 1 标段名称").fill("道路")
    add = page.get_by_role("button", name="添加标段")
    add.click()
    add.click()
    page.get_by_label("第 3 标段名称").fill("绿化")
    page.get_by_role("button", name="删除").first.click()
    assert page.get_by_label("第 2 标段名称").input_value() == "绿化"
    add.click()
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert serious_findings(page) == []
    page.get_by_role("button", name="签名登记").click()
    agency.see("请填写")
    page.get_by_label("第 3 标段名称").fill("照明")
    agency.sign("签名登记")
    page.wait_for_url(f"**/projects/{case}")
    tenderer = stage.come(stage.tender.tenderer, device=True).go(f"/projects/{case}")
    tenderer.see("绿化")
    found = until(lambda: stage.tender.door.read(lambda session: lots.by_case(session, case)))
    assert [(lot.no, lot.title) for lot in found] == [("1", "道路"), ("2", "绿化"), ("3", "照明")]
    assert agency.quiet

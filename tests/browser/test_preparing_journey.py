"""A lot before its notice: the checks lead to what is missing, the method is tried without a reload, a document is composed and signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from tests.browser.accessibility import serious_findings
from tests.browser.people import until
from tests.browser.stage import Stage, staged
from tests.builders.coefficients import drawn_method
from tests.builders.trading import NO_CASE, Tender

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


@pytest.fixture
def begun(stage: Stage) -> Tender:
    """Another lot of the same people, before its notice."""
    return replace(stage.tender, case=NO_CASE).registered()


def test_the_checks_lead_to_the_field_that_is_missing(stage: Stage, begun: Tender) -> None:
    begun.fix_plan()
    begun.publish_document(escrow="none")
    agency = stage.come(begun.agency)
    for width in (1440, 390):
        agency.page.set_viewport_size({"width": width, "height": 900})
        agency.go(f"/lots/{begun.number}").see("发布前检查")
        assert not agency.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert serious_findings(agency.page) == []
    agency.page.locator("#readiness li.warn a").click()
    agency.page.wait_for_url("**/document#f-escrow")
    assert agency.page.locator("#f-escrow").is_visible() and agency.quiet


def test_bids_are_typed_taken_away_and_added_without_a_reload(stage: Stage, begun: Tender) -> None:
    begun.fix_plan()
    begun.publish_document(method=drawn_method())
    agency = stage.come(begun.agency).go(f"/lots/{begun.number}/method").see("试算结果").see("如果抽到")
    page = agency.page
    page.locator("[name=price]").nth(1).fill("viel")
    page.get_by_role("button", name="试算", exact=True).click()
    agency.see("第 2 行有误")
    assert page.locator("[aria-invalid]").input_value() == "viel"
    page.get_by_role("button", name="删除第 2 行").click()
    agency.see("试算结果")
    assert [page.locator("[name=id]").nth(n).input_value() for n in range(page.locator("[name=id]").count())] == ["A", "C", "D", "E"]
    page.get_by_role("button", name="添加一行").click()
    page.locator("[name=id]").nth(4).wait_for()
    assert page.locator("[name=id]").nth(4).input_value() == "B"
    page.get_by_text("从表格粘贴").click()
    page.locator("[name=pasted]").fill("甲;100000000;30 31\n乙;99000000;32 33")
    page.get_by_role("button", name="用粘贴的内容试算").click()
    page.get_by_role("rowheader", name="乙").wait_for()
    assert agency.stayed and serious_findings(page) == []


def test_a_document_is_composed_previewed_and_signed(stage: Stage, begun: Tender) -> None:
    begun.fix_plan()
    agency = stage.come(begun.agency, device=True).go(f"/lots/{begun.number}/document")
    page = agency.page
    for name, value in {"ceiling": "150000000", "deposit": "800000", "validity_days": "120", "method_price_max": "60"}.items():
        page.locator(f"#f-{name}").fill(value)
    page.get_by_label("第 1 行 名称").fill("施工方案")
    page.get_by_label("第 1 行 满分").fill("40")
    page.get_by_label("每高于基准价 1 个百分点扣").fill("两分")
    page.get_by_label("每低于基准价 1 个百分点扣").fill("1")
    assert not page.get_by_label("去掉几个最高").first.is_visible()
    page.locator("#f-method_benchmark").select_option("trimmed_mean")
    assert page.get_by_label("去掉几个最高").first.is_visible()
    page.locator("#f-method_benchmark").select_option("mean")
    page.locator("#f-compose").check()
    page.get_by_role("button", name="保存并核对").click()
    page.get_by_role("link", name="“每高于基准价 1 个百分点扣”没有填写或格式不正确").click()
    assert serious_findings(page) == []
    page.get_by_label("每高于基准价 1 个百分点扣").fill("2")
    page.locator("#f-compose").check()
    page.get_by_role("button", name="保存并核对").click()
    agency.see("待签署的招标文件").see("招标文件.json")
    page.get_by_role("link", name="修改各章文字、预览").click()
    page.locator("#f-text_scope").fill("新建道路 2.4 公里。")
    assert serious_findings(page) == []
    with page.context.expect_page() as preview:
        page.get_by_role("button", name="预览").click()
    preview.value.close()
    page.get_by_role("button", name="保存并核对").click()
    page.wait_for_url("**/document#sign")
    agency.sign("签署招标文件")
    until(lambda: bool(begun.lot.document_sha256))

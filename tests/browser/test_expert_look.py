"""The expert pool in a browser: an expert is admitted, agrees and declares, a sheet comes in; every page in both sizes and languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel.roles import Role
from core.settings import Settings
from evaluation.queries import experts
from tests.browser.stage import Stage, staged
from tests.browser.test_archive_look import look
from tests.builders import experts as made
from tests.builders.people import uscc_of
from tests.web.test_expert_pages import row, sheet_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as one:
        yield one


def test_an_expert_is_admitted_agrees_and_declares(stage: Stage) -> None:
    world = stage.tender
    door, person = world.door, world.crowd.join(Role.EXPERT, "东湖设计院", name="罗艳")
    keeper, expert, supervisor = stage.come(world.centre, device=True), stage.come(person, device=True), stage.come(world.supervisor)
    wrong = look(keeper, "pool-0-empty", "/experts") + look(expert, "pool-1-stranger", "/me/expert")
    keeper.go("/experts/new")
    fill = {"name": "罗艳", "title": "正高级工程师", "region": "临江市", "login": person.login, "qualified_from": "2024-01-01"}
    for name, value in (fill | {"qualified_to": "2099-12-31"}).items():
        keeper.page.locator(f"#f-{name}").fill(value)
    keeper.page.locator('[name="employer.name"]').fill("东湖设计院")
    keeper.page.locator('[name="employer.uscc"]').fill(uscc_of("东湖设计院"))
    keeper.page.get_by_label("工程造价").check()
    keeper.page.get_by_role("button", name="保存并核对").click()
    keeper.sign("签名办理入库")
    keeper.see("培训")
    number = door.read(lambda session: experts.by_person(session, person.person, made.today(door))).number  # type: ignore[union-attr]
    wrong += look(keeper, "pool-2-form", "/experts/new")
    made.train(door, world.centre, number)
    expert.go("/me/expert")
    for _ in range(3):
        expert.sign("签名授权")
    expert.see("您目前符合抽取条件")
    expert.page.get_by_role("button", name="增加单位").click()
    expert.page.locator('[name="bonds[].name"]').fill("甲方建设集团有限公司")
    expert.page.locator('[name="bonds[].uscc"]').fill(uscc_of("甲方建设集团有限公司"))
    expert.page.locator('[name="bonds[].relation"]').fill("配偶任职")
    expert.sign("签名声明")
    expert.see("已声明")
    wrong += look(expert, "pool-3-own", "/me/expert")
    keeper.go(f"/experts/{number}")
    keeper.page.get_by_text("登记联系方式").click()
    keeper.page.locator("#f-phone").fill("13800138000")
    keeper.page.get_by_role("button", name="加密保存").click()
    keeper.see("13800138000")
    wrong += look(keeper, "pool-4-entry", f"/experts/{number}") + look(supervisor, "pool-5-watched", f"/experts/{number}")
    wrong += look(keeper, "pool-6-list", "/experts")
    assert not wrong, wrong


def test_a_partners_catalogue_comes_in(stage: Stage, tmp_path: Path) -> None:
    keeper = stage.come(stage.tender.centre, device=True)
    keeper.go("/experts/agreements")
    fill = {"partner": "宁溪市公共资源交易中心", "city": "宁溪市", "document": "宁临协〔2026〕1号"}
    for name, value in (fill | {"since": "2026-01-01", "until": "2035-12-31"}).items():
        keeper.page.locator(f"#f-{name}").fill(value)
    keeper.sign("签名登记协议")
    keeper.see("目录内专家")
    wrong = look(keeper, "pool-7-agreements", "/experts/agreements")
    sheet = tmp_path / "宁溪市专家目录.xlsx"
    names = ["姓名", "工作单位", "统一社会信用代码", "地区", "职称或执业资格", "资格开始日期", "资格截止日期", "评审专业", "过往任职"]
    heads = [*names, "培训日期", "培训有效期至", "学时", "培训内容", "对方目录编号"]
    rows = [row(number, key=f"NX-{number}") for number in range(30)]
    sheet.write_bytes(sheet_of([heads, *rows, row(31, key="NX-31", uscc="1"), row(32, key="NX-32", to="2020-01-01")]).getvalue())
    wrong += look(keeper, "pool-8-imports", "/experts/imports")
    keeper.go("/experts/imports")
    keeper.page.locator("#f-sheet").set_input_files(sheet)
    keeper.page.locator("#f-origin").select_option(index=1)
    keeper.page.get_by_role("button", name="检查并预览").click()
    keeper.see("有问题的行")
    place = keeper.page.url.split("/", 3)[3]
    wrong += look(keeper, "pool-9-preview", f"/{place}")
    keeper.go(f"/{place}")
    keeper.sign("只导入没有问题的行")
    keeper.see("已入库")
    assert not wrong, wrong

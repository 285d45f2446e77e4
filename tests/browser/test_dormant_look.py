"""Dormant deposits in a browser: a sheet is handed in and signed, a firm claims with its files, two persons pay; pages in both sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel.roles import Role
from core.kernel.ticks import each
from core.settings import Settings
from core.web.sheets import workbook
from deposits.domain.dormant import Material
from deposits.queries import dormant
from deposits.services import dormant_ledgers
from tests.browser.stage import Seen, Stage, staged
from tests.browser.test_archive_look import look
from tests.builders.dormant import FIRM
from tests.web.test_dormant_pages import ALONE, GOOD, HEADS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LEDGERS = "/finance/dormant/ledgers"


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


def hand_in(clerk: Seen, folder: Path) -> str:
    """A sheet with one row that cannot be; returns the ledger's number."""
    sheet = folder / "old.xlsx"
    sheet.write_bytes(workbook("旧台账", HEADS, [GOOD, ALONE, [*GOOD[:6], "一万元", *GOOD[7:]]]))
    clerk.go(LEDGERS).page.locator("#f-title").fill("2015—2019 年投标保证金专户台账")
    clerk.page.locator("#f-sheet").set_input_files(sheet)
    clerk.page.get_by_role("button", name="检查并预览").click()
    clerk.see("有问题的行").see("金额应大于零")
    return clerk.page.url.rpartition("/")[2]


def test_an_old_ledger_goes_from_the_sheet_to_the_claim(stage: Stage, tmp_path: Path) -> None:
    join, door = stage.tender.crowd.join, stage.tender.door
    clerk = stage.come(join(Role.FINANCE, "临江市公共资源交易中心"), device=True)
    chief = stage.come(join(Role.FINANCE, "临江市公共资源交易中心"), device=True)
    firm, public = stage.come(join(Role.BIDDER, FIRM), device=True), stage.come()
    wrong = look(clerk, "dormant-0-ledgers", LEDGERS)
    ledger = hand_in(clerk, tmp_path)
    here, row = f"{LEDGERS}/{ledger}", f"{ledger}-00001"
    wrong += look(clerk, "dormant-1-preview", here)
    clerk.go(here).sign("只入账没有问题的行")
    wrong += look(clerk, "dormant-1b-booking", here)
    clerk.go(here).see("已入账 0 笔，共 2 笔")
    each(dormant.to_book, dormant_ledgers.book)(door)
    clerk.see("查看每一笔").sign("签名并公示")  # the page fetches itself again
    clerk.see("已全部公示")
    wrong += look(clerk, "dormant-2-booked", here) + look(public, "dormant-3-public", "/dormant")
    wrong += look(public, "dormant-4-figures", "/dormant/figures") + look(firm, "dormant-5-mine", "/me/dormant")
    firm.go(f"/dormant/{row}/claim").see("递交申领")
    for field, value in {"payee_account": "6222000000009", "payee_bank": "建设银行临江支行", "contact": "王经理 13900000000"}.items():
        firm.page.locator(f"#f-{field}").fill(value)
    for material in Material:
        if material is not Material.CHANGE:
            paper = tmp_path / f"{material.value}.pdf"
            paper.write_bytes(b"%PDF-1.7 " + material.value.encode())
            firm.page.locator(f"#f-upload-{material.value}").set_input_files(paper)
            firm.see(f"{material.value}.pdf")
    firm.sign("签名并递交申领")
    firm.see("正在审核")
    wrong += look(firm, "dormant-6-claim", f"/dormant/{row}/claim") + look(clerk, "dormant-7-list", "/finance/dormant")
    wrong += look(clerk, "dormant-8-one", f"/finance/dormant/{row}")
    clerk.go(f"/finance/dormant/{row}").page.locator("form[data-act='dormant.propose'] textarea").fill("材料齐全，核对一致")
    clerk.sign("签名并提出退还")
    clerk.see("支付与批准")
    wrong += look(chief, "dormant-9-payouts", "/finance/dormant/payouts")
    wrong += look(clerk, "dormant-10-orphans", "/finance/dormant/orphans") + look(clerk, "dormant-11-report", "/finance/dormant/report")
    wrong += look(clerk, "dormant-12-hand-over", f"{here}/hand-over?way=notary")
    wrong += look(clerk, "dormant-13-sub-accounts", "/finance/dormant/sub-accounts") + look(clerk, "dormant-14-recalls", "/finance/recalls")
    assert wrong == []

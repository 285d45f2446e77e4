"""Guarantees in a browser: a guarantor is registered, a firm gets its guarantee, the parties see it; every page in both sizes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel import certificates
from core.settings import Settings
from deposits import jobs_guarantees
from deposits.gateway_guarantors import Guarantors
from tests.browser.stage import Seen, Stage, staged
from tests.browser.test_archive_look import look
from tests.web.secrecy_guarantees import NAME, guarantor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


def tick(stage: Stage, times: int = 1) -> None:
    for _ in range(times):
        stage.tender.jump(stage.tender.now + timedelta(seconds=5))
        jobs_guarantees.ask_all(stage.tender.door, Guarantors())


def press(seen: Seen, button: str) -> None:
    seen.page.get_by_role("button", name=button, exact=True).click()
    seen.page.locator("dialog.confirm [data-ok]").click()


def test_a_firm_gets_a_guarantee_that_the_parties_see_after_the_opening(stage: Stage, tmp_path: Path, clock_file: Path) -> None:
    tender, number = stage.tender, stage.tender.lot.number
    firms = tender.join_bidders(3)
    centre, bidder, public = stage.come(tender.centre, device=True), stage.come(firms[0]), stage.come()
    with guarantor(tmp_path, clock_file) as (sandbox, url):
        wrong = look(centre, "guarantees-0-register", "/guarantors") + look(bidder, "guarantees-1-none", f"/lots/{number}/guarantee")
        centre.go("/guarantors")
        root = certificates.to_pem(sandbox.books.seal.root)
        for name, value in {"name": NAME, "url": url, "root": root, "reason": "融资担保业务经营许可证在有效期内。"}.items():
            centre.page.locator(f"#f-{name}").fill(value)
        centre.sign("签名登记")
        centre.see(NAME)
        wrong += look(centre, "guarantees-2-registered", "/guarantors") + look(public, "guarantees-3-public", "/guarantors")
        wrong += look(bidder, "guarantees-4-choose", f"/lots/{number}/guarantee") + look(
            bidder, "guarantees-5-deposit", f"/lots/{number}/deposit"
        )
        bidder.go(f"/lots/{number}/guarantee").page.get_by_label(NAME).check()
        bidder.page.get_by_role("button", name="提交申请").click()
        bidder.see("担保机构正在审核")
        tick(stage, 2)
        wrong += look(bidder, "guarantees-6-approved", f"/lots/{number}/guarantee")
        bidder.go(f"/lots/{number}/guarantee")
        press(bidder, "支付保费")
        bidder.see("等待担保机构开立")
        tick(stage)
        wrong += look(bidder, "guarantees-7-issued", f"/lots/{number}/guarantee")
        for firm in firms:
            stage.seal(firm, "100000000.00")
        stage.hall.close()
        stage.grow()
        stage.hall.start()
        tick(stage)
        wrong += look(bidder, "guarantees-8-verified", f"/lots/{number}/guarantee")
        wrong += look(centre, "guarantees-9-list", f"/lots/{number}/deposits")
        public.go("/guarantees/verify")
        applications = [path.stem for path in (tmp_path / "guarantor").glob("*.age")]
        letter = tmp_path / "letter.pdf"
        letter.write_bytes(sandbox.books.letter(applications[0]) or b"")
        public.page.locator("#f-file").set_input_files(letter)
        public.page.get_by_role("button", name="核验文件").click()
        public.see("签名有效，由登记的担保机构签署").see(firms[0].org_name)
        wrong += look(public, "guarantees-10-verify", "/guarantees/verify?number=BH00000000000000")
    assert wrong == []

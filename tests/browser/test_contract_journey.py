"""A consortium won: the tenderer uploads and signs the contract, then each member signs, and the page says who is still missing."""

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
from tests.builders import consortia
from tests.builders.trading import NO_CASE, Tender
from trading.domain.lot import LotState
from trading.services import lots

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


@pytest.fixture
def won(stage: Stage) -> Tender:
    """A lot of the same people that a consortium of two has won; its award notice is out."""
    world = replace(stage.tender, case=NO_CASE).bidding("RANK_ONE", consortium_members=2)
    world.join_bidders(4)
    consortia.formed(world, world.bidders[:2])
    leads = [firm.org for firm in world.bidders if firm is not world.bidders[1]]
    world.close_bidding(leads)
    world.step(lots.begin_evaluation)
    world.accept_report(leads[:3])
    world.publish_candidates()
    world.end_publicity()
    world.send_award_notice()
    return world


def test_each_member_of_the_consortium_signs_the_contract(stage: Stage, won: Tender) -> None:
    lead, member, *_ = won.bidders
    page = f"/lots/{won.number}/contract"
    tenderer = stage.come(won.tenderer, device=True).go(page)
    tenderer.page.locator("[name=text]").set_input_files(
        {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 contract"}
    )
    tenderer.page.get_by_role("button", name="上传").click()
    tenderer.page.get_by_role("link", name="下载合同文本").wait_for()
    tenderer.sign("签署合同")
    until(lambda: bool(won.lot.contract_sha256))
    first = stage.come(member, device=True).go(page).see("联合体各成员的签署")
    assert serious_findings(first.page) == []
    first.sign("签署合同")
    until(lambda: won.lot.contract_signers == (member.org,))
    assert won.lot.state is LotState.NOTICE_SENT
    first.go(page)
    assert first.page.get_by_role("button", name="签署合同").count() == 0
    last = stage.come(lead, device=True, width=390).go(page)
    assert not last.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    last.sign("签署合同")
    until(lambda: won.lot.state is LotState.CONTRACTED)
    tenderer.go(page).see("合同已由各方签署")
    assert first.quiet and last.quiet

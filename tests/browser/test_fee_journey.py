"""A member objects to a fee in the browser, the host corrects it, the payer confirms; pages are accessible and never name a member."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from tests.browser.accessibility import serious_findings
from tests.browser.stage import Seen, Stage, staged
from tests.builders.fees import number_of

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made.reported()


def accessible(seen: Seen) -> None:
    assert serious_findings(seen.page) == []


@pytest.mark.timeout(240)
def test_a_fee_is_objected_to_corrected_and_confirmed_on_its_pages(stage: Stage) -> None:
    room, address = stage.room, f"/lots/{stage.hall.number}/fees"
    me = room.members[6]
    expert = stage.come(me, device=True).go("/me/fees")
    expert.see("已核算，待确认").see("计算过程").see("还没有登记收款账户")
    accessible(expert)
    account = expert.page.locator("form[data-act='expert.account']")
    account.locator("[name=number]").fill(number_of(me))
    account.locator("[name=bank]").fill("临江市商业银行滨江支行")
    expert.sign("签名并登记")
    expert.see(f"**** {number_of(me)[-4:]}")
    assert number_of(me) not in expert.page.content()
    expert.page.locator("summary", has_text="提出异议").click()
    expert.page.locator("[name=text]").fill("午餐只用了十分钟，扣了半小时")
    expert.sign("签名并提出异议")
    expert.see("我的异议")

    host = stage.come(stage.tender.centre, device=True).go(address)
    host.see("专家有异议").see("午餐只用了十分钟")
    accessible(host)
    form = host.page.locator("form[data-act='fee.correct']")
    assert form.locator("[data-row]").count() == 1
    form.locator("[data-row-drop]").click()
    assert form.locator("[data-row]").count() == 0
    form.locator("[name=reason]").fill("核对门禁记录，午餐十分钟，不再扣除")
    host.sign("签名并答复")
    host.see("已答复，待确认")

    payer = stage.come(stage.tender.tenderer, device=True).go(address)
    payer.see("确认 1 笔").see("还没有登记付款账户")
    accessible(payer)
    own = stage.tender.tenderer.name  # stands in the bar above; names of a crowd recur
    assert not [who.name for who in room.members if who.name != own and who.name in payer.text]
    payer.sign("签名并确认")
    payer.see("已确认，待支付")
    payer.go("/fees").see("付款账户")
    accessible(payer)
    payer.page.locator("[name=number]").fill("6222000000000001")
    payer.page.locator("[name=bank]").fill("临江市商业银行营业部")
    payer.page.locator("main form[method=post] button").click()
    payer.see("付款账户已登记")
    assert expert.quiet and host.quiet and payer.quiet, (expert.said, host.said, payer.said)

"""An opening with two people at once: the centre's host and a bidder in browsers of their own, the public looking on in a third."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel.roles import Role
from core.settings import Settings
from tests.browser.people import until
from tests.browser.stage import Seen, Stage, staged

pytestmark = pytest.mark.browser
PRICE = "128,450,000.00"
OBJECTION, ANSWER = "唱标时没有宣读第三家的工期", "已当场补充宣读，并记入开标记录"


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made.tick()


@pytest.mark.timeout(180)
def test_host_and_bidder_play_the_opening_while_the_public_looks_on(stage: Stage) -> None:
    own = stage.tender.crowd.join(Role.BIDDER, "华建工程集团有限公司", "周敏")
    others = stage.tender.join_bidders(2)
    bidder = stage.come(own, device=True)
    stage.seal(own, "128450000.00", stage.recipient_of(own))
    for place, other in enumerate(others):
        stage.seal(other, f"{130 + place}000000.00")
    host, public = stage.come(stage.tender.centre, device=True), stage.come()
    stage.hall.close()
    stage.grow()
    address = f"/lots/{stage.hall.number}/opening"
    for seen in (host, bidder, public):
        seen.go(address)
    assert own.org_name not in public.text and others[0].org_name not in bidder.text + host.text

    # Sign-in and start: the list becomes public, in every page at once.
    bidder.sign("签到")
    stage.hall.sign_in(others[0])
    host.sign("开始开标")
    public.see(own.org_name).see(others[1].org_name)
    public.page.locator("#casehead").get_by_text("核验身份").wait_for()
    assert public.stayed and PRICE not in public.text
    until(lambda: "确认到场，开始解密" in host.text)

    # The host's confirmation brings the bidder's button to the bidder's page, and to nobody else's.
    bidder.go(address)
    host.sign("确认到场，开始解密")
    bidder.see("用本机密钥解密")
    assert bidder.stayed and public.page.locator("[data-act], [data-act-form], [data-release]").count() == 0
    bidder.sign("用本机密钥解密")
    bidder.see("本单位的密钥已收到")
    for other in others:
        stage.hall.release(other)
    for seen in (public, bidder):
        seen.see("540 日历天")
    assert public.stayed and PRICE not in public.text and "AGE-SECRET" not in public.text  # prices are of the next round

    # Read-out, an objection, its answer.
    host.see("唱标完毕，征询异议")
    host.sign("唱标完毕，征询异议")
    bidder.page.get_by_label("异议内容").fill(OBJECTION)
    bidder.sign("签名提出异议")
    host.page.get_by_role("textbox", name="答复").fill(ANSWER)
    host.sign("签名答复")
    public.see(OBJECTION).see(ANSWER)
    assert public.stayed

    # The record is drawn up by the clock, signed by both, and the hall is closed.
    stage.tender.jump(stage.hall.until("objection_until"))
    _sign_record(host)
    _sign_record(bidder)
    host.go(address).sign("结束开标")
    until(lambda: "结束" in public.page.locator("#casehead").inner_text())
    assert public.stayed and "结束开标" not in public.text
    assert host.quiet and bidder.quiet and public.quiet, (host.said, bidder.said, public.said)


def _sign_record(seen: Seen) -> None:
    """Reads the record by its link and signs it."""
    seen.page.get_by_role("link", name="查看开标记录").click()
    seen.page.wait_for_url("**/opening/record*")
    seen.sign(seen.page.locator('[data-act="opening.record.sign"]'))

"""A member of the award committee votes with a reason in the browser; the tenderer looks on and learns the choice with the whole round."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from tests.browser.people import until
from tests.browser.stage import Stage, staged

pytestmark = pytest.mark.browser
REASON = "同类工程业绩最多，履约评价连续三年为优"


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        made.reported().publicised()
        yield made.tick()


@pytest.mark.timeout(180)
def test_a_member_votes_with_a_reason_and_the_tenderer_learns_it_with_the_round(stage: Stage) -> None:
    room, address = stage.room, f"/lots/{stage.hall.number}/award"
    me, *others = room.award_members
    tenderer = stage.come(stage.tender.tenderer, device=True).record().go(address)
    tenderer.page.locator("select[name^=members]").first.wait_for()
    for box in tenderer.page.locator("select[name^=members]").all():
        box.select_option("定标成员")
    tenderer.sign("签名并开始定标")
    member = stage.come(me, device=True)
    member.go("/awards").page.locator("main").get_by_role("link").first.click()
    member.page.wait_for_url(f"**{address}")
    member.sign("签到")
    for other in others:
        room.award_sign_in(other)
    member.sign("声明没有应回避的情形")
    for other in others:
        room.award_declare(other)
    tenderer.go(address)
    assert "我的选票" not in tenderer.text

    # One ballot: that it was cast is seen, what it says is not.
    member.page.locator("[name=choice]").first.check(force=True)
    member.page.locator("[name='reasons[].text']").fill(REASON)
    member.page.locator("[name='reasons[].page']").fill("3")
    member.sign("签名并投票")
    member.see("您的选票已密封")
    voted = tenderer.page.locator("tr", has_text="成员").filter(has_text="已投票")
    until(lambda: voted.count() == 1)
    assert tenderer.stayed
    assert REASON not in "\n".join([tenderer.page.content(), *(text for _, text in tenderer.answers), *tenderer.frames])

    # The round is complete: ballots, reasons and the winner stand in both pages.
    chosen = room.candidates[0]
    for other in others:
        room.ballot(other, chosen)
    for seen in (tenderer, member):
        seen.see("定标结果").see(REASON)
    assert tenderer.stayed and tenderer.frames
    assert member.quiet and tenderer.quiet, (member.said, tenderer.said)

"""A round of prequalification walked in Chromium: round, notice, bids by who passed; its pages there in both sizes and languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel.calendar import BEIJING
from core.kernel.sealing import Purpose
from core.settings import Settings
from tests.browser.stage import Stage, paper, staged
from tests.browser.test_pages_accessible import look
from tests.builders import prequalification as made
from tests.builders.reviews import Review, open_all
from tests.builders.trading import DAY, NO_CASE
from trading.domain.prequalification import RoundState

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made_stage:
        yield made_stage


def test_a_round_from_its_draft_to_the_bids_of_who_passed(stage: Stage, tmp_path: Path) -> None:
    world = replace(stage.tender, case=NO_CASE, bidders=[])
    world.registered()
    firms = world.join_bidders(5)
    pool = made.experts(world)
    address = f"/lots/{world.number}/prequalification"
    paper_file = tmp_path / "资格预审文件.pdf"
    paper_file.write_bytes(paper())

    agency = stage.come(world.agency, device=True).go(f"{address}/draft")
    agency.page.locator("#f-files").set_input_files(paper_file)
    for place, one in enumerate(made.CRITERIA):
        agency.page.locator(f"#f-title-{place}").fill(str(one["title"]))
        agency.page.locator(f"#f-requirement-{place}").fill(str(one["requirement"]))
    agency.page.locator("#f-state_funds").check()
    agency.page.get_by_role("button", name="保存并核对").first.click()
    agency.see("待签署的资格预审文件")
    look(stage, world.agency, {"15-round-document": f"{address}/draft"})
    agency.sign("签署资格预审文件")
    release = (world.now + timedelta(hours=1)).astimezone(BEIJING)
    times = {"release_at": release, "release_until": release + 10 * DAY, "deadline": release + 20 * DAY}
    agency.go(f"{address}/draft")
    for name, at in times.items():
        agency.page.locator(f"#f-{name}").fill(f"{at:%Y-%m-%dT%H:%M}")
    agency.page.get_by_role("button", name="保存并核对").first.click()
    agency.see("待签发的资格预审公告")
    look(stage, world.tenderer, {"15-round-notice-draft": f"{address}/draft"})
    tenderer = stage.come(world.tenderer, device=True).go(f"{address}/draft")
    tenderer.sign("签发资格预审公告")
    tenderer.see("公告已发布，受理申请")
    look(
        stage, None, {"15-round-public": address, "15-round-lot": f"/lots/{world.number}", "15-round-notice": f"/notices/{world.number}-N1"}
    )
    found = made.round_of(world)
    assert found.state is RoundState.NOTICED and found.release_at is not None
    world.jump(found.release_at)
    look(stage, firms[0], {"15-round-released": address})

    tenderer.go(f"{address}/amendment")
    tenderer.page.locator("#f-reason").fill("企业资质的要求有误")
    tenderer.page.locator("#f-requirement-0").fill("市政公用工程施工总承包二级及以上")
    look(stage, world.tenderer, {"15-round-amendment": f"{address}/amendment"})
    tenderer.page.get_by_role("button", name="核对修改").click()
    tenderer.see("待签发的修改")
    tenderer.sign("签发修改")
    tenderer.see("资格预审文件已修改").see("二级及以上")

    tenderer.go(f"{address}/committee")
    tenderer.page.locator("#f-drawn").fill("临专抽〔2026〕17号")
    for member in (*(f"{one.person}:1" for one in pool), f"{world.tenderer.person}:0"):
        tenderer.page.locator(f"input[value='{member}']").check()
    tenderer.page.get_by_role("button", name="核对名单").click()
    look(stage, world.tenderer, {"15-round-committee": f"{address}/committee"})
    tenderer.sign("签署成员名单")

    room = replace(stage.hall, tender=world, purpose=Purpose.APPLICATION, kept={})
    for firm in firms[:4]:
        room.seal(firm)
    open_all(room, firms[:4])
    review = Review(room, pool)
    mine = stage.come(pool[0], device=True).go(f"{address}/review")
    for radio in mine.page.locator("input[type=radio][value='1']").all():
        radio.check()
    org = review.applicants[0]
    mine.page.locator(f"input[name='passed-{org}-C1'][value='0']").check()
    mine.page.locator(f"input[name='reason-{org}-C1']").fill("资质证书已过有效期")
    mine.page.get_by_role("button", name="核对审查意见").click()
    mine.see("待签署的审查意见")
    look(stage, pool[1], {"15-round-review": f"{address}/review"})
    mine.sign("签署审查意见")
    for who in review.reviewers[1:]:
        review.sign(who, {org: {"C1": "资质证书已过有效期"}})
    look(stage, world.tenderer, {"15-round-result": f"{address}/result", "15-round-tenderer": address})
    tenderer.go(f"{address}/result").sign("签署审查结果")
    failed = next(firm for firm in firms if firm.org == org)
    passed = next(firm for firm in firms[:4] if firm.org != org)
    look(stage, failed, {"15-letter-failed": address})
    look(stage, passed, {"15-letter-passed": address})
    review.noticed()
    look(stage, passed, {"15-invited": f"/lots/{world.number}/invitation", "15-lot-prequalified": f"/lots/{world.number}"})
    outsider = stage.come(failed)
    answer = outsider.page.goto(f"{stage.url}/lots/{world.number}")
    assert answer is not None and answer.status == 403
    bidder = stage.come(passed, device=True).go(f"/lots/{world.number}/invitation")
    bidder.sign("确认参加")
    bidder.see("已确认参加")

"""The pages of who may bid: there in both sizes and languages, and their signatures are made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel.calendar import BEIJING
from core.settings import Settings
from tests.browser.stage import Stage, staged
from tests.browser.test_pages_accessible import look
from tests.builders import consortia
from tests.builders.bids import hall
from tests.builders.invitations import inviting
from tests.builders.trading import DAY, NO_CASE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


def test_a_lot_by_invitation_from_its_draft_to_the_answers(stage: Stage) -> None:
    world = replace(stage.tender, case=NO_CASE)
    firms = world.join_bidders(4)
    world.registered()
    world.fix_plan()
    world.publish_document()
    draft = f"/lots/{world.number}/notice"
    agency = stage.come(world.agency).go(draft)
    agency.page.get_by_role("radio", name="邀请招标").check()
    release = (world.now + timedelta(hours=1)).astimezone(BEIJING)
    fields = {
        "release_at": f"{release:%Y-%m-%dT%H:%M}",
        "deadline": f"{release + 25 * DAY:%Y-%m-%dT%H:%M}",
        "approval": "临发改审〔2026〕91号",
    }
    fields |= {"explanation": "盾构穿越既有地铁，技术复杂。", "invitees": "\n".join(firm.uscc for firm in firms[:3])}
    for name, value in fields.items():
        agency.page.locator(f"#f-{name}").fill(value)
    agency.page.locator("#f-reason").select_option("few")
    agency.page.get_by_role("button", name="保存并核对").click()
    agency.see("受邀请单位")
    look(stage, world.agency, {"13-invitation-draft": draft})
    inviting(world, firms[:3]).publish_notice()
    letter = f"/lots/{world.number}/invitation"
    look(stage, None, {"13-notice-invited": f"/notices/{world.number}-N1", "13-notices-invited": "/notices"})
    look(stage, firms[0], {"13-letter": letter, "13-lot-invited": f"/lots/{world.number}"})
    look(stage, world.tenderer, {"13-invitees": letter})
    invitee = stage.come(firms[0], device=True).go(letter)
    invitee.sign("确认参加")
    invitee.see("已确认参加")
    outsider = stage.come(firms[3])
    answer = outsider.page.goto(f"{stage.url}/lots/{world.number}")
    assert answer is not None and answer.status == 403
    outsider.see("只向受邀请的单位开放")


def test_a_consortium_from_its_draft_to_its_desk(stage: Stage) -> None:
    world = replace(stage.tender, case=NO_CASE, bidders=[])
    room = hall(world, stage.hall.folder / "two", consortium_members=3)
    room.files = stage.hall.files
    a, b = world.join_bidders(2)
    address = f"/lots/{world.number}/consortium"
    lead = stage.come(a, device=True).go(address)
    for place, (firm, share, duty) in enumerate(((a, "60", "土建工程"), (b, "40", "机电安装"))):
        for name, value in (("uscc", firm.uscc), ("share", share), ("duty", duty)):
            lead.page.locator(f"#f-{name}-{place}").fill(value)
    lead.page.get_by_role("button", name="保存并核对").click()
    lead.see("待签署的联合体协议")
    look(stage, a, {"14-consortium-draft": address, "14-lot": f"/lots/{world.number}"})
    registration = consortia.register(world, (a, b))
    look(stage, b, {"14-consortium-named": address})
    look(stage, a, {"14-bid-unsigned": f"/lots/{world.number}/bid"})
    consortia.say(world, b, "consortium.sign", registration)
    look(stage, a, {"14-consortium-formed": address, "14-bid-lead": f"/lots/{world.number}/bid"})
    look(stage, b, {"14-bid-member": f"/lots/{world.number}/bid"})

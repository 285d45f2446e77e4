"""Beside the bids an expert reads the tender document and what was clarified, calls the host, and loses nothing half typed to a reload,
a broken line, or what anybody else does meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
import typst
from playwright.sync_api import Browser, Page

from core.kernel.roles import Role
from core.settings import Settings
from evaluation.queries import rooms
from evaluation.queries.blind import codes_of
from tests.browser.accessibility import serious_findings
from tests.browser.people import until
from tests.browser.stage import NAMES, Stage, paper, staged
from tests.builders import bids, documents
from tests.builders.bids import pack
from tests.builders.discussion import say
from tests.builders.fees import Fees
from tests.builders.people import Person
from trading.domain.clarification import name_of

pytestmark = pytest.mark.browser
DRAWINGS = "施工附图.pdf"


@cache
def _sheet(words: str) -> bytes:
    """A document of one page."""
    made: bytes = typst.compile(f"= {words}".encode())
    return made


def _with_drawings(files: Any) -> dict[str, bytes]:
    found = {NAMES[name]: paper() for name in files}
    return found | ({DRAWINGS: _sheet("Cross section")} if "technical.pdf" in files else {})


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        monkeypatch.setattr(bids, "pack", lambda bid, files, room: pack(bid, _with_drawings(files), room))
        world, asking = made.tender, made.tender.crowd.join(Role.BIDDER, "第九建筑工程有限公司")
        documents.ask(world, asking, "是否组织踏勘？")
        documents.clarify(world, {"question": "是否组织踏勘？", "answer": "不组织，请自行踏勘。", "settles": [name_of("是否组织踏勘？")]})
        addendum = world.upload(_sheet("Addendum")) | {"name": "第一号补遗.pdf"}
        documents.amend(world, "补充管线迁改的计量规则。", files=[*documents.standing(world)["files"], addendum], affects_bids=False)
        made.hall.files.put(_sheet("Addendum"))
        made.opened()
        made.room.fill_pool(11)
        Fees(made.room).fix()
        made.room.scoring()
        yield made


def drawn(page: Page) -> None:
    page.locator(".viewer canvas").first.wait_for()


@pytest.mark.timeout(240)
def test_papers_are_read_beside_the_bids_and_nothing_half_typed_is_lost(stage: Stage) -> None:
    room = stage.room
    code, one, two = room.codes[0], *room.members[:2]
    chair = room.members[int(room.view(one).chair) - 1]
    desk = f"/lots/{room.number}/evaluation/bids/{code}"
    question = room.ask(code, who=chair, text="请说明第二章监测频率的依据。")
    seen, host = stage.come(two, device=True).go(desk), stage.come(stage.tender.centre).go(f"/lots/{room.number}/evaluation")
    page = seen.page
    drawn(page)

    # Notes in two files on one criterion: the reason names the files.
    _note(page, "监测频率合理")
    until(lambda: page.locator('[name="reasons.method"]').input_value() == "【引用 施工组织设计.pdf 第1页】")
    page.get_by_role("link", name=DRAWINGS).click()
    page.wait_for_url("**file=*")
    drawn(page)
    _note(page, "断面图缺标高")
    until(lambda: page.locator('[name="reasons.method"]').input_value() == f"【引用 施工组织设计.pdf 第1页；{DRAWINGS} 第1页】")
    page.locator('[data-crit="method"] [data-cites] a').get_by_text("第 1 页").click()
    page.wait_for_url("**page=1")
    drawn(page)

    # The tender document with its amendment opens in the same viewer, by the keyboard; beside a bid too.
    page.locator("h1").first.click()
    for panel in ("talkpanel", "askedpanel", "tenderpanel"):
        page.keyboard.press("t")
        page.locator(f"#{panel}").wait_for()
    page.get_by_text("补充管线迁改的计量规则。").wait_for()
    assert serious_findings(page) == []
    page.locator("#tenderpanel").get_by_role("link", name="第一号补遗.pdf").press("Enter")
    page.wait_for_url("**doc=*")
    drawn(page)
    page.get_by_text("摘要一致").wait_for()
    assert page.locator("#tenderpanel").is_visible() and page.get_by_role("button", name="批注", exact=True).count() == 0
    page.get_by_role("link", name=f"回到 {code}").click()
    drawn(page)
    page.get_by_label("同页对照").select_option(label="第一号补遗.pdf")
    page.locator("[data-pair-side] canvas").first.wait_for()
    page.get_by_label("同页对照").select_option("")

    # Clarifications of the document, and of the bidder, whose answer comes while one looks.
    page.get_by_role("tab", name="澄清").click()
    page.get_by_text("不组织，请自行踏勘。").wait_for()
    page.get_by_text("请说明第二章监测频率的依据。").wait_for()
    assert serious_findings(page) == []
    page.evaluate("window.untouched = true")

    # Half typed: a score, a reason, a message, a topic, a note. The chair answers nothing of it away.
    page.get_by_role("tab", name="技术评分").click()
    page.locator('[name="scores.duration"]').fill("1.5")
    page.locator('[name="reasons.duration"]').fill("节点计划只写")
    page.get_by_role("tab", name="讨论区").click()
    page.get_by_label("讨论消息").fill("第三章的监测频率")
    page.locator("h1").first.click()
    page.keyboard.press("n")
    page.get_by_label("内容").fill("未写明预警")
    page.keyboard.press("Escape")

    # Meanwhile: another signs the whole sheet, a message comes in, a bidder answers, the host registers a break.
    room.submit(one if one is not chair else room.members[2])
    say(room, chair, "请各位注意第三章")
    room.answer_question(_bidder(stage, code), question, text="按规范取值。")
    Fees(room).rest(stage.tender.now - timedelta(seconds=2), stage.tender.now - timedelta(seconds=1))
    page.locator("#talk").get_by_text("请各位注意第三章").wait_for()
    page.get_by_role("tab", name="澄清").click()
    page.get_by_text("按规范取值。").wait_for()
    _is_there(page)
    assert seen.stayed

    # The line breaks, and the page is loaded anew: all of it stands there again.
    page.context.set_offline(True)
    page.get_by_role("tab", name="技术评分").click()
    page.locator('[name="reasons.duration"]').fill("节点计划只写到月")
    until(lambda: page.locator('[data-sheet-saved][data-state="local"]').count())
    page.context.set_offline(False)
    page.reload()
    drawn(page)
    _is_there(page, "节点计划只写到月")

    # The host is called by a press of H and Enter, and hears it under the code name at once.
    page.locator("h1").first.click()
    page.keyboard.press("h")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="已呼叫主持人").wait_for()
    me = room.view(two).me
    assert me is not None
    row = host.page.locator("tr", has_text="等待").filter(has_text=me.name)
    row.wait_for(timeout=5000)
    assert two.name not in host.page.content() and host.stayed
    assert serious_findings(host.page) == []
    row.get_by_role("button", name="已处理").click()
    page.locator("#hostcall").get_by_text("已处理").wait_for()
    _is_there(page, "节点计划只写到月")
    seen.said[:] = [line for line in seen.said if "INTERNET_DISCONNECTED" not in line]
    assert seen.quiet and host.quiet, (seen.said, host.said)


def _note(page: Page, text: str) -> None:
    """A note on the page in sight, bound to the first criterion."""
    page.locator("h1").first.click()
    page.keyboard.press("n")
    page.get_by_label("内容").fill(text)
    page.get_by_label("关联评分项").select_option("method")
    page.get_by_role("button", name="保存批注").click()
    page.locator("[data-note-dialog]:not([open])").wait_for(state="attached")


def _is_there(page: Page, reason: str = "节点计划只写") -> None:
    """All that was half typed stands where it was typed."""
    until(lambda: re.fullmatch(r"1\.5", page.locator('[name="scores.duration"]').input_value()))
    until(lambda: page.locator('[name="reasons.duration"]').input_value() == reason)
    until(lambda: page.locator("#talkpanel textarea").input_value() == "第三章的监测频率")
    page.locator("h1").first.click()
    page.keyboard.press("n")
    until(lambda: page.get_by_label("内容").input_value() == "未写明预警")
    page.keyboard.press("Escape")


def _bidder(stage: Stage, code: str) -> Person:
    """Whose bid that is; no page says so yet."""
    codes = stage.tender.door.read(lambda session: codes_of(session, cast("UUID", rooms.evaluation_id(session, stage.tender.lot_id))))
    found: Person = stage.room.bidder_of(codes[code])
    return found

"""The expert's workstation: long documents are read, searched, marked and compared, scored by the keyboard, and talked about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typst
from playwright.sync_api import Browser

from core.settings import Settings
from evaluation.queries import rooms
from tests.browser import stage as staging
from tests.browser.accessibility import serious_findings
from tests.browser.people import until
from tests.browser.stage import Stage, staged
from tests.builders.people import Person

pytestmark = pytest.mark.browser
PAGES = 243


@cache
def long_paper() -> bytes:
    """A construction plan of 243 pages in Chinese, with headings for its contents; on page 86 a word is broken by the end of the page."""
    parts = ['#set page(width: 21cm, height: 29.7cm)\n#set text(font: "Noto Sans CJK SC", size: 12pt, lang: "zh")\n']
    for page in range(1, PAGES + 1):
        head = f"= {page // 60 + 1} 施工方案\n" if page % 60 == 1 else f"== 第{page}节\n"
        words = "采用钻孔灌注桩加两道钢筋混凝土内支撑，桩外设三轴搅拌桩止水帷幕。" if page == 86 else "按施工组织设计执行，逐层验收。"
        parts.append(f"{head}{words}\n" + ("#pagebreak()\n" if page < PAGES else ""))
    made: bytes = typst.compile("".join(parts).encode())
    return made


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(staging, "paper", long_paper)
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        made.opened()
        made.room.fill_pool(11)
        made.room.scoring()
        yield made


def desk(stage: Stage, place: int = 0) -> str:
    return f"/lots/{stage.room.number}/evaluation/bids/{stage.room.codes[place]}"


def drafted(stage: Stage, who: Person) -> dict[str, str]:
    """What the platform holds of that member's scores of the first bid."""
    return dict(stage.tender.door.read(lambda session: rooms.own_sheet(session, who.actor, stage.room.number)).rows[0].scores)


@pytest.mark.timeout(180)
def test_an_expert_reads_marks_compares_scores_and_talks(stage: Stage) -> None:
    one, two = stage.room.members[:2]
    seen, other = stage.come(one, device=True), stage.come(two)
    other.go(desk(stage)).page.locator(".viewer canvas").first.wait_for()
    other.page.locator('[name="scores.method"]').fill("1")
    page = seen.go(desk(stage)).page
    page.locator(".viewer canvas").first.wait_for()

    # Only what is in sight is drawn; the contents lead to their pages; words are found on every page.
    assert page.locator(".pdfpage").count() == PAGES and page.locator(".pdfpage canvas:not(.wm)").count() < 13
    page.locator("[data-outline]").get_by_text("第86节").click()
    until(lambda: page.get_by_label("页码").first.input_value() == "86")
    page.keyboard.press("/")
    page.keyboard.type("内支撑，桩外设")
    page.keyboard.press("Enter")
    page.get_by_text("1 / 1 处").wait_for()
    until(lambda: page.evaluate("CSS.highlights.get('pdf-now')?.size === 1"))
    page.get_by_label("在文件中查找").fill("逐层验收")
    page.keyboard.press("Enter")
    until(lambda: page.locator("[data-hit]").count() == 200)  # the first of many are listed
    page.get_by_label("在文件中查找").fill("")
    page.get_by_label("在文件中查找").blur()

    # A bookmark, and a note on selected words bound to a criterion: it stands in the sheet and in the reason that is signed.
    page.get_by_label("页码").first.fill("86")
    page.get_by_label("页码").first.press("Enter")
    page.locator(".textLayer span", has_text="钻孔灌注桩").first.wait_for()
    page.get_by_label("页码").first.blur()
    page.keyboard.press("b")
    page.locator("[data-bookmarks]").get_by_text("第 86 页").wait_for()
    page.keyboard.press("j")
    page.locator(":focus").blur()
    page.evaluate(
        "getSelection().selectAllChildren([...document.querySelectorAll('.textLayer span')].find((s) => s.textContent.includes('灌注桩')))"
    )
    page.keyboard.press("n")
    page.get_by_label("内容").fill("未说明与既有雨水管交叉处的处理")
    page.get_by_role("button", name="保存批注").click()
    page.locator('[data-crit="method"] [data-cites]').get_by_text("第 86 页").wait_for()
    assert page.locator('[name="reasons.method"]').input_value() == "【引用 第86页】"
    until(lambda: page.locator(".pdfpage .notecard").count() == 1)
    assert other.page.evaluate(f"fetch('/api/v1/lots/{stage.room.number}/evaluation/notes').then((r) => r.json())") == {"notes": []}

    # Two bids on the same page: turning one turns the other until they are let go.
    page.get_by_label("同页对照").select_option(index=1)
    page.locator("[data-pair-side] canvas").first.wait_for()
    second = page.locator("[data-pair-side] [data-pdf-page-box]")
    until(lambda: second.input_value() == "86")
    page.get_by_role("button", name="下一页").first.click()
    until(lambda: second.input_value() == "87")
    page.get_by_role("button", name="同步翻页").click()
    page.get_by_role("button", name="下一页").first.click()
    assert second.input_value() == "87"
    page.get_by_label("同页对照").select_option("")

    # By the keyboard alone: a digit, a step, the next open item, help.
    page.locator("h1").first.click()
    page.keyboard.press("g")
    page.keyboard.type("7.5")
    page.keyboard.press("Enter")
    page.keyboard.press("+")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("heading", name="快捷键").wait_for()
    assert serious_findings(page) == []
    page.keyboard.press("Escape")

    # The committee talks; what the other has half filled in stays as it is, and only a member hears.
    page.get_by_role("tab", name="讨论区").click()
    page.get_by_label("讨论消息").fill("方案我打 7 分，各位看法如何？")
    assert page.locator("[data-say-warning][data-hot]").count() == 1
    page.get_by_label("讨论消息").fill("第二项的工期是否含备用时间？")
    assert page.locator("[data-say-warning][data-hot]").count() == 0
    page.get_by_role("button", name="签名并发送").click()
    page.locator("[data-said='1']").wait_for()
    assert serious_findings(page) == []
    other.page.locator("[data-talk-new]").get_by_text("1", exact=True).wait_for()
    other.page.locator("#talknewest").get_by_text("备用时间").wait_for()
    assert other.page.locator('[name="scores.method"]').input_value() == "1" and other.stayed
    page.get_by_role("tab", name="技术评分").click()

    # A second window of the same seat: both are told, and neither writes over what the other has written since.
    twin = page.context.new_page()
    twin.goto(stage.url + desk(stage))
    twin.get_by_text("本席位在另一个窗口也打开了这份评分表").wait_for()
    page.locator('[name="scores.team"]').fill("5.5")
    until(lambda: drafted(stage, one).get("team") == "5.5")
    twin.locator('[name="scores.credit"]').fill("3.5")
    until(lambda: drafted(stage, one).get("credit") == "3.5")
    assert drafted(stage, one)["team"] == "5.5" and twin.locator('[name="scores.team"]').input_value() == "5.5"
    assert seen.quiet and other.quiet, (seen.said, other.said)

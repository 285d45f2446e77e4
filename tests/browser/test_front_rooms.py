"""A room in a real browser: streams without gaps, score sheets that save themselves, documents that can be read and searched."""

from __future__ import annotations

import typst
from flask_socketio import SocketIO
from playwright.sync_api import Browser, Page

from tests.browser.chromium import open_page
from tests.browser.front_app import State
from tests.browser.people import comes, until


def test_a_gap_in_the_stream_is_noticed_and_closed_over_http(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    url, sockets = front
    page.goto(f"{url}/p/live")
    comes(page, "document.querySelector('[data-live-room]').liveRoom?.joinedOnce === true")
    page.evaluate("window.heard = []; document.addEventListener('gh:entry', ({detail}) => heard.push(detail.seq))")
    page.get_by_label("备注").fill("写到一半")

    def happen(kind: str, is_pushed: bool) -> None:
        entry = {"seq": len(state.events) + 1, "kind": kind, "at": "2026-11-24T01:30:00.000Z", "data": {}}
        state.events.append(entry)
        if is_pushed:
            sockets.emit("entry", entry, namespace="/opening", to="all")

    happen("release", True)
    happen("release", False)
    happen("opened", False)
    happen("release", True)
    comes(page, "heard.length === 4")
    assert page.evaluate("heard") == [1, 2, 3, 4]
    assert state.caught_up == 1
    comes(page, "document.querySelector('#n').textContent === '4'")
    assert page.get_by_label("备注").input_value() == "写到一半", "a fragment that comes in never resets a half-filled field"


def test_a_page_that_is_told_to_be_behind_asks_for_what_it_has_missed(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    url, sockets = front
    page.goto(f"{url}/p/live")
    comes(page, "document.querySelector('[data-live-room]').liveRoom?.joinedOnce === true")
    page.evaluate("window.heard = []; document.addEventListener('gh:entry', ({detail}) => heard.push(detail.seq))")
    for seq in (1, 2, 3):
        state.events.append({"seq": seq, "kind": "release", "at": "2026-11-24T01:30:00.000Z", "data": {}})
    sockets.emit("behind", namespace="/opening", to="all")
    comes(page, "heard.length === 3")
    assert page.evaluate("heard") == [1, 2, 3]


def test_a_score_sheet_saves_drafts_and_takes_keys(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    page.goto(f"{front[0]}/p/sheet")
    comes(page, "Boolean(document.querySelector('[data-score-sheet]').sheet)")
    page.locator("body").press("j")
    page.keyboard.type("5.5")
    page.keyboard.press("j")
    page.keyboard.press("Alt+2")
    assert page.locator("[data-sheet-total]").text_content() == "12.0"
    until(lambda: state.drafts and state.drafts[-1]["scores"] == {"A": "5.5", "B": "6.5"})
    page.get_by_text("已自动保存").wait_for()
    page.locator("[name='scores.A']").fill("6.2")
    page.get_by_text("请填写 0 到 6 之间的分数").wait_for()


def test_a_document_is_shown_with_its_watermark_and_words_are_found(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    pages = "".join(f"第{number}页 深基坑支护方案\n#pagebreak()\n" for number in range(1, 6))
    text = f'#set page(width: 300pt, height: 400pt)\n#set text(font: "Noto Sans CJK SC")\n{pages}'
    state.files["bid.pdf"] = typst.compile(text.encode())
    page.goto(f"{front[0]}/p/pdf")
    page.locator(".pdfpage canvas.wm").first.wait_for(state="attached")
    page.get_by_text("深基坑").first.wait_for(state="attached")
    page.get_by_label("在文件中查找").fill("支护")
    page.get_by_label("在文件中查找").press("Enter")
    page.get_by_text("1 / 5 处").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("2 / 5 处").wait_for()
    until(lambda: page.get_by_label("页码").input_value() == "2")


def test_a_document_that_is_not_the_opened_one_is_not_shown(browser: Browser, front: tuple[str, SocketIO], state: State) -> None:
    page, _ = open_page(browser)  # the console tells of the refusal
    state.files["bid.pdf"], state.claimed_sha256 = b"%PDF-1.7 another", "ab" * 32
    page.goto(f"{front[0]}/p/pdf")
    page.locator("[data-pdf-sha256]").get_by_text("摘要不符").wait_for()
    page.get_by_text("请停止评审并联系主持人").wait_for()
    page.context.close()

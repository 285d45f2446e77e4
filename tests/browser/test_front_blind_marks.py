"""Marks of blind bids in the browser: those that the offline sealer finds, and a marked bid is sealed only on demand."""

from __future__ import annotations

from flask_socketio import SocketIO
from playwright.sync_api import Page

from core.kernel.blind import BlindRules, words_of
from core.kernel.encoding import b64
from tests.browser.front_app import State
from tests.browser.people import enrol
from tests.browser.test_front_sealing import TRUST_ALL, lot_file
from tests.builders.blind_papers import FIRM, MARKED, USCC, clean

RULES = BlindRules(fonts=("宋体",)).to_json()
WORDS = list(words_of(FIRM, USCC))
MARKS = """async ([papers, rules, words]) => {
  const { lookAt } = await import("/static/js/blind-look.js");
  const { marksOf } = await import("/static/js/blind-marks.js");
  const found = {};
  for (const [name, text] of Object.entries(papers)) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    found[name] = marksOf(await lookAt(new Blob([bytes])), rules, words).map(({ kind, pages }) => [kind, pages]);
  }
  return found;
}"""


def test_the_browser_finds_the_marks_that_the_offline_sealer_finds(page: Page, front: tuple[str, SocketIO]) -> None:
    page.goto(f"{front[0]}/p/devices")
    papers = {"a clean paper": b64(clean())} | {name: b64(make()) for name, (_, _, make) in MARKED.items()}
    expected = {"a clean paper": []} | {name: [[kind, list(pages)]] for name, (kind, pages, _) in MARKED.items()}
    assert page.evaluate(MARKS, [papers, RULES, WORDS]) == expected


def test_a_marked_blind_bid_is_told_when_chosen_and_sealed_only_on_demand(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    url = front[0]
    enrol(page, url, state)
    state.lot_file, _ = lot_file()
    state.blind, state.words = dict(RULES), WORDS
    page.route("**/js/lot-trust.js", lambda route: route.fulfill(body=TRUST_ALL, content_type="text/javascript"))
    page.goto(f"{url}/p/desk")
    part = page.locator('[data-envelope="technical"]')

    def choose(name: str, paper: bytes) -> None:
        part.locator("[data-seal-files]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": paper})

    choose("华建工程.pdf", MARKED["a picture"][2]())
    part.get_by_text("第 3 页：有图片").wait_for()
    part.get_by_text("文件名中有“华建工程”").wait_for()
    page.get_by_label("报价").fill("1.00")
    with page.expect_download():
        page.get_by_role("button", name="下载恢复密钥").click()
    page.get_by_role("button", name="加密并上传").click()
    page.get_by_role("button", name="取消", exact=True).click()
    assert not state.uploads, "nothing is sealed unless its bidder says so"

    choose("技术标.pdf", clean())
    part.get_by_text("没有发现可能暴露身份的标记").wait_for()
    page.get_by_role("button", name="加密并上传").click()
    page.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).wait_for()
    assert len(state.uploads) == 1

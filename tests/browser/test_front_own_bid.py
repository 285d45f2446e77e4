"""One's own sealed bid, compared with the receipt and read again on the device; what the platform keeps is ciphertext all the while."""

from __future__ import annotations

from pathlib import Path

from flask_socketio import SocketIO
from playwright.sync_api import Browser, Page

from tests.browser.accessibility import serious_findings
from tests.browser.chromium import open_page
from tests.browser.front_app import State
from tests.browser.people import enrol
from tests.browser.stage import paper
from tests.browser.test_front_sealing import TRUST_ALL, lot_file


def sealed(page: Page, url: str, state: State, files: dict[str, bytes]) -> bytes:
    """Has a bid of these files sealed and submitted on the desk; gives the recovery key's file."""
    enrol(page, url, state)
    state.lot_file, _ = lot_file()
    page.route("**/js/lot-trust.js", lambda route: route.fulfill(body=TRUST_ALL, content_type="text/javascript"))
    page.goto(f"{url}/p/desk")
    chosen = [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files.items()]
    page.locator("[data-seal-files]").set_input_files(chosen)  # type: ignore[arg-type]
    page.get_by_label("报价").fill("178,965,423.1")
    page.get_by_label("工期").fill("540 天")
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="下载恢复密钥").click()
    page.get_by_role("button", name="加密并上传").click()
    page.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).click()
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("已递交，平台已签收").first.wait_for()
    return Path(downloaded.value.path()).read_bytes()


def test_a_sealed_bid_is_compared_and_previewed_on_its_bidders_device(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    files = {"施工组织设计.pdf": paper(), "清单/大.bin": bytes(range(256)) * 40_000}
    recovery = sealed(page, front[0], state, files)
    own = page.locator("[data-own-bid]")
    upload, body = state.sealed["technical"]
    own.get_by_role("button", name="比对密文").click()
    own.get_by_text(f"与回执一致：{body['ct_size']:,} 字节，SHA-256 {body['ct_sha256']}").wait_for()

    own.get_by_role("button", name="本机解密预览").click()
    own.get_by_text("540 天").wait_for()
    own.get_by_text("178965423.10").wait_for()
    own.get_by_role("button", name="查看").click()
    own.locator(".textLayer").get_by_text("Twenty rings of shield segments.").wait_for()
    with page.expect_download() as saved:
        own.get_by_role("listitem").filter(has_text="大.bin").last.get_by_role("button", name="保存").click()
    assert Path(saved.value.path()).read_bytes() == files["清单/大.bin"]
    assert serious_findings(page) == []

    page.reload()
    own.locator('[data-own-file="recovery"]').set_input_files({"name": "k.txt", "mimeType": "text/plain", "buffer": recovery})
    own.get_by_text("540 天").wait_for()
    copy = {"name": "a.age", "mimeType": "application/octet-stream", "buffer": bytes(state.uploads[upload])}
    own.locator('[data-own-file="file"]').set_input_files(copy)  # type: ignore[arg-type]
    own.get_by_text("与回执一致").wait_for()


def test_a_ciphertext_that_changed_is_told_and_not_shown(browser: Browser, front: tuple[str, SocketIO], state: State) -> None:
    page, _ = open_page(browser)
    sealed(page, front[0], state, {"a.bin": bytes(300_000)})
    own, upload = page.locator("[data-own-bid]"), state.uploads[state.sealed["technical"][0]]
    upload[-1] ^= 1
    own.get_by_role("button", name="比对密文").click()
    own.get_by_text("与回执不符").wait_for()
    own.get_by_role("button", name="本机解密预览").click()
    own.get_by_text("密文未能解密，可能已损坏").wait_for()
    assert own.locator("dd").count() == 0
    page.context.close()

"""Files sealed in a real browser: strangers' tools open them, a broken line costs nothing, the bidder's own key releases them."""

from __future__ import annotations

import io
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pyrage
from flask_socketio import SocketIO
from playwright.sync_api import Browser, Page

from core.kernel import parcel, sealing
from core.kernel.age import Identity, new_identity
from core.kernel.dsse import read_envelope
from core.kernel.encoding import b64, sha256
from core.kernel.sealing import Place
from core.kernel.signing import open_statement
from tests.browser.chromium import open_page
from tests.browser.front_app import ORG, PERSON, State
from tests.browser.people import enrol, statement_of


def lot_file() -> tuple[dict[str, Any], dict[str, Identity]]:
    """A lot file without escrow certificates, and one key per office."""
    offices = {role: new_identity() for role in sealing.ROLES}
    return {"escrow": "required", "offices": {role: [{"recipient": key.recipient}] for role, key in offices.items()}}, offices


TRUST_ALL = """export async function trustedOffices(lot) {
  return Object.fromEntries(Object.entries(lot.offices).map(([role, keys]) => [role, keys.map((key) => key.recipient)]));
}"""


ON_SHELF = """async () => {
  const names = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
  return names;
}"""


def choose_files(page: Page, url: str) -> dict[str, bytes]:
    """Opens the desk, fills it in, and takes the recovery key; gives the files chosen."""
    page.route("**/js/lot-trust.js", lambda route: route.fulfill(body=TRUST_ALL, content_type="text/javascript"))
    page.goto(f"{url}/p/desk")
    files = {"施工组织设计.pdf": b"%PDF-1.7 " + bytes(range(256)) * 9000, "a-清单.xlsx": b"PK" * 40_000}
    chosen = [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files.items()]
    page.locator("[data-seal-files]").set_input_files(chosen)  # type: ignore[arg-type]
    page.get_by_label("报价").fill("178,965,423.1")
    page.get_by_label("工期").fill("540 天")
    return files


def test_a_bid_sealed_in_the_worker_opens_with_its_key_and_with_two_shares(
    page: Page, front: tuple[str, SocketIO], state: State, tmp_path: Path
) -> None:
    url = front[0]
    key = enrol(page, url, state)
    state.lot_file, offices = lot_file()
    files = choose_files(page, url)
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="下载恢复密钥").click()
    recovery_file = Path(downloaded.value.path()).read_text()
    page.get_by_role("button", name="加密并上传").click()
    page.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).click()
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("已递交，平台已签收").first.wait_for()

    said = open_statement(read_envelope(state.posted[-1][1]["seals"][0]["envelope"]), key)
    posted = state.posted[-1][1]["seals"][0]
    ciphertext = bytes(state.uploads[posted["upload"]])
    body = sealing.read_seal_body(said.body)
    assert (body.ct_sha256, body.ct_size, body.env, body.ver) == (sha256(ciphertext).hex(), len(ciphertext), "technical", 1)

    recovery = pyrage.x25519.Identity.from_str(recovery_file.splitlines()[-1])
    secret = pyrage.decrypt(b64decode(posted["bidder_box"]), [recovery]).decode()
    plain = pyrage.decrypt(ciphertext, [pyrage.x25519.Identity.from_str(secret)])
    read = parcel.read_envelope(io.BytesIO(plain))
    assert read.bid == {"items": {"period": "540 天"}, "price": "178965423.10"}
    assert {file.name: file.sha256 for file in read.files} == {name: sha256(data).hex() for name, data in files.items()}

    packed = io.BytesIO()
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    parcel.pack_envelope(read.bid, {name: tmp_path / name for name in files}, packed)
    assert plain == packed.getvalue(), "the browser's archive is byte for byte ours"

    place = Place("T2026-000418", "1", "technical", 1, ORG)
    boxes = {box["role"]: b64decode(box["box"]) for box in posted["share_boxes"]}
    shares = {
        role: sealing.open_share_box(boxes[role], offices[role], place, body.bid_pub, body.share(role)) for role in ("centre", "supervisor")
    }
    assert sealing.rescue(shares, body).secret == secret


def test_a_broken_line_and_a_closed_tab_cost_nothing(browser: Browser, front: tuple[str, SocketIO], state: State) -> None:
    url = front[0]
    page, _ = open_page(browser)
    enrol(page, url, state)
    state.broken_parts = 1000
    state.lot_file, _ = lot_file()
    choose_files(page, url)
    with page.expect_download():
        page.get_by_role("button", name="下载恢复密钥").click()
    page.get_by_role("button", name="加密并上传").click()
    page.locator("#netline").get_by_text("中断").wait_for()
    state.broken_parts = 0
    page.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).wait_for()
    (kept,) = page.evaluate(ON_SHELF)
    page.evaluate("async (name) => (await navigator.storage.getDirectory()).getFileHandle(name, { create: true })", f"{kept}.half.age")
    page.reload()
    page.get_by_text("本机存有未完成的密封").first.wait_for()
    assert page.evaluate(ON_SHELF) == [kept], "what a tab left in the middle of an encryption is taken away, what was finished stays"
    page.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).click()
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("已递交，平台已签收").first.wait_for()
    assert len(state.uploads) == 1


def test_the_device_key_opens_its_own_box_and_the_release_is_signed(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    url = front[0]
    key = enrol(page, url, state)
    recipient = page.evaluate("async (account) => (await (await import('/static/js/devices.js')).device(account)).recipient", PERSON)
    bid_key = new_identity()
    box = sealing.encrypt(bid_key.secret.encode(), [recipient])
    state.boxes["technical"] = {"env": "technical", "ver": 1, "bid_pub": bid_key.recipient, "box": b64(box)}
    page.goto(f"{url}/p/desk")
    page.get_by_role("button", name="用本机密钥解密").click()
    assert bid_key.secret not in (page.locator("[data-view-text]").text_content() or "")
    with page.expect_navigation():
        page.get_by_role("button", name="签名并提交").click()
    said = statement_of(state, key)
    assert said.body == {"env": "technical", "ver": 1, "bid_pub": bid_key.recipient, "method": "bidder", "secret": bid_key.secret}


def test_a_recovery_key_file_opens_the_box_and_a_wrong_one_is_told(browser: Browser, front: tuple[str, SocketIO], state: State) -> None:
    page, _ = open_page(browser)
    key = enrol(page, front[0], state)
    bid_key, recovery, stranger = new_identity(), new_identity(), new_identity()
    box = sealing.encrypt(bid_key.secret.encode(), [recovery.recipient])
    state.boxes["technical"] = {"env": "technical", "ver": 1, "bid_pub": bid_key.recipient, "box": b64(box)}
    page.goto(f"{front[0]}/p/desk")

    def give(identity: Identity) -> None:
        text = f"# 恢复密钥\n{identity.secret}\n".encode()
        page.locator("[data-release-recovery]").set_input_files({"name": "recovery.txt", "mimeType": "text/plain", "buffer": text})

    give(stranger)
    page.get_by_text("这把密钥打不开此标段的投标文件").wait_for()
    give(recovery)
    with page.expect_navigation():
        page.get_by_role("button", name="签名并提交").click()
    assert statement_of(state, key).body["secret"] == bid_key.secret
    page.context.close()


def offline_set(ver: int = 1) -> list[dict[str, Any]]:
    """What the offline sealer leaves for one envelope, as files to choose."""
    target = io.BytesIO()
    offices = {role: [new_identity().recipient] for role in sealing.ROLES}
    place = Place("T2026-000418", "1", "technical", ver, ORG)
    sealed = sealing.seal(io.BytesIO(b"plain"), target, place, offices=offices, bidder=[new_identity().recipient], client_build="offline")
    note = {
        "format": "gongheng/sealed/v1",
        "case": place.case,
        "lot": place.lot,
        "bidder": place.bidder,
        "ver": ver,
        "statements": [{"type": "seal", "case": place.case, "lot": place.lot, "round": 0, "body": dict(sealed.body)}],
        "boxes": {"technical": {"bidder": b64(sealed.box), "shares": {share.role: b64(share.box) for share in sealed.shares}}},
        "files": {"technical": "technical.age"},
    }
    contents = {"sealed.json": json.dumps(note).encode(), "technical.age": target.getvalue()}
    return [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in contents.items()]


def test_a_set_of_the_offline_sealer_is_checked_uploaded_and_signed(browser: Browser, front: tuple[str, SocketIO], state: State) -> None:
    page, _ = open_page(browser)
    key = enrol(page, front[0], state)
    page.goto(f"{front[0]}/p/desk")
    page.get_by_text("使用离线密封工具").click()
    chooser = page.locator("[data-seal-ready]")
    chooser.set_input_files(offline_set(ver=7))  # type: ignore[arg-type]
    page.get_by_text("不是为本标段、本单位的第 1 版密封的").wait_for()
    files = offline_set()
    chooser.set_input_files([files[0], files[1] | {"buffer": files[1]["buffer"][:-1]}])  # type: ignore[arg-type]
    page.get_by_text("与其摘要不符").wait_for()
    chooser.set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="加密并上传").click()
    page.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).click()
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("已递交，平台已签收").first.wait_for()
    posted = state.posted[-1][1]["seals"][0]
    said = open_statement(read_envelope(posted["envelope"]), key)
    assert sha256(bytes(state.uploads[posted["upload"]])).hex() == said.body["ct_sha256"]
    assert said.body == json.loads(files[0]["buffer"])["statements"][0]["body"]
    page.context.close()

"""Keys are made in a real browser, and what they sign passes every check of ours."""

from __future__ import annotations

import json
from base64 import b64decode

from flask_socketio import SocketIO
from playwright.sync_api import Browser, Page

from core.kernel.encoding import sha256
from core.kernel.signing import KeyRecord
from core.kernel.webauthn import RelyingParty
from tests.browser.chromium import open_page
from tests.browser.front_app import PERSON, State
from tests.browser.people import enrol, statement_of


def test_a_device_key_is_made_enrolled_and_cannot_be_exported(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    key = enrol(page, front[0], state)
    assert state.keys == [{"key_id": key.key_id, "kind": "es256"}]
    page.reload()
    page.get_by_text(f"密钥 {key.key_id[:8]}").wait_for()
    exported = page.evaluate(
        """async (account) => {
          const mine = await (await import('/static/js/devices.js')).device(account);
          return crypto.subtle.exportKey('pkcs8', mine.signing.privateKey).then(() => 'exported', (fault) => fault.name);
        }""",
        PERSON,
    )
    assert exported == "InvalidAccessError"


def test_an_act_is_signed_over_exactly_what_was_shown(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    key = enrol(page, front[0], state)
    state.prev = "ab" * 32
    page.goto(f"{front[0]}/p/act")
    page.get_by_role("button", name="开始开标").click()
    shown = page.locator("[data-view-text]").text_content()
    assert shown == "开标开始\n滨江路 综合管廊 A3 标段"
    page.get_by_text("开始后不能撤回").wait_for()
    page.get_by_label("登录密码").fill("secret-word")
    page.get_by_role("button", name="签名并提交").click()
    page.locator("#toasts").get_by_text("已签名提交").wait_for()
    said = statement_of(state, key)
    assert (said.type, said.case, said.lot, said.round, said.prev) == ("opening.start", "T2026-000418", "1", 2, "ab" * 32)
    assert said.body == {"close_sha256": "cd", "count": 3}
    assert said.view_sha256 == sha256(shown.encode()).hex()
    assert said.step_up == "password+device"
    assert state.posted[-1][1]["password"] == "secret-word"


def test_fields_of_a_form_become_a_typed_body_and_faults_stand_beside_them(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    key = enrol(page, front[0], state)
    page.goto(f"{front[0]}/p/form")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("请填写整数").wait_for()
    assert state.posted == []
    page.get_by_label("人数").fill("7")
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_role("button", name="签名并提交").click()
    page.locator("#toasts").get_by_text("已签名提交").wait_for()
    assert statement_of(state, key).body == {
        "fixed": "x",
        "title": "Ａ标段",
        "price": 18642000050,
        "days": 3,
        "release_at": "2026-11-24T01:30:00.000Z",
        "reasons": ["一", "二"],
        "agreed": True,
        "plan": {"members": 7},
    }


def test_a_stale_act_is_signed_once_more_with_the_right_predecessor(browser: Browser, front: tuple[str, SocketIO], state: State) -> None:
    page, _ = open_page(browser)  # the console tells of the 409
    key = enrol(page, front[0], state)
    state.stale_once = "ef" * 32
    page.goto(f"{front[0]}/p/act")
    page.get_by_role("button", name="签到").click()
    page.get_by_role("button", name="签名并提交").click()
    page.locator("#toasts").get_by_text("已签名提交").wait_for()
    assert len(state.posted) == 2
    assert statement_of(state, key).prev == "ef" * 32


def test_a_refusal_is_said_beside_the_button(browser: Browser, front: tuple[str, SocketIO], state: State) -> None:
    page, _ = open_page(browser)
    enrol(page, front[0], state)
    state.refuse = {"status": 422, "code": "opening.late", "detail": "签到时间已过，请联系交易中心。", "article": "招标投标法 第三十五条"}
    page.goto(f"{front[0]}/p/act")
    page.get_by_role("button", name="签到").click()
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("签到时间已过，请联系交易中心。（招标投标法 第三十五条）").wait_for()
    page.get_by_role("button", name="签到").and_(page.locator(":enabled")).wait_for()


def test_an_authenticator_is_enrolled_and_signs_with_user_verification(page: Page, front: tuple[str, SocketIO], state: State) -> None:
    url = front[0]
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    enrol(page, url, state)
    page.get_by_role("button", name="登记安全密钥").click()
    page.get_by_label("登录密码").fill("secret-word")
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("已登记安全密钥").wait_for()
    rp = RelyingParty("localhost", url)
    posted = state.posted[-1][1]
    key = KeyRecord.from_spki(b64decode(json.loads(b64decode(posted["envelope"]["payload"]))["body"]["spki"]), "webauthn-es256")
    assert statement_of(state, key, rp).step_up == "webauthn"
    state.step_up = "webauthn"
    page.goto(f"{url}/p/act")
    page.get_by_role("button", name="开始开标").click()
    page.get_by_role("button", name="签名并提交").click()
    page.locator("#toasts").get_by_text("已签名提交").wait_for()
    said = statement_of(state, key, rp)
    assert (said.type, said.step_up, said.actor.key_id) == ("opening.start", "webauthn", key.key_id)

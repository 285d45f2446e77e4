"""What people do in a page, and what the small application has heard of it."""

from __future__ import annotations

import json
import time
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from core.kernel.dsse import read_envelope
from core.kernel.signing import KeyRecord, Statement, open_statement
from core.kernel.webauthn import RelyingParty
from tests.browser.front_app import State


def until(holds: Callable[[], Any], seconds: float = 60) -> Any:
    """Waits for something to hold on our side."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to hold")


def comes(page: Page, expression: str) -> None:
    """Waits for an expression in the page; Playwright's own waiting wants an eval that the page's policy forbids."""
    until(lambda: page.evaluate(expression))


def enrol(page: Page, url: str, state: State) -> KeyRecord:
    """Makes and enrols a device key as a person does; gives its record from what was posted."""
    page.goto(f"{url}/p/devices")
    page.get_by_role("button", name="登记本机").click()
    page.get_by_label("登录密码").fill("secret-word")
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("本机已登记，可以签名了").wait_for()
    posted = state.posted.pop()[1]
    assert posted["password"] == "secret-word"
    body = json.loads(b64decode(posted["envelope"]["payload"]))["body"]
    return KeyRecord.from_spki(b64decode(body["spki"]), "es256")


def statement_of(state: State, key: KeyRecord, rp: RelyingParty | None = None) -> Statement:
    """The last act that was posted, every check of ours passed."""
    token, posted = state.posted[-1]
    assert token == "token-1"
    return open_statement(read_envelope(posted["envelope"]), key, rp)

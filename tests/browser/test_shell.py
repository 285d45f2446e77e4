"""The shell and every part in a real browser: accessible, as wide as a phone, and silent under the strict policy."""

from __future__ import annotations

import json

import pytest
from flask_socketio import SocketIO
from playwright.sync_api import Browser, Page

from tests.browser.accessibility import serious_findings
from tests.browser.chromium import open_page


@pytest.mark.parametrize("width", [1440, 390, 360])
@pytest.mark.parametrize("look", ["", "elder", "high"])
def test_the_style_guide_has_no_serious_accessibility_finding_and_fits(
    browser: Browser, front: tuple[str, SocketIO], width: int, look: str
) -> None:
    page, said = open_page(browser, width)
    chosen = {"elder": {"elder": "1"}, "high": {"contrast": "high"}}.get(look, {})
    page.context.add_init_script(f"localStorage.setItem('gh-prefs', '{json.dumps(chosen)}')")
    page.goto(f"{front[0]}/styleguide")
    page.locator(".countdown .u").first.wait_for()
    assert serious_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    page.context.close()


def test_menus_open_and_close_by_keyboard_and_preferences_stay(page: Page, front: tuple[str, SocketIO]) -> None:
    page.goto(f"{front[0]}/styleguide")
    page.get_by_role("button", name="显示设置").press("Enter")
    page.get_by_role("button", name="特大").click()
    page.get_by_role("button", name="高对比").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="特大").wait_for(state="hidden")
    page.reload()
    assert page.evaluate("({...document.documentElement.dataset})") == {"size": "huge", "contrast": "high"}


def test_a_plain_form_asks_once_with_the_name_of_the_thing(page: Page, front: tuple[str, SocketIO]) -> None:
    page.goto(f"{front[0]}/styleguide")
    page.get_by_role("button", name="注销设备").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("周敏的笔记本").wait_for()
    dialog.get_by_text("不能恢复").wait_for()
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert page.url.endswith("/styleguide")

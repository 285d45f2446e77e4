"""A newcomer's first five minutes in a real browser: joining, logging in, enrolling a device and an authenticator, signing out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app.factory import create_app
from core.identity.queries import certificates
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.browser.accessibility import serious_findings
from tests.browser.chromium import open_page
from tests.browser.real import at_home, listening
from tests.builders.people import PASSWORD, People, people, uscc_of

PAGES = ("/login", "/sign-up", "/role", "/me", "/me/devices")
ADMIN_PAGES = ("/admin/people", "/admin/people/new")
SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots" / "identity"


@pytest.fixture
def world(door: Door) -> People:
    """The people of the test."""
    return people(door)


@pytest.fixture
def site(settings: Settings, door: Door, browser: Browser) -> Iterator[str]:
    """The whole application at an address of its own."""
    with at_home(settings) as told, listening(create_app(replace(told, ticks=False), door), told.port, browser):
        yield told.origin


def log_in(page: Page, site: str, login: str) -> None:
    """By the form, as a person does."""
    page.goto(f"{site}/login?lang=zh&next=/me/devices")
    page.get_by_label("用户名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    with page.expect_navigation(url=re.compile(r"^[^?]*/me/devices$")):
        page.get_by_role("button", name="登录").click()


def agree(page: Page) -> None:
    """Looks at what is to be signed, gives the password, and signs."""
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=password]").fill(PASSWORD)
    dialog.locator("button.primary").click()


def test_a_device_and_an_authenticator_are_enrolled_by_their_owner(site: str, world: People, browser: Browser) -> None:
    who = world.join(Role.EXPERT, org="评标专家库", keys=False)
    page, said = open_page(browser)
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True, "hasResidentKey": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    log_in(page, site, who.login)
    for button, purpose in (("登记本机", "device"), ("登记验证器", "step-up")):
        page.get_by_role("button", name=button).click()
        with page.expect_response(lambda answer: answer.url.endswith("/api/v1/me/keys")) as answered:
            agree(page)
        assert answered.value.status == 201, answered.value.text()
        kept = who.door.read(lambda session: certificates.keys_of(session, who.person))
        assert kept[-1].purpose == purpose
    page.reload()
    assert page.locator("tr[data-key-id]").count() == 2
    assert [line for line in said if "pubKeyCredParams" not in line] == []
    page.context.close()


def test_a_bidder_joins_and_logs_in_without_help(site: str, browser: Browser) -> None:
    page, said = open_page(browser, 390, 844)
    page.goto(f"{site}/login?lang=zh")
    page.get_by_role("link", name="登记投标单位").click()
    page.get_by_label("单位名称").fill("江北建工有限公司")
    page.get_by_label("统一社会信用代码").fill(uscc_of("江北建工有限公司"))
    page.get_by_label("经办人姓名").fill("江涛")
    page.get_by_label("用户名").fill("jiang.tao")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登记").click()
    page.wait_for_url("**/login?next=/me/devices")
    log_in(page, site, "jiang.tao")
    assert page.get_by_text("还没有登记的密钥").is_visible()
    assert said == []
    page.context.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_pages_are_accessible_in_both_languages(site: str, world: People, browser: Browser, width: int, height: int) -> None:
    admin, bidder = world.join(Role.ADMIN, org="数据管理局", keys=False), world.join(Role.BIDDER)
    SHOTS.mkdir(parents=True, exist_ok=True)
    for who, paths in ((None, PAGES[:2]), (bidder, PAGES[2:]), (admin, (*ADMIN_PAGES, f"/admin/people/{bidder.person}"))):
        page, said = open_page(browser, width, height)
        if who is not None:
            log_in(page, site, who.login)
        for path in paths:
            for lang in ("zh", "en"):
                page.goto(f"{site}{path}?lang={lang}")
                name = path.strip("/").split("/")
                page.screenshot(path=SHOTS / f"{'-'.join(name[:2])}-{width}-{lang}{len(name)}.png", full_page=True)
                assert serious_findings(page) == [], path
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            page.goto(f"{site}{path}?lang=zh")
        assert said == []
        page.context.close()

"""Identity's pages are shown and their plain forms do what they say."""

from __future__ import annotations

import pytest

from core.kernel.roles import Role
from tests.builders.people import PASSWORD, People
from tests.web.identity.conftest import Browser


def test_a_visitor_logs_in_by_the_plain_form_and_goes_where_they_were_going(browser: Browser, world: People) -> None:
    who = world.join(Role.BIDDER, keys=False)
    answer = browser.submit("/login", {"login": who.login, "password": PASSWORD, "next": "/me/devices"})
    assert (answer.status_code, answer.location) == (303, "/me/devices")
    assert "HttpOnly" in answer.headers["Set-Cookie"] and "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert browser.page("/me").status_code == 200


@pytest.mark.parametrize("path", ["/login", "/sign-up"])
def test_public_pages_are_shown_in_both_languages(browser: Browser, path: str) -> None:
    for lang in ("zh", "en"):
        assert browser.page(f"{path}?lang={lang}").status_code == 200


@pytest.mark.parametrize("path", ["/role", "/me", "/me/devices", "/admin/people", "/admin/people/new"])
def test_other_pages_ask_a_visitor_to_log_in(browser: Browser, path: str) -> None:
    answer = browser.page(path)
    assert answer.status_code == 303 and answer.location.startswith("/login?next=")


@pytest.mark.parametrize("path", ["/role", "/me", "/me/devices", "/admin/people", "/admin/people/new"])
def test_an_administrator_sees_every_page(browser: Browser, world: People, path: str) -> None:
    who = world.join(Role.ADMIN, org="数据管理局")
    browser.log_in(who.login)
    assert browser.page(path).status_code == 200

"""Identity's pages are shown and their plain forms do what they say."""

from __future__ import annotations

import json
from io import BytesIO
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from core.identity.queries.people import PAGE
from core.identity.services.people import grant
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.roles import Role
from tests.builders.people import PASSWORD, People, uscc_of
from tests.web.identity.conftest import Application, Browser


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


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "me", "/a\r\nb"])
def test_a_login_leads_nowhere_else(browser: Browser, world: People, onward: str) -> None:
    who = world.join(Role.BIDDER, keys=False)
    answer = browser.submit("/login", {"login": who.login, "password": PASSWORD, "next": onward})
    assert (answer.status_code, answer.location) == (303, "/")
    assert browser.page("/login?" + urlencode({"next": onward})).location == "/"


def test_a_failed_login_says_so_and_keeps_the_name_but_not_the_password(browser: Browser) -> None:
    answer = browser.submit("/login", {"login": "nobody", "password": "secret words"})
    assert answer.status_code == 403
    assert "用户名或密码不正确" in answer.text and 'value="nobody"' in answer.text and "secret words" not in answer.text
    assert browser.submit("/login", {"login": ""}).status_code == 422


def test_somebody_with_two_roles_chooses_one_and_goes_on(browser: Browser, world: People) -> None:
    who = world.join(Role.TENDERER, keys=False)
    who.door.perform(SYSTEM_ACTOR, lambda work: grant(work, who.person, who.uscc, Role.AWARD_MEMBER))
    answer = browser.submit("/login", {"login": who.login, "password": PASSWORD, "next": "/me"})
    assert answer.location == "/role?next=%2Fme"
    page = browser.page("/role?next=/me")
    assert page.status_code == 200 and "定标委员" in page.text
    grants = browser.get("/session").get_json()["grants"]
    assert browser.submit("/role", {"grant": grants[0]["id"], "next": "/me"}).location == "/me"
    assert browser.get("/session").get_json()["role"] == grants[0]["role"]
    assert browser.submit("/role", {"grant": str(uuid4())}).status_code == 404
    assert browser.page("/me/devices").status_code == 200


def test_the_account_page_changes_the_password_and_ends_logins(app: Application, browser: Browser, world: People) -> None:
    who, other = world.join(Role.BIDDER, keys=False), Browser(app)
    browser.log_in(who.login), other.log_in(who.login)
    assert "本次登录" in browser.page("/me").text
    wrong = browser.submit("/me/password", {"old": "wrong password", "new": "another long one"})
    assert wrong.status_code == 403 and "请重新输入当前密码" in wrong.text
    other_id = next(row["id"] for row in browser.get("/me/sessions").get_json()["sessions"] if not row["is_this"])
    assert browser.submit(f"/me/sessions/{other_id}/end").status_code == 303
    assert other.get("/me/keys").status_code == 401
    assert browser.submit("/me/password", {"old": PASSWORD, "new": "another long one"}).status_code == 303
    assert browser.submit("/me/sessions/end").status_code == 303
    assert "已全部退出" in browser.page("/me").text
    assert browser.submit("/logout").location == "/login"
    assert browser.page("/me").status_code == 303


def test_the_devices_page_lists_keys_and_revokes_them(browser: Browser, world: People) -> None:
    who = world.join(Role.BIDDER)
    browser.log_in(who.login)
    page = browser.page("/me/devices")
    assert who.signer.key.key_id in page.text and "data-device-keys" in page.text and "style=" not in page.text
    path = f"/me/devices/{who.signer.key.key_id}/revoke"
    assert browser.submit(path, {"reason": "nonsense"}).status_code == 422
    assert browser.submit(path, {"reason": "lost"}).status_code == 303
    assert "已失效的密钥" in browser.page("/me/devices").text
    assert browser.submit(path, {"reason": "lost"}).status_code == 409


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_officer_hands_in_the_request_of_their_tool(browser: Browser, world: People, wrapped: bool) -> None:
    officer = world.join(Role.OFFICER, org="公共资源交易中心", office="centre", keys=False)
    browser.log_in(officer.login)
    page = browser.page("/me/devices").text
    assert str(officer.person) in page and "data-device-keys" not in page
    envelope: object = officer.enrolment("officer:centre").envelope.to_json()
    request = json.dumps({"envelope": envelope} if wrapped else envelope).encode()

    def hand_in(data: bytes, password: str = PASSWORD) -> int:
        file = (BytesIO(data), "enrol.json")
        return int(browser.submit("/me/devices/officer", {"password": password, "request": file}).status_code)

    assert hand_in(request, "wrong password") == 403
    assert hand_in(b"[]") == hand_in(b"{}") == 422
    assert hand_in(b"\xff") == 400
    assert hand_in(request) == 303
    assert officer.signer.key.key_id in browser.page("/me/devices").text


def test_a_bidder_signs_up_by_the_plain_form(browser: Browser) -> None:
    fields = {"uscc": uscc_of("江北建工"), "org_name": "江北建工", "login": "jiang", "name": "江涛", "password": "a long password"}
    wrong = browser.submit("/sign-up", fields | {"uscc": "123"})
    assert wrong.status_code == 422 and 'aria-invalid="true"' in wrong.text and 'value="江涛"' in wrong.text
    assert "a long password" not in wrong.text
    assert browser.submit("/sign-up", fields).location == "/login?next=/me/devices"
    assert browser.submit("/login", {"login": "jiang", "password": "a long password", "next": "/me"}).location == "/me"


def test_an_administrator_opens_gives_and_closes_by_plain_forms(browser: Browser, world: People) -> None:
    browser.log_in(world.join(Role.ADMIN, org="数据管理局", keys=False).login)
    fields = {"uscc": uscc_of("江北局"), "org_name": "江北局", "login": "jiang", "name": "江涛", "password": "a long password"}
    assert browser.submit("/admin/people/new", fields | {"role": "", "office": ""}).status_code == 422
    account = browser.submit("/admin/people/new", fields | {"role": "supervisor", "office": ""}).location
    assert "江涛" in browser.page(account).text
    mixed = browser.submit(f"{account}/roles", {"uscc": fields["uscc"], "role": "centre", "office": ""})
    assert mixed.status_code == 422 and "职责分离" in mixed.text
    elsewhere = browser.submit(f"{account}/roles", {"uscc": uscc_of("数据管理局"), "role": "supervisor", "office": ""})
    assert elsewhere.status_code == 303
    assert browser.submit(f"{account}/bar").status_code == 303
    assert "已停用" in browser.page(account).text
    assert "jiang" in browser.page("/admin/people?q=江北").text or "jiang" in browser.page("/admin/people?q=jiang").text


def test_a_long_list_of_people_has_a_next_page(browser: Browser, world: People) -> None:
    for number in range(PAGE + 1):
        world.join(Role.EXPERT, org="评标专家库", login=f"e{number:03d}", keys=False)
    browser.log_in(world.join(Role.ADMIN, org="数据管理局", login="zz-admin", keys=False).login)
    first = browser.page("/admin/people")
    assert 'rel="next"' in first.text and "after=e049" in first.text
    assert "e050" in browser.page("/admin/people?after=e049").text

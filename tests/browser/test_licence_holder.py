"""Whoever came in by an electronic licence enrols this browser and an authenticator without a password, while the licence is fresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import update

from core.identity.domain.licence import Presented
from core.identity.domain.session import LICENCE_FRESH
from core.identity.models.sessions import LoginSession
from core.identity.services import licences
from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.settings import LicenceProvider, Settings
from tests.browser.accessibility import serious_findings
from tests.browser.chromium import open_page
from tests.browser.stage import Stage, staged
from tests.builders.people import uscc_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
ORG, ISSUER = "第九建筑工程有限公司", "https://licence.example.cn"


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    provider = LicenceProvider("ebl", "电子营业执照", ISSUER, "gongheng", "a secret of the two")
    with staged(browser, replace(settings, licence_providers=(provider,)), clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


def came_in(stage: Stage) -> tuple[Page, list[str]]:
    """The browser of somebody whose licence the provider has just vouched for."""
    shown = Presented(ISSUER, "zhang", uscc_of(ORG), ORG, "张伟")
    token = stage.tender.door.perform(SYSTEM_ACTOR, lambda work: licences.log_in(work, shown, "nonce", "Chromium", clock.now()))
    page, said = open_page(stage.browser)
    page.context.add_cookies([{"name": "gongheng", "value": token, "url": stage.url}])
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    return page, said


def test_a_holder_enrols_device_and_authenticator_by_licence(stage: Stage) -> None:
    page, said = came_in(stage)
    page.goto(f"{stage.url}/me/devices")
    page.get_by_text("已出示电子营业执照").wait_for()
    for button, done in (("登记本机", "本机已登记"), ("登记验证器", "已登记安全密钥")):
        page.get_by_role("button", name=button).click()
        assert page.locator("dialog [name=password]").count() == 0
        page.get_by_role("button", name="签名并提交").click()
        page.get_by_text(done).first.wait_for()
    page.reload()
    assert page.locator("[data-key-id]").count() == 2
    stage.tender.door.perform(
        SYSTEM_ACTOR, lambda work: work.session.execute(update(LoginSession).values(licence_at=clock.now() - LICENCE_FRESH))
    )
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{stage.url}/me/devices")
        page.get_by_role("link", name="用电子营业执照确认本人").wait_for()
        assert page.get_by_role("button", name="登记本机").count() == 0
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert serious_findings(page) == []
    assert [line for line in said if "pubKeyCredParams" not in line] == []  # Chromium would like RS256 beside ES256
    page.context.close()

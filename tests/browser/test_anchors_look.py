"""Other authorities in a browser: proposed, recognised, used for a key of one's own, ended; every page in both sizes and languages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Browser

from core.identity.queries.certificates import keys_of
from core.kernel.roles import Role
from core.settings import Settings
from tests.browser.people import until
from tests.browser.stage import Seen, Stage, staged
from tests.browser.test_archive_look import look
from tests.builders.anchors import pem, said_of
from tests.builders.authorities import ForeignAuthority

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


class Told:
    """What the authority says when the platform asks."""

    def __init__(self, of: ForeignAuthority) -> None:
        self.of, self.client = of, nullcontext()

    def ask(self, path: Any, ocsp_url: str, crl_urls: Any, now: Any) -> tuple[Any, ...]:
        return tuple(said_of(self.of, path[0], now))


def propose(admin: Seen, far: ForeignAuthority) -> None:
    admin.go("/admin/anchors")
    fill = {
        "name_zh": "楚天电子认证有限公司",
        "name_en": "Chutian Certification Co., Ltd",
        "region": "湖北省",
        "root": far.root.pem,
        "ocsp_url": "http://ocsp.chutian.example.cn/",
        "crl_urls": "http://crl.chutian.example.cn/root.crl\nhttp://crl.chutian.example.cn/issuing.crl",
        "until": "2030-01-01T00:00",
        "reason": "电子认证服务许可证在有效期内；两省互认协议第 3 条。",
    }
    for name, value in fill.items():
        admin.page.locator(f"#f-{name}").fill(value)
    admin.sign("签名提出")


def enrol(bidder: Seen, tmp_path: Path, key: Any, chain: list[Any]) -> None:
    (tmp_path / "chain.pem").write_text("".join(pem(one) for one in chain))
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    bidder.go("/me/devices")
    bidder.page.locator("#f-certificates").set_input_files(tmp_path / "chain.pem")
    bidder.page.locator("#f-key").set_input_files(tmp_path / "key.pem")
    bidder.page.locator("#f-label").fill("公司 CA 证书")


def test_an_authority_is_recognised_and_a_firm_signs_with_its_certificate(stage: Stage, tmp_path: Path) -> None:
    tender = stage.tender
    now = tender.door.read(tender.door.clock).replace(microsecond=0)
    far = ForeignAuthority("Chutian", now)
    stage.recorder.app.extensions["gongheng"].parts["status_asker"] = Told(far)
    admin = stage.come(tender.crowd.join(Role.ADMIN, org="平台运维中心"), device=True)
    supervisor, person = stage.come(tender.supervisor, device=True), tender.crowd.join(Role.BIDDER, org="乙方建设集团有限公司", keys=False)
    bidder, public = stage.come(person), stage.come()
    wrong = look(admin, "anchors-0-empty", "/admin/anchors") + look(public, "anchors-1-trust-empty", "/trust")
    wrong += look(bidder, "anchors-2-devices-none", "/me/devices")
    propose(admin, far)
    admin.see("楚天电子认证有限公司")
    wrong += look(admin, "anchors-3-proposed", "/admin/anchors") + look(supervisor, "anchors-4-to-sign", "/admin/anchors")
    supervisor.go("/admin/anchors")
    supervisor.sign("会签互认")
    supervisor.see("互认中")
    wrong += look(public, "anchors-5-trust", "/trust") + look(bidder, "anchors-6-devices", "/me/devices")
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    leaf = far.certify(key.public_key(), uscc=person.uscc, org=person.org_name)
    enrol(bidder, tmp_path, other, [leaf, far.issuing.certificate])
    bidder.page.get_by_role("button", name="用这张证书登记").click()
    until(lambda: "不是一对" in bidder.page.locator("[data-foreign-key] [data-act-error]").inner_text())
    enrol(bidder, tmp_path, key, [far.issuing.certificate, leaf])
    bidder.sign("用这张证书登记")
    bidder.see("状态正常")
    found = tender.door.read(lambda session: [one for one in keys_of(session, person.person) if one.vouch is not None])
    assert [one.vouch.name_en for one in found if one.vouch] == ["Chutian Certification Co., Ltd"]
    kept = bidder.page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert kept
    wrong += look(bidder, "anchors-7-devices-vouched", "/me/devices")
    admin.go("/admin/anchors")
    admin.page.locator("summary", has_text="终止互认").click()
    admin.page.locator("textarea[name=reason]").first.fill("许可证被吊销。")
    admin.sign("提出终止")
    wrong += look(supervisor, "anchors-8-ending", "/admin/anchors")
    supervisor.go("/admin/anchors")
    supervisor.sign("会签终止")
    supervisor.see("已终止")
    wrong += look(bidder, "anchors-9-devices-ended", "/me/devices") + look(public, "anchors-a-trust-ended", "/trust")
    assert "签发机构互认已终止" in bidder.go("/me/devices?lang=zh").text
    assert wrong == []

"""Logging in by electronic business licence at a provider that is not ours: npm's `oidc-provider`, run by Node."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from app.demo.stage import kept_port
from app.factory import Application
from core.identity.domain.session import LICENCE_FRESH
from core.identity.gateway.licence import Provider
from core.identity.models.sessions import LoginSession
from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import BadSignature, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role
from core.kernel.signing import SoftwareP256Signer
from core.kernel.work import Door
from core.settings import LicenceProvider, Settings, SettingsFault, load
from tests.builders.people import Person, uscc_of
from tests.builders.trading_web import Browser, application, browser

pytestmark = pytest.mark.foreign

HERE = Path(__file__).parent / "oidc"
KEPT = Path(__file__).resolve().parents[3] / "var" / "test" / "oidc"
BACK = "http://localhost:8000/login/licence/ebl/back"
ORG = "第一建筑工程有限公司"
HOLDERS = f"zhang,{uscc_of(ORG)},{ORG},张伟;nobody,91420100000000000X,{ORG},李明"


@pytest.fixture(scope="module")
def packages() -> Path:
    """The provider's packages as their lock names them, fetched once."""
    lock = (HERE / "package-lock.json").read_bytes()
    if not (KEPT / "node_modules").exists() or (KEPT / "package-lock.json").read_bytes() != lock:
        KEPT.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, KEPT)
        subprocess.run(["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=KEPT, check=True)
    return KEPT


@contextmanager
def running(packages: Path, holders: str = HOLDERS) -> Iterator[str]:
    place = kept_port()
    command = ["node", str(HERE / "provider.mjs"), str(place.getsockname()[1]), BACK, "http://localhost:8000/login"]
    environment = {**os.environ, "HOLDERS": holders}
    with (
        place,
        subprocess.Popen(command, cwd=packages, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.kill()


@pytest.fixture(scope="module")
def issuer(packages: Path) -> Iterator[str]:
    with running(packages) as url:
        yield url


@pytest.fixture
def told(issuer: str) -> LicenceProvider:
    return LicenceProvider("ebl", "电子营业执照", issuer, "gongheng", "a secret of the two")


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> str:
    """One kind is enough: what is asked here is the protocol."""
    shutil.copy(sqlite_template, tmp_path / "gongheng.db")
    return f"sqlite:///{tmp_path / 'gongheng.db'}"


@pytest.fixture
def app(settings: Settings, door: Door, told: LicenceProvider) -> Application:
    return application(replace(settings, licence_providers=(told,)), door)


@dataclass
class Answer:
    """Where the provider sent the browser back to."""

    path: str
    query: dict[str, str]

    def with_(self, **changes: str) -> str:
        """The address with other parameters."""
        return f"{self.path}?{urlencode(self.query | changes)}"


def leave(visitor: Browser, onward: str = "/me") -> str:
    answer = visitor.get(f"/login/licence/ebl?next={onward}")
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def at_the_provider(address: str, who: str = "zhang", decline: bool = False) -> Answer:
    """What a person does there: logs in, consents, and is sent back."""
    with httpx.Client(follow_redirects=False, timeout=20) as client:
        answer = client.get(address)
        for _ in range(12):
            while answer.is_redirect:
                onward = str(answer.next_request.url) if answer.next_request else ""
                if onward.startswith("http://localhost:8000"):
                    parts = urlsplit(onward)
                    return Answer(parts.path, dict(parse_qsl(parts.query)))
                answer = client.get(onward)
            form = re.search(r'action="([^"]+)"', answer.text)
            assert form is not None, answer.text[:2000]
            prompt = "login" if 'value="login"' in answer.text else "consent"
            if decline:
                answer = client.get(form[1] + "/abort")
                continue
            fields = {"prompt": prompt} | ({"login": who, "password": "x"} if prompt == "login" else {})
            answer = client.post(form[1], data=fields)
    raise AssertionError("the provider never sent the browser back")


def refused(visitor: Browser, address: str, words: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code in (400, 403, 409, 422) and words in answer.text, (answer.status_code, answer.text[-3000:])
    assert visitor.get("/me").status_code == 303  # not logged in


def test_a_holder_comes_in_without_registration_and_again(app: Application, issuer: str) -> None:
    visitor = browser(app)
    assert "用电子营业执照登录" in visitor.page("/login?next=/bids")
    address = leave(visitor)
    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code" and len(asked["state"]) > 40
    came = visitor.get(at_the_provider(address).with_())
    assert (came.status_code, came.location) == (303, "/me")
    assert "张伟" in visitor.page("/me") and ORG in visitor.page("/me") and uscc_of(ORG) in visitor.page("/me")
    again = browser(app)
    assert again.get(at_the_provider(leave(again)).with_()).location == "/me"
    about = [one.get("/api/v1/session").get_json() for one in (visitor, again)]
    assert about[0]["person"] == about[1]["person"] and about[0]["role"] == "bidder"
    assert again.client.post("/logout").status_code == 303 and again.get("/me").status_code == 303


def test_a_holder_enrols_a_key_without_a_password_while_the_licence_is_fresh(app: Application, door: Door) -> None:
    visitor = browser(app)
    address = leave(visitor, "/me/devices")
    assert dict(parse_qsl(urlsplit(address).query))["prompt"] == "login"  # shown now, not remembered by a shared machine
    assert visitor.get(at_the_provider(address).with_()).location == "/me/devices"
    holder = holder_of(visitor, door)
    assert "已出示电子营业执照" in visitor.page("/me/devices") and "data-confirmed" in visitor.page("/me/devices")
    assert visitor.get("/api/v1/acts/context?case=PLATFORM").get_json()["step_up"] == "webauthn"  # there is no password to ask for
    made = visitor.post("/api/v1/me/keys", {"envelope": holder.enrolment("device").envelope.to_json()})
    assert made.status_code == 201, made.text
    assert holder.signer.key.key_id in visitor.page("/me/devices")
    door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(update(LoginSession).values(licence_at=clock.now() - LICENCE_FRESH)))
    page = visitor.page("/me/devices")
    assert "请先出示电子营业执照" in page and "/login/licence/ebl?next=/me/devices" in page and "data-device-keys" not in page
    late = replace(holder, signer=SoftwareP256Signer.generate())
    refusal = visitor.post("/api/v1/me/keys", {"envelope": late.enrolment("device").envelope.to_json()})
    assert refusal.status_code == 403 and "再出示一次执照" in refusal.text


def holder_of(visitor: Browser, door: Door) -> Person:
    """Who came in, as somebody who can sign."""
    about = visitor.get("/api/v1/session").get_json()
    who, org = about["person"], about["org"]
    person, firm = PersonId(UUID(who["id"])), OrgId(UUID(org["id"]))
    return Person(door, person, firm, Role.BIDDER, who["login"], who["name"], org["name"], uscc_of(ORG))


def test_who_leaves_can_leave_the_provider_too(app: Application) -> None:
    away = str(browser(app).get("/login/licence/ebl/goodbye").location)
    with httpx.Client(follow_redirects=False, timeout=20) as client:
        asked = client.get(away)
        form, secret = re.search(r'action="([^"]+)"', asked.text), re.search(r'name="xsrf" value="([^"]+)"', asked.text)
        assert form is not None and secret is not None, asked.text
        done = client.post(form[1], data={"xsrf": secret[1], "logout": "yes"})
        assert done.is_redirect and done.headers["Location"] == "http://localhost:8000/login"


def test_keys_that_the_provider_changed_are_fetched_again(app: Application, issuer: str) -> None:
    visitor = browser(app)
    assert visitor.get(at_the_provider(leave(visitor)).with_()).status_code == 303
    assert httpx.get(f"{issuer}/test/rotate").text == "rotated"
    later = browser(app)
    assert later.get(at_the_provider(leave(later)).with_()).status_code == 303


def test_whatever_does_not_fit_the_login_is_refused_and_nobody_is_let_in(app: Application) -> None:
    visitor, other = browser(app), browser(app)
    answer = at_the_provider(leave(visitor))
    refused(other, answer.with_(), "不是从本浏览器开始的")
    refused(visitor, answer.with_(state="x" * 43), "不是从本浏览器开始的")
    refused(visitor, answer.with_(), "不是从本浏览器开始的")  # one try a login
    answer = at_the_provider(leave(visitor))
    refused(visitor, answer.with_(iss="http://other.example.cn"), "不是来自所选的")
    answer = at_the_provider(leave(visitor))
    refused(visitor, answer.with_(code="x" * 43), "不认可这次登录")
    refused(visitor, at_the_provider(leave(visitor), decline=True).with_(), "没有在电子营业执照平台确认")
    refused(visitor, at_the_provider(leave(visitor), "nobody").with_(), "统一社会信用代码不正确")
    assert visitor.get("/login/licence/other").status_code == 404


def test_a_code_caught_on_its_way_is_worth_nothing_without_the_verifier_and_an_answer_counts_once(app: Application) -> None:
    thief, victim = browser(app), browser(app)
    caught = at_the_provider(leave(victim))
    own = at_the_provider(leave(thief))
    refused(thief, own.with_(code=caught.query["code"]), "不认可这次登录")
    again = browser(app)
    answer = at_the_provider(leave(again))
    kept = again.client.get_cookie("gongheng_form")
    assert kept is not None and again.get(answer.with_()).status_code == 303
    replay = browser(app)
    replay.client.set_cookie("gongheng_form", kept.value)
    refused(replay, answer.with_(), "不认可这次登录")


def test_a_provider_that_is_not_the_one_we_know_or_is_away_is_refused(told: LicenceProvider, issuer: str) -> None:
    elsewhere = replace(told, issuer=issuer.replace("localhost", "127.0.0.1"))
    with pytest.raises(BadSignature, match="issuer"):
        Provider(elsewhere).leave(BACK, "/", clock.now())
    with kept_port() as nobody, pytest.raises(WrongState, match="away"):
        Provider(replace(told, issuer=f"http://localhost:{nobody.getsockname()[1]}")).leave(BACK, "/", clock.now())


def test_providers_are_data_and_a_wrong_file_is_named(tmp_path: Path, told: LicenceProvider) -> None:
    file, base = tmp_path / "providers.json", {"GONGHENG_DEMONSTRATION": "yes", "GONGHENG_DATA_DIR": str(tmp_path)}
    entry: dict[str, Any] = {"id": "ebl", "name": "电子营业执照", "issuer": told.issuer, "client_id": "gongheng", "client_secret": "s"}
    file.write_text(json.dumps([entry]), encoding="utf-8")
    assert load(base | {"GONGHENG_LICENCE_PROVIDERS": str(file)}).licence_providers[0].issuer == told.issuer
    for wrong in ("{", "[1]", json.dumps([entry | {"id": "a/b"}]), json.dumps([entry | {"issuer": "ftp://x"}]), json.dumps([{"id": "x"}])):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(SettingsFault, match="LICENCE_PROVIDERS"):
            load(base | {"GONGHENG_LICENCE_PROVIDERS": str(file)})

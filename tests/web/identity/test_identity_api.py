"""Identity's JSON API: sessions, devices, people and the clock, as programs and scripts call it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.identity import passwords
from core.identity.queries import sessions
from core.identity.web.acts import read_act
from core.kernel import chain, clock, signing
from core.kernel.encoding import b64
from core.kernel.errors import BadSignature, NotAllowed
from core.kernel.roles import Role
from core.kernel.signing import SoftwareAuthenticator
from core.kernel.webauthn import RelyingParty
from core.kernel.work import Door
from core.settings import Settings
from core.web.forms import ActForm
from tests.builders.people import PASSWORD, People, Person, uscc_of
from tests.web.identity.conftest import Application, Browser, build

CASE = "T2026-000001"


@pytest.fixture
def site(settings: Settings) -> RelyingParty:
    return RelyingParty(settings.rp_id, settings.origin)


def test_a_program_gets_its_token_logs_in_and_out(browser: Browser, world: People) -> None:
    who = world.join(Role.BIDDER, keys=False)
    about = browser.log_in(who.login.upper()).get_json()
    assert about["person"] == {"id": str(who.person), "login": who.login, "name": who.name}
    assert about["role"] == "bidder" and about["org"] == {"id": str(who.org), "name": who.org_name}
    assert browser.get("/session").get_json()["person"]["login"] == who.login
    assert browser.send("DELETE", "/session").status_code == 204
    assert browser.get("/session").get_json()["person"] is None
    assert browser.get("/me/keys").status_code == 401


def test_the_cookie_of_a_closed_login_opens_nothing(app: Application, browser: Browser, world: People) -> None:
    who = world.join(Role.BIDDER, keys=False)
    browser.log_in(who.login)
    kept = browser.client.get_cookie("gongheng")
    assert kept is not None
    browser.send("DELETE", "/session")
    thief = Browser(app)
    thief.client.set_cookie("gongheng", kept.value)
    assert thief.get("/me/keys").status_code == 401


@pytest.mark.parametrize("change", [{"password": "wrong password"}, {"login": "nobody"}])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike_after_the_same_work(
    browser: Browser, world: People, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    who = world.join(Role.BIDDER, keys=False)
    calls: list[str] = []

    def counted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def count(*given: Any) -> Any:
            calls.append(name)
            return call(*given)

        return count

    monkeypatch.setattr(passwords, "fits", counted("fits", passwords.fits))
    monkeypatch.setattr(sessions, "account", counted("look", sessions.account))
    answer = browser.post("/session", {"login": who.login, "password": PASSWORD} | change)
    problem = answer.get_json()
    assert calls == ["look", "fits"]
    assert (answer.status_code, problem["code"]) == (403, "session.refused")
    assert set(problem) == {"type", "title", "status", "code", "detail", "request_id"}
    assert "Set-Cookie" not in answer.headers or "gongheng=" not in answer.headers["Set-Cookie"]


def test_too_many_tries_are_stopped_by_name(browser: Browser, world: People) -> None:
    who, other = world.join(Role.BIDDER, keys=False), world.join(Role.BIDDER, keys=False)
    codes = [browser.log_in(who.login, "wrong password").status_code for _ in range(11)]
    assert codes == [403] * 10 + [429]
    assert browser.log_in(who.login).status_code == 429
    assert browser.log_in(other.login).status_code == 200


def test_a_change_needs_the_csrf_token_and_our_own_origin(browser: Browser, world: People) -> None:
    who = world.join(Role.BIDDER, keys=False)
    body = {"login": who.login, "password": PASSWORD}
    assert browser.client.post("/api/v1/session", json=body).status_code == 403
    foreign = browser.send("POST", "/session", body, headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, foreign.get_json()["code"]) == (403, "web.other_site")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"login": "x"},
        {"login": 1, "password": "x"},
        {"login": "x", "password": "x", "more": 1},
        {"login": "x" * 65, "password": "x"},
        [],
        None,
        "x",
    ],
    ids=str,
)
def test_bodies_that_do_not_fit_are_refused_with_their_fields(browser: Browser, body: object) -> None:
    answer = browser.post("/session", body)
    assert answer.status_code == 422 and answer.get_json()["code"] == "web.input"


def test_a_role_is_chosen_and_the_token_rotates(browser: Browser, world: People) -> None:
    admin = world.join(Role.ADMIN, org="数据管理局", keys=False)
    who = world.join(Role.TENDERER, keys=False)
    browser.log_in(admin.login)
    granted = browser.post(f"/people/{who.person}/roles", {"uscc": who.uscc, "role": "award_member"})
    assert granted.status_code == 200 and len(granted.get_json()["grants"]) == 2
    about = browser.log_in(who.login).get_json()
    assert about["role"] == "" and about["org"] is None
    before = browser.client.get_cookie("gongheng")
    grant = next(grant["id"] for grant in about["grants"] if grant["role"] == "award_member")
    assert browser.post("/session/role", {"grant": grant}).get_json()["role"] == "award_member"
    after = browser.client.get_cookie("gongheng")
    assert before is not None and after is not None and before.value != after.value
    assert browser.log_in(who.login, role="tenderer").get_json()["role"] == "tenderer"


def test_ones_logins_are_seen_and_ended(app: Application, browser: Browser, world: People) -> None:
    who = world.join(Role.BIDDER, keys=False)
    others = [Browser(app) for _ in range(3)]
    for one in (browser, *others):
        one.log_in(who.login)
    rows = browser.get("/me/sessions").get_json()["sessions"]
    assert len(rows) == 4 and sum(row["is_this"] for row in rows) == 1
    assert browser.send("DELETE", f"/me/sessions/{next(row['id'] for row in rows if not row['is_this'])}").status_code == 204
    assert browser.send("DELETE", "/me/sessions").get_json() == {"ended": 2}
    assert [one.get("/me/keys").status_code for one in (browser, *others)] == [200, 401, 401, 401]
    assert browser.send("DELETE", "/me/sessions/no-uuid").status_code == 422


def test_a_new_password_takes_the_old_one_and_ends_other_logins(app: Application, browser: Browser, world: People) -> None:
    who, other = world.join(Role.BIDDER, keys=False), Browser(app)
    for one in (browser, other):
        one.log_in(who.login)
    assert browser.post("/me/password", {"old": "wrong password", "new": "another long one"}).get_json()["code"] == "person.password_wrong"
    assert browser.post("/me/password", {"old": PASSWORD, "new": "short"}).get_json()["code"] == "person.password_length"
    assert browser.post("/me/password", {"old": PASSWORD, "new": "another long one"}).get_json() == {"ended": 1}
    assert other.get("/me/keys").status_code == 401 and browser.get("/me/keys").status_code == 200
    assert browser.log_in(who.login).status_code == 403
    assert browser.log_in(who.login, "another long one").status_code == 200


def enrolment(who: Person, purpose: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    return {"envelope": who.enrolment(purpose).envelope.to_json(), "password": password} | more


def test_a_device_is_enrolled_used_and_revoked(browser: Browser, world: People) -> None:
    who = world.join(Role.BIDDER, keys=False)
    browser.log_in(who.login)
    assert browser.post("/me/keys", enrolment(who, "device", "wrong password")).get_json()["code"] == "enrolment.password"
    answer = browser.post("/me/keys", enrolment(who, "device"))
    assert answer.status_code == 201
    key_id = answer.get_json()["key_id"]
    context = browser.get(f"/acts/context?case={CASE}").get_json()
    assert context["actor"] == {"id": who.urn, "role": "bidder"} and context["prev"] == ""
    assert [(key["key_id"], key["kind"]) for key in context["keys"]] == [(key_id, "es256")]
    assert context["step_up"] == "password+device" and context["ckpt"] == {"size": 0, "root": signing.NOTHING_SEEN.root}
    assert browser.get("/me/keys").get_json()["keys"][0]["label"] == "台式机"
    shown = browser.get(f"/keys/{key_id}").get_json()
    assert (shown["subject"], shown["purpose"], shown["recipient"]) == (who.urn, "device", who.identity.recipient)
    assert browser.post(f"/keys/{key_id}/revocation", {"reason": "lost"}).get_json()["revoked_at"]
    again = browser.post(f"/keys/{key_id}/revocation", {"reason": "lost"})
    assert (again.status_code, again.get_json()["code"]) == (409, "certificate.revoke.wrong_state")
    assert browser.get(f"/acts/context?case={CASE}").get_json()["keys"] == []
    assert browser.get("/keys/" + "0" * 64).status_code == 404
    assert browser.get("/keys/no-digest").status_code == 422


def register(browser: Browser, authenticator: SoftwareAuthenticator) -> dict[str, Any]:
    options = browser.post("/me/webauthn/options", {}).get_json()
    padded = options["challenge"] + "=" * (-len(options["challenge"]) % 4)
    return dict(authenticator.create(base64.urlsafe_b64decode(padded)))


def test_an_authenticator_is_registered_and_enrolled(browser: Browser, world: People, site: RelyingParty) -> None:
    who = replace(world.join(Role.EXPERT, keys=False), authenticator=SoftwareAuthenticator.generate(site))
    browser.log_in(who.login)
    registration = register(browser, who.authenticator)
    answer = browser.post("/me/keys", enrolment(who, "step-up", registration=registration))
    assert answer.status_code == 201, answer.get_json()
    context = browser.get(f"/acts/context?case={CASE}").get_json()
    assert context["step_up"] == "webauthn" and context["keys"][0]["credential_id"] == registration["id"]
    options = browser.post("/me/webauthn/options", {}).get_json()
    assert options["rp"]["id"] == context["rp_id"] == site.id
    assert [known["id"] for known in options["excludeCredentials"]] == [registration["id"]]
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert [kind["alg"] for kind in options["pubKeyCredParams"]] == [-7]


def test_registrations_that_do_not_answer_our_question_are_refused(browser: Browser, world: People, site: RelyingParty) -> None:
    who = replace(world.join(Role.EXPERT, keys=False), authenticator=SoftwareAuthenticator.generate(site))
    browser.log_in(who.login)
    early = dict(who.authenticator.create(b"x" * 32))
    assert browser.post("/me/keys", enrolment(who, "step-up", registration=early)).get_json()["code"] == "enrolment.too_late"
    register(browser, who.authenticator)
    elsewhere = SoftwareAuthenticator(RelyingParty("evil.example", "https://evil.example"), who.authenticator.private)
    hostile: list[dict[str, Any]] = [
        early,
        register(browser, elsewhere),
        {},
        {"id": 1, "rawId": "", "response": []},
        {"id": "", "rawId": "", "type": "public-key", "response": {"attestationObject": "AAAA", "clientDataJSON": "e30"}},
    ]
    for registration in hostile:
        answer = browser.post("/me/keys", enrolment(who, "step-up", registration=registration))
        assert (answer.status_code, answer.get_json()["code"]) == (400, "enrolment.registration")
    assert browser.get("/me/keys").get_json()["keys"] == []


def test_an_act_is_read_with_its_password_checked(
    app: Application, browser: Browser, world: People, settings: Settings, door: Door
) -> None:
    who = world.join(Role.BIDDER)
    request = who.act_with_password("greet", CASE)
    wire = request.envelope.to_json()

    def read(application: Application, password: str | None, token: str) -> Any:
        with application.test_request_context("/", headers={"Cookie": f"gongheng={token}"}):
            application.preprocess_request()
            return read_act(ActForm.model_validate({"envelope": wire, "password": password}))

    browser.log_in(who.login)
    cookie = browser.client.get_cookie("gongheng")
    assert cookie is not None
    assert read(app, None, cookie.value) == replace(request, password_ok=False)
    assert read(app, PASSWORD, cookie.value) == request
    with pytest.raises(NotAllowed, match=r"act\.password_wrong"):
        read(app, "wrong password", cookie.value)
    with pytest.raises(NotAllowed, match=r"web\.log_in"):
        read(app, PASSWORD, "")
    real = build(replace(settings, demonstration=False), door)
    with pytest.raises(NotAllowed, match=r"act\.password_refused"):
        read(real, PASSWORD, cookie.value)


def test_a_webauthn_line_comes_through_the_form_whole(app: Application, world: People) -> None:
    request = world.join(Role.EXPERT).act("score", CASE, step_up=True)
    with app.test_request_context("/"):
        assert read_act(ActForm.model_validate({"envelope": request.envelope.to_json()})) == request
        spoilt = request.envelope.to_json() | {"payload": "not base64"}
        with pytest.raises(BadSignature):
            read_act(ActForm.model_validate({"envelope": spoilt}))


def test_a_role_that_one_does_not_hold_has_no_context(browser: Browser, world: People) -> None:
    browser.log_in(world.join(Role.BIDDER, keys=False).login)
    assert browser.get(f"/acts/context?case={CASE}&role=centre").get_json()["code"] == "act.role"
    assert browser.get("/acts/context?case=../../etc").status_code == 422
    assert browser.get("/acts/context").status_code == 422


def test_the_authoritys_certificates_and_lists_are_public(browser: Browser) -> None:
    shown = browser.get("/ca").get_json()
    assert all(shown[name].startswith("-----BEGIN CERTIFICATE-----") for name in ("root", "issuing"))
    assert all(shown[name].startswith("-----BEGIN X509 CRL-----") for name in ("crl", "root_crl"))


def joining(**change: Any) -> dict[str, Any]:
    body = {"uscc": uscc_of("江北建工"), "org_name": "江北建工", "login": "jiang", "name": "江涛", "password": "a long password"}
    return body | change


def test_a_bidder_signs_up_and_logs_in(browser: Browser) -> None:
    assert browser.post("/organisations", joining()).status_code == 201
    assert browser.log_in("jiang", "a long password").get_json()["role"] == "bidder"
    taken = browser.post("/organisations", joining(login="other"))
    assert (taken.status_code, taken.get_json()["code"]) == (422, "organisation.taken")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"uscc": "123"}, "organisation.uscc"),
        ({"org_name": "  "}, "organisation.name"),
        ({"login": "'; drop"}, "person.login"),
        ({"name": "\u200b"}, "person.name"),
        ({"password": "short"}, "person.password_length"),
        ({"password": "jiang-jiang-jiang"}, "person.password_easy"),
    ],
)
def test_a_faulty_sign_up_costs_no_hash_and_changes_nothing(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], code: str
) -> None:
    monkeypatch.setattr(passwords, "hashed", lambda password: pytest.fail("hashed in vain"))
    assert browser.post("/organisations", joining(**change)).get_json()["code"] == code


def test_administrators_alone_open_list_and_close_accounts(browser: Browser, world: People) -> None:
    admin, centre = world.join(Role.ADMIN, org="数据管理局", keys=False), world.join(Role.CENTRE, keys=False)
    account = joining(role="officer", office="centre")
    browser.log_in(centre.login)
    for method, path in (("GET", "/people"), ("POST", "/people"), ("POST", f"/people/{centre.person}/bar")):
        assert browser.send(method, path, account if path == "/people" and method == "POST" else {}).status_code == 403
    browser.log_in(admin.login)
    person = browser.post("/people", account).get_json()["person"]
    rows = browser.get("/people?q=jiang").get_json()["people"]
    assert [(row["id"], row["grants"][0]["office"]) for row in rows] == [(person, "centre")]
    assert browser.post("/people", joining(role="emperor", login="other")).get_json()["code"] == "grant.role"
    assert browser.post(f"/people/{person}/bar", {}).get_json()["barred_at"]
    assert browser.log_in("jiang", "a long password").status_code == 403


def test_the_clock_is_set_by_an_administrator_of_a_demonstration(  # noqa: PLR0917 - fixtures
    app: Application, browser: Browser, world: People, clock_file: Path, door: Door, settings: Settings
) -> None:
    admin, bidder = world.join(Role.ADMIN, org="数据管理局", keys=False), world.join(Role.BIDDER, keys=False)
    app.extensions["gongheng"].parts["open_cases"] = lambda session: ("T2026-000007",)
    browser.log_in(bidder.login)
    assert browser.post("/sandbox/clock", {"seconds": 60, "reason": "快进"}).status_code == 403
    browser.log_in(admin.login)
    answer = browser.post("/sandbox/clock", {"seconds": 86_400, "reason": "快进一天"}).get_json()
    assert answer["offset_ms"] == 86_400_000 and clock.read_offset(clock_file) == timedelta(days=1)
    later = clock.text(clock.now(clock_file) + timedelta(days=2))
    assert browser.post("/sandbox/clock", {"to": later, "reason": "到期"}).get_json()["now"] >= later
    assert browser.get("/session").get_json()["person"]["login"] == admin.login  # nobody is logged out by a jump
    assert len(door.read(lambda session: chain.find(session, "T2026-000007", "clock.advance"))) == 2
    for body, code in (
        ({"reason": "空"}, "clock.one_of_two"),
        ({"reason": "二", "seconds": 1, "to": later}, "clock.one_of_two"),
        ({"reason": "退", "to": "2020-01-01T00:00:00.000Z"}, "clock.jump"),
        ({"reason": "无", "to": "2026-02-31T00:00:00.000Z"}, "clock.one_of_two"),
        ({"reason": "负", "seconds": -1}, "web.input"),
    ):
        assert browser.post("/sandbox/clock", body).get_json()["code"] == code
    real = Browser(build(replace(settings, demonstration=False), door))
    real.log_in(admin.login)
    assert real.post("/sandbox/clock", {"seconds": 60, "reason": "快进"}).status_code == 404


def test_where_there_is_tls_the_cookie_is_bound_to_the_host(settings: Settings, door: Door, world: People) -> None:
    who = world.join(Role.BIDDER, keys=False)
    secure = Browser(build(replace(settings, origin="https://ggzy.example.cn"), door))
    answer = secure.log_in(who.login)
    cookies = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-gongheng=")]
    assert (
        len(cookies) == 1
        and all(part in cookies[0] for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
        and "Domain" not in cookies[0]
    )


def test_every_route_of_identity_has_its_gate(app: Application) -> None:
    naked = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "__gate__")
    ]
    assert [rule for rule in naked if "openapi" not in rule] == []


def test_numbers_are_never_floats_in_a_request(browser: Browser, world: People) -> None:
    who = world.join(Role.BIDDER, keys=False)
    browser.log_in(who.login)
    envelope = who.enrolment("device").envelope
    payload = envelope.payload.replace(b'"v":1', b'"v":1.0')
    wire = envelope.to_json() | {"payload": b64(payload)}
    assert browser.post("/me/keys", {"envelope": wire, "password": PASSWORD}).get_json()["code"] == "jcs.float"

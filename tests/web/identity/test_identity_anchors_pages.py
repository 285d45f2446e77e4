"""Authorities that are not ours, over HTTP: pages and API for those who decide, the public list, and a key enrolled with its chain."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from core.identity.queries import anchors as queries
from core.identity.queries import certificates as keys
from core.identity.services import anchors as services
from core.kernel import certificates
from core.kernel.ids import KeyId
from core.kernel.roles import Role
from tests.builders.anchors import admission, certify, deciders, end, pem, propose, recognise, request, said_of
from tests.builders.authorities import ForeignAuthority
from tests.builders.people import PASSWORD, People, Person
from tests.web.identity.conftest import Application, Browser


class Told:
    """Stands for what an authority answers over the network."""

    def __init__(self, of: ForeignAuthority, silent: bool = False) -> None:
        self.of, self.silent, self.client = of, silent, nullcontext()

    def ask(self, path: Any, ocsp_url: str, crl_urls: tuple[str, ...], now: Any) -> tuple[Any, ...]:
        assert ocsp_url == "http://ocsp.invalid/"
        return () if self.silent else tuple(said_of(self.of, path[0], now))


@pytest.fixture
def two(world: People) -> tuple[Person, Person]:
    return deciders(world)


@pytest.fixture
def far(world: People) -> ForeignAuthority:
    return ForeignAuthority("楚天", world.door.read(world.door.clock).replace(microsecond=0))


def parts(browser: Browser) -> dict[str, Any]:
    return browser.client.application.extensions["gongheng"].parts


def body(act: Any) -> dict[str, Any]:
    return {"envelope": act.envelope.to_json()}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_those_who_decide_see_what_waits_and_the_public_what_counts(browser: Browser, two, far: ForeignAuthority, lang: str) -> None:
    admin, supervisor = two
    assert {"zh": "目前没有互认机构", "en": "No other authority"}[lang] in browser.page(f"/trust?lang={lang}").text
    browser.log_in(admin.login)
    assert {"zh": "还没有互认机构", "en": "No recognised authorities yet"}[lang] in browser.page(f"/admin/anchors?lang={lang}").text
    anchor, act = propose(admin, far)
    page = browser.page(f"/admin/anchors?lang={lang}").text
    digest = certificates.fingerprint(far.root.certificate)
    assert digest in page and "data-countersign-url" not in page and "set-aside" in page
    assert digest not in browser.page("/trust").text
    browser.log_in(supervisor.login)
    page = browser.page(f"/admin/anchors?lang={lang}").text
    assert f"/api/v1/anchors/{anchor}/recognition" in page and 'id="admit"' not in page
    admin.door.perform(supervisor.actor, lambda work: services.recognise(work, anchor, supervisor.cosign(act)))
    assert digest in browser.page(f"/trust?lang={lang}").text
    end(two, anchor, far)
    page = browser.page(f"/trust?lang={lang}").text
    assert digest in page and "许可证被吊销" in page


def test_the_acts_go_over_the_api_and_strangers_are_sent_away(browser: Browser, world: People, two, far: ForeignAuthority) -> None:
    admin, supervisor = two
    bidder = world.join(Role.BIDDER, keys=False)
    first = admin.act("anchor.admit", "PLATFORM", body=admission(far), step_up=True)
    assert browser.post("/anchors", body(first)).status_code == 401
    browser.log_in(bidder.login)
    for path in ("/anchors", f"/anchors/{bidder.person}/recognition", f"/anchors/{bidder.person}/set-aside"):
        assert browser.post(path, body(first)).status_code == 403
    assert browser.page("/admin/anchors").status_code == 403
    browser.log_in(admin.login)
    assert browser.post("/anchors", {"envelope": "rubbish"}).status_code == 422
    answer = browser.post("/anchors", body(first))
    assert answer.status_code == 201
    anchor = answer.json["anchor"]
    assert browser.post("/anchors", body(first)).json == answer.json  # sent twice, done once
    assert browser.post(f"/anchors/{anchor}/recognition", body(admin.cosign(first))).status_code == 403
    browser.log_in(supervisor.login)
    assert browser.post(f"/anchors/{bidder.person}/recognition", body(supervisor.cosign(first))).status_code == 404
    assert browser.post(f"/anchors/{anchor}/recognition", body(supervisor.cosign(first))).json["state"] == "recognised"
    assert browser.post(f"/anchors/{anchor}/recognition", body(supervisor.cosign(first))).status_code == 409
    (listed,) = browser.get("/anchors").json["anchors"]
    assert listed["root_sha256"] == certificates.fingerprint(far.root.certificate) and listed["root"] == far.root.pem
    reason = {"root_sha256": listed["root_sha256"], "reason": "许可证到期"}
    ending = admin.act("anchor.end", "PLATFORM", body=reason, step_up=True)
    browser.log_in(admin.login)
    assert browser.post(f"/anchors/{anchor}/end", body(ending)).json["state"] == "ending"
    assert browser.post(f"/anchors/{anchor}/set-aside", {}).json["state"] == "recognised"
    again = admin.act("anchor.end", "PLATFORM", body=reason, step_up=True)
    assert browser.post(f"/anchors/{anchor}/end", body(again)).status_code == 200
    browser.log_in(supervisor.login)
    assert browser.post(f"/anchors/{anchor}/end/countersignature", body(supervisor.cosign(again))).json["state"] == "ended"
    assert browser.get("/anchors").json["anchors"][0]["end_reason"] == "许可证到期"


def test_a_proposal_is_set_aside_by_a_plain_form_once(browser: Browser, two, far: ForeignAuthority) -> None:
    admin, _ = two
    anchor, _act = propose(admin, far)
    browser.log_in(admin.login)
    assert browser.submit(f"/admin/anchors/{anchor}/set-aside", {}).status_code == 303
    assert browser.submit(f"/admin/anchors/{anchor}/set-aside", {}).status_code == 409


def enrolment(person: Person, far: ForeignAuthority, leaf: Any, *more: Any, anchor: Any = None, **override: Any) -> dict[str, Any]:
    wish = request(person, far, anchor or person.person, leaf, said=())
    chain = [pem(leaf), pem(far.issuing.certificate), *map(pem, more)]
    return body(wish) | {"password": PASSWORD, "chain": chain} | override


def test_a_key_is_enrolled_with_the_chain_that_vouches_for_it(browser: Browser, world: People, two, far: ForeignAuthority) -> None:
    recognise(two, far)
    person = world.join(Role.BIDDER, org="乙方建设集团有限公司", keys=False)
    leaf = certify(person, far)
    parts(browser)["status_asker"] = Told(far)
    browser.log_in(person.login)
    assert "data-foreign-key" in browser.page("/me/devices").text
    answer = browser.post("/me/keys", enrolment(person, far, leaf, far.root.certificate))
    assert answer.status_code == 201, answer.text
    told = browser.get(f"/keys/{person.signer.key.key_id}").json["vouch"]
    assert told["name_en"] == "楚天 Certification" and told["certificate"] == certificates.fingerprint(leaf) and told["revoked_at"] is None
    for lang, words in (("zh", "状态正常"), ("en", "Good")):
        page = browser.page(f"/me/devices?lang={lang}").text
        assert words in page and {"zh": "楚天电子认证有限公司", "en": "楚天 Certification"}[lang] in page


def test_each_chain_that_does_not_do_is_refused_with_a_sentence(browser: Browser, world: People, two, far: ForeignAuthority) -> None:
    person = world.join(Role.BIDDER, org="乙方建设集团有限公司", keys=False)
    leaf, stranger = certify(person, far), ForeignAuthority("外人", far.at)
    browser.log_in(person.login)
    assert browser.post("/me/keys", enrolment(person, far, leaf)).json["code"] == "anchor.none"
    assert "互认的证书机构" in browser.page("/me/devices").text
    recognise(two, far)
    parts(browser)["status_asker"] = Told(far, silent=True)
    from cryptography.hazmat.primitives.asymmetric import rsa

    wrong = far.certify(rsa.generate_private_key(65537, 2048).public_key(), uscc=person.uscc)
    for sent, code, status in (
        (enrolment(person, far, leaf), "foreign.no_status", 409),
        (enrolment(person, far, certify(person, stranger)), "certificate.chain", 400),
        (enrolment(person, far, leaf, chain=["rubbish"]), "certificate.malformed", 400),
        (enrolment(person, far, leaf, chain=[pem(leaf)]), "certificate.chain", 400),
        (enrolment(person, far, wrong), "foreign.key_kind", 400),
        (enrolment(person, far, leaf, chain=[]), "web.input", 422),
        (enrolment(person, far, leaf, password="wrong words here"), "enrolment.password", 403),
        ({name: value for name, value in enrolment(person, far, leaf).items() if name != "chain"}, "foreign.missing", 400),
    ):
        answer = browser.post("/me/keys", sent)
        assert (answer.json["code"], answer.status_code) == (code, status), answer.text
        assert "（" + code not in answer.json.get("detail", "")
    key = KeyId(person.signer.key.key_id)
    assert person.door.read(lambda session: keys.key_by_id(session, key)) is None


def test_the_address_of_nothing_is_nothing(browser: Browser, two, application: Application = None) -> None:  # type: ignore[assignment]
    browser.log_in(two[0].login)
    assert browser.post("/anchors/rubbish/end", {}).status_code in (404, 422)
    assert browser.submit("/admin/anchors/3fa85f64-5717-4562-b3fc-2c963f66afa6/set-aside", {}).status_code == 404
    assert two[0].door.read(queries.all_anchors) == ()

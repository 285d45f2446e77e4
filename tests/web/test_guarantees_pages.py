"""Guarantees over HTTP: a bidder's way to one, the register, the parties' list after the opening, and what anybody may verify."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from app.factory import Application
from core.kernel import certificates
from core.kernel.events import PLATFORM
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.deposits import world as build
from tests.builders.guarantees import NAMES, Surety
from tests.builders.guarantees import surety as built
from tests.builders.trading_web import Browser, application, browser
from tests.domain.test_guarantees_said import PAGE as BLANK

API = "/api/v1/lots/T2026-000001-1/guarantee"
PAGE = "/lots/T2026-000001-1/guarantee"
VERIFY = "/guarantees/verify"


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def surety(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[Surety]:
    with build(door, clock_file, tmp_path) as world, built(world, tmp_path) as made:
        world.ask()
        world.join(2)
        made.registered()
        made.ask()
        yield made


@pytest.fixture
def bidder(app: Application, surety: Surety) -> Browser:
    return browser(app, surety.world.firms[0])


def upload(visitor: Browser, content: bytes) -> str:
    answer = visitor.client.post(VERIFY, data={"file": (BytesIO(content), "g.pdf")}, content_type="multipart/form-data")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_bidders_page_leads_from_the_choice_to_the_verified_file(surety: Surety, bidder: Browser) -> None:
    shown = bidder.page(PAGE)
    assert all(name in shown for name in NAMES)
    assert bidder.post(PAGE, data={"guarantor": "nobody"}).status_code == 422
    assert bidder.post(PAGE, data={"guarantor": str(surety.known[1].id)}).status_code == 303
    again = bidder.post(PAGE, data={"guarantor": str(surety.known[0].id)})
    assert again.status_code == 422 and "已有一份保函" in again.text
    assert "担保机构正在审核" in bidder.page(PAGE)
    surety.tick(2)
    one = surety.view(surety.world.firms[0])
    assert "担保机构同意承保" in bidder.page(PAGE)
    assert bidder.post(f"{PAGE}/{one.id}/pay").status_code == 303
    surety.tick()
    assert "等同保证金已缴足" in bidder.page(PAGE)
    assert bidder.get(f"{PAGE}/{one.id}/file").status_code == 404
    refused = bidder.post(f"{PAGE}/{one.id}/cancel")
    assert refused.status_code == 409 and "保函已经开立" in refused.text
    surety.close(surety.world.firms[0])
    surety.tick()
    assert "保函核验通过" in bidder.page(PAGE)
    given = bidder.get(f"{PAGE}/{one.id}/file")
    assert given.data == surety.sandboxes[1].books.letter(str(one.id))
    english = bidder.page(f"{PAGE}?lang=en")
    main = re.sub("|".join(NAMES), "", english.split("<main")[1].split("</main")[0])
    assert re.findall(r">[^<]*[\u4e00-\u9fff]{2,}[^<]*<", main) == []


def test_a_bidder_opens_its_own_where_the_guarantor_keeps_the_key(surety: Surety, bidder: Browser) -> None:
    firm = surety.world.firms[0]
    made = surety.issued(firm)
    books = surety.sandboxes[0].books
    assert bidder.post(f"{PAGE}/{made}/key", data={"identity": books.customers_key(str(made))}).status_code == 404
    surety.close(firm)
    books.set_fault("keep_key", 9)
    surety.tick()
    assert "正在向担保机构索取密钥" in bidder.page(PAGE)
    wrong = bidder.post(f"{PAGE}/{made}/key", data={"identity": "AGE-SECRET-KEY-1" + "Q" * 58})
    assert wrong.status_code in (400, 422)
    assert bidder.post(f"{PAGE}/{made}/key", data={"identity": books.customers_key(str(made))}).status_code == 303
    assert "保函核验通过" in bidder.page(PAGE)


def test_the_page_of_a_deposit_leads_to_guarantees_as_long_as_one_can_be_had(surety: Surety, app: Application, bidder: Browser) -> None:
    own, other = "/lots/T2026-000001-1/deposit", browser(app, surety.world.firms[1])
    surety.issued(surety.world.firms[0])
    assert "改用电子保函" in bidder.page(own) and "改用电子保函" in other.page(own)
    surety.close(surety.world.firms[0])
    assert "改用电子保函" in bidder.page(own)  # where its guarantee is
    assert "改用电子保函" not in other.page(own)  # it has none and could get none


def test_another_bidder_sees_and_does_nothing_of_it(surety: Surety, app: Application) -> None:
    made = surety.issued(surety.world.firms[0])
    other = browser(app, surety.world.firms[1])
    assert other.get(API).json["guarantees"] == []  # type: ignore[index]
    for step in ("pay", "cancel", "key"):
        assert other.post(f"{PAGE}/{made}/{step}", data={"identity": "x" * 70} if step == "key" else {}).status_code in (403, 404)
    assert other.get(f"{PAGE}/{made}/file").status_code == 404
    assert other.get(f"{PAGE}/{uuid4()}/file").status_code == 404


def test_who_is_no_bidder_does_not_come_in(surety: Surety, app: Application) -> None:
    centre = browser(app, surety.clerk)
    assert centre.get(PAGE).status_code == 403
    assert browser(app).get(API).status_code in (401, 403)


def test_the_centre_registers_suspends_and_resumes_by_signature(surety: Surety, app: Application, tmp_path: Path) -> None:
    clerk = surety.clerk
    assert clerk is not None
    centre, public = browser(app, clerk), browser(app)
    assert "签名登记" in centre.page("/guarantors")
    assert "签名登记" not in public.page("/guarantors") and NAMES[0] in public.page("/guarantors")
    chosen = surety.known[0]
    body = {"root_sha256": chosen.root_sha256, "reason": "许可证到期"}
    act = clerk.act("guarantor.suspend", PLATFORM, body=body, step_up=True)
    assert centre.act(f"/api/v1/guarantors/{chosen.id}/suspension", act).json["state"] == "suspended"  # type: ignore[index]
    assert "许可证到期" in public.page("/guarantors")
    bidder = browser(app, surety.world.firms[0])
    refused = bidder.post(API, {"guarantor": str(chosen.id)})
    assert (refused.status_code, refused.json["code"]) == (422, "guarantee.issuer_unknown")  # type: ignore[index]
    act = clerk.act("guarantor.resume", PLATFORM, body=body, step_up=True)
    assert centre.act(f"/api/v1/guarantors/{chosen.id}/resumption", act).json["state"] == "active"  # type: ignore[index]
    assert bidder.post(API, {"guarantor": str(chosen.id)}).status_code == 200
    surety.tick(2)
    (offered,) = bidder.get(API).json["guarantees"]  # type: ignore[index]
    assert bidder.post(f"{API}/premium", {"guarantee": str(uuid4())}).status_code == 404
    paid = bidder.post(f"{API}/premium", {"guarantee": offered["id"]}).json["guarantees"]  # type: ignore[index]
    assert (offered["state"], paid[0]["state"]) == ("approved", "paid_premium")
    root = certificates.to_pem(surety.sandboxes[0].books.seal.root)
    twice = {"name": "另一个名字", "url": "https://g.example.cn", "root": root, "reason": "r"}
    act = clerk.act("guarantor.register", PLATFORM, body=twice, step_up=True)
    assert centre.act("/api/v1/guarantors", act).json["code"] == "guarantor.taken"  # type: ignore[index]
    listed = public.get("/api/v1/guarantors").json["guarantors"]  # type: ignore[index]
    assert {one["name"] for one in listed} == set(NAMES)


def test_before_the_opening_verification_tells_nothing_but_the_files_own_signature(surety: Surety, app: Application) -> None:
    firm, public = surety.world.firms[0], browser(app)
    made = surety.issued(firm)
    number = surety.view(firm).guarantee_no
    letter = surety.sandboxes[0].books.letter(str(made)) or b""
    stray = surety.sandboxes[0].books.seal.sign_pdf(letter_without_signature(), surety.world.now)
    unknown = public.page(f"{VERIFY}?number=BH00000000000001").replace("BH00000000000001", number)
    assert tokenless(public.page(f"{VERIFY}?number={number}")) == tokenless(unknown)
    digests = re.compile(r"(?:[0-9a-f]{8}<wbr>){7}[0-9a-f]{8}|[0-9a-f]{16,64}|[0-9a-f]{8}…")
    shown, other = (digests.sub("#", upload(public, content)) for content in (letter, stray))
    assert tokenless(shown) == tokenless(other)
    assert "签名有效，由登记的担保机构签署" in shown and NAMES[0] in shown
    surety.close(firm)
    surety.tick()
    for text in (public.page(f"{VERIFY}?number={number}"), upload(public, letter)):
        assert firm.org_name in text and "核验通过" in text and "800,000.00" in text
    assert firm.org_name not in upload(public, stray)


def tokenless(text: str) -> str:
    return re.sub(r'(content|value)="[\w.-]{40,}"|X-CSRFToken": "[^"]+"|datetime="[^"]+"|\d\d:\d\d:\d\d', "", text)


def letter_without_signature() -> bytes:
    return BLANK


def test_a_file_that_proves_nothing_is_told_so(surety: Surety, app: Application) -> None:
    public = browser(app)
    assert "不是可以读取的 PDF" in upload(public, b"text")
    assert "没有电子签名" in upload(public, letter_without_signature())
    assert "不是可以读取的 PDF" in public.client.post(VERIFY, data={}).get_data(as_text=True)
    english = public.client.post(f"{VERIFY}?lang=en", data={"file": (BytesIO(b"x"), "g.pdf")}, content_type="multipart/form-data")
    assert "The signature does not hold" in english.get_data(as_text=True)


def test_every_route_is_quiet(app: Application) -> None:
    routes = [rule for rule in app.url_map.iter_rules() if "guarantee" in rule.rule]
    assert len(routes) >= 9
    assert not [str(rule) for rule in routes if not getattr(app.view_functions[rule.endpoint], "__quiet__", False)]

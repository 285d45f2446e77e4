"""The pages of a tender document while bids are taken: drafted, signed, compared, asked about, receipted."""

from __future__ import annotations

import hashlib
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from app.factory import Application
from core.identity.services.certificates import certify_platform
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.certificates import key_record
from core.kernel.chain import event_data
from core.kernel.dsse import read_envelope
from core.kernel.encoding import sha256, unb64
from core.kernel.evidence import read_event, read_placement
from core.kernel.roles import Role
from core.kernel.signing import open_statement
from core.kernel.work import Door
from core.settings import Settings
from tests.builders import documents as made
from tests.builders.trading import Tender, tender
from tests.builders.trading_web import application, browser
from trading.domain.clarification import name_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    return tender(door, clock_file).bidding()


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


def form(world: Tender, **changes: Any) -> dict[str, Any]:
    body = made.standing(world)
    said = {"reason": "补充地质资料", "keep": [one["sha256"] for one in body["files"]], "ceiling": body["ceiling"], "affects_bids": "1"}
    return said | {"method": json.dumps(body["method"]), "not_before": ""} | changes


def drafted(page: str, kind: str) -> dict[str, Any]:
    [body] = re.findall(rf'data-act="{kind}"[^>]*data-act-body="([^"]*)"', page)
    found: dict[str, Any] = json.loads(body.replace("&#34;", '"').replace("&quot;", '"').replace("&amp;", "&"))
    return found


def test_an_amendment_is_drafted_in_a_form_signed_and_compared(app: Application, world: Tender) -> None:
    number = world.number
    agency, tenderer, anyone = browser(app, world.agency), browser(app, world.tenderer), browser(app)
    posted = agency.client.post(f"/lots/{number}/amendment", data=form(world, files=(BytesIO(b"%PDF-1.7 map"), "踏勘.pdf")))
    assert posted.status_code == 303, posted.text
    body = drafted(tenderer.page(f"/lots/{number}/amendment"), "document.amend")
    assert [one["name"] for one in body["document"]["files"]] == ["招标文件.pdf", "踏勘.pdf"]
    request = world.tenderer.act("document.amend", world.case, "1", body=body, step_up=True)
    answer = tenderer.act(f"/api/v1/lots/{number}/amendment", request)
    assert answer.status_code == 200, answer.text
    page = anyone.page(f"/lots/{number}/versions")
    assert "第 2 版" in page and "踏勘.pdf" in page and "补充地质资料" in page
    assert "补充地质资料" in anyone.page(f"/notices/{answer.get_json()['notice']}")
    shown = anyone.get(f"/api/v1/lots/{number}/versions").get_json()
    assert [one["version"] for one in shown["versions"]] == [1, 2]
    assert [one["name"] for one in shown["versions"][1]["changes"]["added"]] == ["踏勘.pdf"]
    href = shown["versions"][1]["documents"][1]["href"]
    assert hashlib.sha256(anyone.get(href).data).hexdigest() == hashlib.sha256(b"%PDF-1.7 map").hexdigest()
    assert anyone.get(f"/lots/{number}/versions?before=1&after=7").status_code == 404


def test_what_is_wrong_with_an_amendment_is_said_and_kept(app: Application, world: Tender) -> None:
    agency = browser(app, world.agency)
    for changes, words in (({}, "没有任何变化"), ({"method": "{"}, "评标办法|method"), ({"not_before": "2020-01-01T09:00"}, "不能提前")):
        answer = agency.client.post(f"/lots/{world.number}/amendment", data=form(world, **changes))
        assert answer.status_code == 422 and re.search(words, answer.text) and "补充地质资料" in answer.text
    assert browser(app, world.tenderer).client.post(f"/lots/{world.number}/amendment", data=form(world)).status_code in (403, 409, 422)


def test_questions_come_without_names_and_answers_go_to_everybody(app: Application, world: Tender) -> None:
    number, firms = world.number, [world.crowd.join(Role.BIDDER, f"第{n}建设公司") for n in "甲乙"]
    for firm in firms:
        assert browser(app, firm).client.post(f"/lots/{number}/questions", data={"text": "有无踏勘？"}).status_code == 303
    page = browser(app, world.agency).page(f"/lots/{number}/clarification")
    assert page.count("有无踏勘？") == 2  # the question, and the field in which it may be reworded
    assert not any(firm.org_name in page for firm in firms)
    for other in (world.tenderer, world.supervisor, world.centre):
        assert browser(app, other).get(f"/lots/{number}/clarification").status_code == 403
    digest = name_of("有无踏勘？")
    said = {f"question_{digest}": "是否组织踏勘？", f"answer_{digest}": "不组织。", "question": "", "answer": ""}
    agency = browser(app, world.agency)
    assert agency.client.post(f"/lots/{number}/clarification", data=said).status_code == 303
    body = drafted(agency.page(f"/lots/{number}/clarification"), "clarification.publish")
    request = world.agency.act("clarification.publish", world.case, "1", body=body)
    assert agency.act(f"/api/v1/lots/{number}/clarification", request).status_code == 200
    assert "不组织。" in browser(app).page(f"/lots/{number}/versions")
    assert "已在第 1 次澄清中答复" in browser(app, firms[0]).page(f"/lots/{number}/questions")
    late = agency.client.post(f"/lots/{number}/clarification", data=said)
    assert late.status_code == 422  # nothing is left to answer


def test_a_download_is_receipted_for_its_firm_alone_and_checked_without_the_platform(app: Application, world: Tender) -> None:
    authority = app.extensions["gongheng"].parts["authority"]
    world.door.perform(SYSTEM_ACTOR, lambda work: certify_platform(work, authority, "platform", world.door.platform.key))
    firm, other = (world.crowd.join(Role.BIDDER, f"第{n}建设公司") for n in "甲乙")
    mine = browser(app, firm)
    assert mine.client.post(f"/lots/{world.number}/downloads").status_code == 303
    number = mine.post(f"/api/v1/lots/{world.number}/downloads", {}).get_json()["number"]
    app.extensions["gongheng"].parts["log"].grow(world.door, "test")
    found = mine.get(f"/api/v1/downloads/{number}").get_json()
    for stranger in (browser(app, other), browser(app, world.agency), browser(app, world.supervisor), browser(app)):
        assert stranger.get(f"/api/v1/downloads/{number}").status_code in (401, 403, 404)
    # from here on with the file alone
    certificate = x509.load_der_x509_certificate(unb64(found["certificate"]))
    said = open_statement(read_envelope(found["receipt"]), key_record(certificate))
    assert (said.type, said.body["name"], said.body["tender"], said.prev) == ("download.receipt", firm.org_name, world.number, "")
    assert [one["sha256"] for one in said.body["files"]] == [hashlib.sha256(b"%PDF-1.7 tender document").hexdigest()]
    data = unb64(found["event"]["data"])
    place = {name: found["proof"][name] for name in ("leaf_index", "place", "path")} | {"salt": found["event"]["salt"]}
    logged, placed = read_event(data), read_placement(place)
    assert logged.envelope.payload == said.payload and logged.case_seq == 1  # it counts the firm's own receipts
    assert sha256(b"ztb/v1/leaf\0" + placed.salt + data).hex() == found["proof"]["commitment"]
    assert placed.batch_root(data)
    assert event_data(logged.case, logged.case_seq, logged.prev, logged.received_at, logged.envelope) == data


def test_a_receipt_waits_for_the_release_and_is_given_in_measure(app: Application, door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file).noticed()
    firm = world.crowd.join(Role.BIDDER, "早到的公司")
    mine = browser(app, firm)
    assert mine.post(f"/api/v1/lots/{world.number}/downloads", {}).status_code == 404
    assert mine.get(f"/lots/{world.number}/questions").status_code == 404
    assert mine.post(f"/api/v1/lots/{world.number}/questions", {"text": "?"}).status_code == 409


def test_the_notice_keeps_the_deadline_that_was_signed(app: Application, world: Tender) -> None:
    made.amend(world, not_before="2030-01-07T01:00:00.000Z")
    page = browser(app).page(f"/notices/{world.number}-N1")
    assert "投标截止时间已经顺延" in page and "2030-01-07 09:00" in page


def test_the_bidders_own_page_says_that_the_document_changed(app: Application, world: Tender) -> None:
    firm = world.crowd.join(Role.BIDDER, "已投的公司")
    made.amend(world)
    assert "招标文件有修改" not in browser(app, firm).page(f"/lots/{world.number}/bid")  # who has sealed nothing has nothing outdated


def test_every_sentence_about_documents_stands_in_the_english_catalogue() -> None:
    from tests.web.test_trading_words import english

    words = (ROOT / "trading" / "web" / "texts_document.py").read_text("utf-8")
    assert [found for found in re.findall(r'_l\("((?:[^"\\]|\\.)*)"\)', words) if found not in english("trading")] == []

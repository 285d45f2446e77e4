"""The bidder's desk, the receipts and the JSON API of bids, over HTTP."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.factory import Application, prepare
from core.kernel import dsse, lotfile
from core.kernel.blind import BlindRules, words_of
from core.kernel.signing import open_statement
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.bids import Hall, hall, posted
from tests.builders.halls import TAKING
from tests.builders.people import PASSWORD, Person
from tests.builders.trading import tender
from tests.builders.trading_web import Browser, application, browser
from trading.services.sealings import SealPart

pytestmark = pytest.mark.begins(TAKING)


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    made = application(settings, door)
    prepare(made)
    return made


@pytest.fixture
def room(world: Hall, app: Application, tmp_path: Path) -> Hall:
    """A lot that takes bids; its files lie where the application looks for them."""
    world.folder, world.files = tmp_path, app.extensions["gongheng"].files
    world.log = app.extensions["gongheng"].parts["log"]
    return world


def seal(room: Hall, who: Browser, ver: int = 1) -> Any:
    """Seals over HTTP."""
    assert who.person is not None
    parts = room.parts(who.person, room.make_version(who.person, ver))
    return who.post(f"/api/v1/lots/{room.number}/bid/seal", posted(parts))


def test_a_bid_comes_in_by_tus_and_one_post_and_its_receipt_is_given_again_byte_for_byte(app: Application, room: Hall) -> None:
    a = browser(app, room.tender.bidders[0])
    assert a.person is not None
    envelopes = room.make_version(a.person)
    parts = [_by_tus(a, part, envelope.ciphertext) for part, envelope in zip(room.parts(a.person, envelopes), envelopes, strict=True)]
    first = a.post(f"/api/v1/lots/{room.number}/bid/seal", posted(parts))
    again = a.post(f"/api/v1/lots/{room.number}/bid/seal", posted(parts))
    assert (first.status_code, again.status_code) == (200, 200), first.text
    assert first.data == again.data
    receipts = first.get_json()["receipts"]
    assert [receipt["env"] for receipt in receipts] == ["technical", "commercial"]
    said = open_statement(dsse.read_envelope(receipts[0]["receipt"]), room.tender.door.platform.key)
    assert said.body["received_at"] == first.get_json()["received_at"]
    files = [a.get(f"/api/v1/receipts/{receipts[0]['id']}").data for _ in range(2)]
    assert files[0] == files[1]


def _by_tus(who: Browser, part: SealPart, content: bytes) -> SealPart:
    """The same part, its ciphertext sent by tus in two pieces with their checksums."""
    from dataclasses import replace
    from uuid import UUID

    tus = {"Tus-Resumable": "1.0.0"}
    made = who.client.post("/uploads/", headers=tus | {"Upload-Length": str(len(content))})
    assert made.status_code == 201, made.text
    where, half = made.headers["Location"], len(content) // 2
    for offset, piece in ((0, content[:half]), (half, content[half:])):
        digest = base64.b64encode(hashlib.sha256(piece).digest()).decode()
        headers = tus | {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {digest}"}
        sent = who.client.patch(where, data=piece, headers=headers, content_type="application/offset+octet-stream")
        assert sent.status_code == 204, sent.text
    return replace(part, upload=UUID(where.rstrip("/").rsplit("/", 1)[-1]))


def test_the_desk_shows_the_way_from_draft_to_withdrawn(app: Application, room: Hall) -> None:
    a = browser(app, room.tender.bidders[0])
    desk = f"/lots/{room.number}/bid"
    assert "还没有递交" in a.page(desk) and 'data-envelope="commercial"' in a.page(desk)
    sealed = seal(room, a).get_json()
    page = a.page(desk)
    assert "第 1 版已经密封签收" in page and sealed["receipts"][0]["id"] in page and "撤回全部标书" in page
    assert "wasm-unsafe-eval" in a.get(desk).headers["Content-Security-Policy"]
    assert room.number in a.page("/bids")
    seals = sorted(receipt["seal_sha256"] for receipt in sealed["receipts"])
    assert a.person is not None
    request = a.person.act_with_password("withdraw", room.tender.case, room.tender.no, body={"ver": 1, "seals": seals})
    withdrawn = a.act(f"/api/v1/lots/{room.number}/bid/withdraw", request, PASSWORD)
    assert withdrawn.status_code == 200, withdrawn.text
    assert "已撤回" in a.page(desk)


def test_a_late_bid_gets_a_sentence_an_article_and_a_signed_trace(app: Application, room: Hall) -> None:
    a = browser(app, room.tender.bidders[0])
    assert a.person is not None
    parts = room.parts(a.person, room.make_version(a.person))
    deadline = room.tender.lot.deadline
    assert deadline is not None
    room.tender.jump(deadline)
    answer = a.post(f"/api/v1/lots/{room.number}/bid/seal", posted(parts))
    problem = answer.get_json()
    assert (answer.status_code, problem["code"], problem["article"]) == (422, "bid.seal.late", "电子招标投标办法 第二十七条")
    assert answer.mimetype == "application/problem+json"
    assert open_statement(dsse.read_envelope(problem["trace"]["trace"]), room.tender.door.platform.key).type == "seal.late"
    assert "现在不能递交投标文件" in a.page(f"/lots/{room.number}/bid")


@pytest.mark.begins(None)
def test_the_lot_file_is_one_that_a_sealer_accepts(app: Application, door: Door, clock_file: Path, tmp_path: Path) -> None:
    room = hall(tender(door, clock_file), tmp_path)  # since the log grew last
    room.log = app.extensions["gongheng"].parts["log"]
    room.tender.join_bidders(1)
    a = browser(app, room.tender.bidders[0])
    address = f"/api/v1/lots/{room.number}/lot-file"
    assert a.get(address).get_json()["code"] == "bid.lot_file.not_ready"
    room.grow()
    assert a.get(address).status_code == 200, a.get(address).text
    lot = lotfile.read_lot(a.get(address).get_json())
    assert (lot.case, lot.lot, [envelope.env for envelope in lot.envelopes]) == (room.tender.case, "1", ["technical", "commercial"])
    assert {role: [key.recipient for key in keys] for role, keys in lot.offices.items()} == room.recipients()
    assert lot.bidder is not None and a.person is not None
    assert (lot.bidder.id, lot.bidder.ver, lot.bidder.recipients) == (str(a.person.org), 1, (a.person.identity.recipient,))
    assert lotfile.read_lot(browser(app).get(address).get_json()).bidder is None


@pytest.mark.begins(None)
def test_a_blind_envelope_says_on_the_desk_and_in_the_lot_file_what_is_allowed_and_by_what_the_bidder_is_known(
    app: Application, door: Door, clock_file: Path, tmp_path: Path
) -> None:
    rules = BlindRules(("宋体",))
    envelopes = [{"env": "technical", "title": "技术标", "blind": rules.to_json()}, {"env": "commercial", "title": "商务标"}]
    made = hall(tender(door, clock_file), tmp_path, envelopes=envelopes)
    app.extensions["gongheng"].parts["log"].grow(door)
    a = browser(app, made.tender.join_bidders(1)[0])
    assert a.person is not None
    page = a.page(f"/lots/{made.number}/bid")
    assert page.count("data-blind=") == 1 and "不允许：页眉页脚、页码、图片、彩色、书签。" in page
    read = lotfile.read_lot(a.get(f"/api/v1/lots/{made.number}/lot-file").get_json())
    assert [envelope.blind for envelope in read.envelopes] == [rules, None]
    assert read.bidder is not None and read.bidder.words == words_of(a.person.org_name, a.person.uscc)
    assert all(word in page for word in read.bidder.words)


def test_ones_own_ciphertext_and_box_come_back_and_nobody_elses(app: Application, room: Hall) -> None:
    a, b = (browser(app, bidder) for bidder in room.tender.bidders[:2])
    seal(room, a)
    base = f"/api/v1/lots/{room.number}/bid/envelopes/technical"
    body = a.get(f"{base}/ciphertext")
    view = a.get(f"/api/v1/lots/{room.number}/bid").get_json()
    assert hashlib.sha256(body.data).hexdigest() == view["versions"][0]["envelopes"][0]["ct_sha256"]
    assert set(a.get(f"{base}/bidder-box").get_json()) == {"env", "ver", "bid_pub", "box"}
    for path in ("ciphertext", "bidder-box"):
        assert b.get(f"{base}/{path}").status_code == 404
        assert browser(app).get(f"{base}/{path}").status_code == 401
        assert browser(app, room.tender.centre).get(f"{base}/{path}").status_code == 403


def test_a_receipt_is_a_page_with_a_code_to_scan(app: Application, room: Hall) -> None:
    a, b = (browser(app, bidder) for bidder in room.tender.bidders[:2])
    number = seal(room, a).get_json()["receipts"][0]["id"]
    page = a.page(f"/receipts/{number}")
    assert number in page and "<svg" in page and "正在写入公开日志" in page
    room.grow()
    assert "已写入公开日志" in a.page(f"/receipts/{number}")
    for other in (b, browser(app), browser(app, room.tender.centre)):
        assert other.get(f"/receipts/{number}").status_code == 404
        assert other.get(f"/api/v1/receipts/{number}").status_code == 404


def test_pages_speak_english_too(app: Application, room: Hall) -> None:
    a = browser(app, room.tender.bidders[0])
    number = seal(room, a).get_json()["receipts"][0]["id"]
    for address in (f"/lots/{room.number}/bid", "/bids", f"/receipts/{number}", "/openings", f"/lots/{room.number}/opening"):
        page = a.page(f"{address}?lang=en")
        assert 'lang="en"' in page


@pytest.mark.parametrize(
    "change",
    [
        {"seals": []},
        {"seals": "x"},
        {},
        {"more": 1},
        {"seals": [{"upload": "../../etc/passwd"}]},
        {"seals": [None]},
    ],
)
def test_a_malformed_post_answers_a_sentence_and_changes_nothing(app: Application, room: Hall, change: dict[str, Any]) -> None:
    a = browser(app, room.tender.bidders[0])
    answer = a.post(f"/api/v1/lots/{room.number}/bid/seal", change)
    assert answer.status_code == 422 and answer.get_json()["code"] == "web.input"
    assert a.get(f"/api/v1/lots/{room.number}/bid").get_json()["state"] == "draft"


def test_hostile_members_answer_a_sentence_and_change_nothing(app: Application, room: Hall) -> None:
    a = browser(app, room.tender.bidders[0])
    assert a.person is not None
    good = posted(room.parts(a.person, room.make_version(a.person)))
    for path, value in (
        (("upload",), str(uuid4())),
        (("bidder_box",), "===="),
        (("share_boxes",), []),
        (("envelope", "payload"), "e30="),
        (("envelope", "payloadType"), "text/plain"),
    ):
        body = _changed(good, path, value)
        answer = a.post(f"/api/v1/lots/{room.number}/bid/seal", body)
        assert 400 <= answer.status_code < 500 and answer.get_json()["detail"], (path, answer.text)
    assert a.get(f"/api/v1/lots/{room.number}/bid").get_json()["state"] == "draft"
    assert a.post(f"/api/v1/lots/{room.number}/bid/seal", good).status_code == 200


def _changed(body: dict[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    import copy

    changed = copy.deepcopy(body)
    place = changed["seals"][0]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def test_an_upload_under_way_is_noted(app: Application, room: Hall) -> None:
    a = browser(app, room.tender.bidders[0])
    answer = a.client.put(f"/api/v1/lots/{room.number}/bid/draft", json={})
    assert answer.get_json() == {"state": "uploading"}


def test_every_route_of_bids_is_closed_to_strangers_and_quiet(app: Application, room: Hall) -> None:
    person: Person = room.tender.agency
    for address in ("/bids", f"/lots/{room.number}/bid", f"/api/v1/lots/{room.number}/bid"):
        assert browser(app).get(address).status_code in (303, 401)
        assert browser(app, person).get(address).status_code == 403
    quiet = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(("trading_bids.", "trading_bid_pages."))]
    assert quiet and all(getattr(app.view_functions[rule.endpoint], "__quiet__", False) for rule in quiet)

"""The practice over HTTP: its whole life, what it refuses, what it leaves behind, which is nothing, and what it tells others, likewise."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app import tables
from app.factory import Application, prepare
from core.kernel import age
from core.kernel.clock import write_offset
from core.kernel.dsse import read_envelope
from core.kernel.encoding import sha256
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from core.kernel.sealing import open_bidder_box, open_envelope
from core.kernel.signing import open_statement
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.people import PASSWORD, People, people
from tests.builders.practice import API, Practising
from tests.builders.trading_web import application, browser
from tests.web.secrecy_shown import lines_to, plain, told

VISIBLE = "练习"


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    made = application(settings, door)
    prepare(made)
    return made


@pytest.fixture
def staff(app: Application, door: Door) -> People:
    return people(door)


@pytest.fixture
def one(app: Application, staff: People) -> Practising:
    person = staff.join(Role.BIDDER)
    return Practising(browser(app, person), person)


def rows(door: Door) -> dict[str, int]:
    """How many rows every table has."""
    everything = tables.metadata.sorted_tables
    return door.read(lambda session: {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in everything})


def staged(app: Application) -> list[str]:
    """What lies in the staging area and in the store."""
    root = app.extensions["gongheng"].settings.files_dir
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def tick(app: Application) -> None:
    app.extensions["process"].clockwork.run_once("trading.empty_practices")


def withdraw(one: Practising, sealed: dict[str, Any], ver: int) -> Any:
    seals = sorted(receipt["seal_sha256"] for receipt in sealed["receipts"])
    request = one.person.act_with_password("withdraw", one.own()["case"], "1", body={"ver": ver, "seals": seals})
    return one.browser.act(f"{API}/bid/withdraw", request, PASSWORD)


def release(one: Practising, env: str, **more: Any) -> Any:
    box = one.browser.get(f"{API}/bid/envelopes/{env}/bidder-box").get_json()
    body = {"env": env, "ver": box["ver"], "bid_pub": box["bid_pub"]} | more
    return one.browser.act(f"{API}/opening/release", one.person.act("practice.release", one.own()["case"], "1", body=body))


def test_a_practice_is_sealed_replaced_withdrawn_opened_and_gone_without_a_row_or_a_file_left(
    app: Application, door: Door, one: Practising
) -> None:
    before, files = rows(door), staged(app)
    assert "开始练习" in one.browser.page("/practice")
    begun = one.begin()
    assert begun["case"].startswith("PRACTICE-") and begun["next_ver"] == 1
    first = one.seal(1)
    assert [receipt["env"] for receipt in first["receipts"]] == ["technical", "commercial"]
    second = one.seal(2)
    assert withdraw(one, first, 1).status_code == 409  # it was replaced
    assert withdraw(one, second, 2).status_code == 200
    one.seal(3)
    assert "宣布截止" in one.browser.page("/practice")
    assert one.browser.post("/practice/close", data={}).status_code == 303
    assert one.browser.post(f"{API}/bid/seal", one.body([one.make("technical", 4), one.make("commercial", 4)])).status_code == 409
    assert release(one, "technical").status_code == 200
    assert release(one, "technical").status_code == 409
    assert release(one, "commercial").get_json() == {"state": "read_out"}
    assert "模拟开标完成" in one.browser.page("/practice")
    assert len(staged(app)) > len(files) and rows(door)["practice_envelope"] == 6
    assert one.browser.post("/practice/end", data={}).status_code == 303
    assert rows(door) == before and staged(app) == files
    assert "全部删除" in one.browser.page("/practice")


def test_the_platform_cannot_open_a_practice_and_refuses_a_key_that_is_sent(app: Application, one: Practising) -> None:
    one.begin()
    one.seal()
    one.browser.post("/practice/close", data={})
    refused = release(one, "technical", method="bidder", secret="AGE-SECRET-KEY-1")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "body.malformed")


def test_what_was_sealed_comes_back_and_opens_with_the_own_key(one: Practising, tmp_path: Path) -> None:
    one.begin()
    one.seal()
    box = one.browser.get(f"{API}/bid/envelopes/technical/bidder-box").get_json()
    identity = open_bidder_box(base64.b64decode(box["box"]), one.person.identity, box["bid_pub"])
    answer, target = one.browser.get(f"{API}/bid/envelopes/technical/ciphertext"), io.BytesIO()
    assert "%E7%BB%83%E4%B9%A0-technical-1.age" in answer.headers["Content-Disposition"]
    open_envelope(io.BytesIO(answer.data), target, identity)
    assert target.getvalue() == b"practice"


def test_a_receipt_says_in_words_that_it_is_a_practice_and_is_the_same_bytes_each_time(door: Door, one: Practising) -> None:
    one.begin()
    sealed = one.seal()
    number = sealed["receipts"][0]["id"]
    assert number.startswith("PX-")
    files = [one.browser.get(f"{API}/receipts/{number}") for _ in range(2)]
    assert files[0].data == files[1].data and "%E7%BB%83%E4%B9%A0-PX-" in files[0].headers["Content-Disposition"]
    paper = files[0].get_json()
    said = open_statement(read_envelope(paper["receipt"]), door.platform.key)
    assert said.type == "practice.receipt" and said.prev == "" and said.case.startswith("PRACTICE-")
    assert "练习" in str(said.body["notice"]) and "no legal effect" in str(said.body["notice"])


def test_a_practice_records_no_event_and_sends_nothing(door: Door, one: Practising) -> None:
    before = rows(door)
    one.begin()
    sealed = one.seal()
    withdraw(one, sealed, 1)
    changed = {name for name, count in rows(door).items() if count != before[name]}
    assert changed == {"practice", "practice_envelope", "upload", "act", "act_head"}


def test_the_clock_empties_what_was_left_after_four_hours(app: Application, door: Door, one: Practising, clock_file: Path) -> None:
    before, files = rows(door), staged(app)
    one.begin()
    one.seal()
    one.upload(b"never sealed")
    write_offset(clock_file, timedelta(hours=3, minutes=59))
    tick(app)
    assert rows(door)["practice"] == 1
    write_offset(clock_file, timedelta(hours=4, minutes=1))
    assert one.browser.get(f"{API}/bid").status_code == 404 and "开始练习" in one.browser.page("/practice")
    tick(app)
    write_offset(clock_file, timedelta(0))
    assert rows(door) == before and staged(app) == files


def test_after_four_hours_a_new_practice_begins_in_an_empty_area(app: Application, one: Practising, clock_file: Path) -> None:
    first = one.begin()
    one.seal()
    assert one.begin()["case"] == first["case"]  # beginning twice goes on
    write_offset(clock_file, timedelta(hours=5))
    again = one.begin()
    assert again["case"] != first["case"] and again["next_ver"] == 1


def test_who_dies_between_the_files_and_the_rows_leaves_nothing_either(
    app: Application, door: Door, one: Practising, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, files = rows(door), staged(app)
    one.begin()
    one.seal()
    with monkeypatch.context() as patch:
        patch.setattr("trading.web.pages_practice.services.forget", lambda *_: 1 / 0)
        assert one.browser.post("/practice/end", data={}).status_code == 500
    assert staged(app) == files
    assert one.browser.post("/practice/end", data={}).status_code == 303
    assert rows(door) == before


def test_a_practice_upload_never_reaches_the_store_and_is_no_upload_of_a_real_bid(app: Application, one: Practising) -> None:
    files = app.extensions["gongheng"].files
    one.begin()
    envelopes = [one.make(env, 1) for env in ("technical", "commercial")]
    real = one.browser.post(f"{API}/bid/seal", one.body(envelopes, practice=False))
    assert real.get_json()["code"] == "bid.seal.mixed"  # what came in for a real bid is not practised with
    assert one.browser.post(f"{API}/bid/seal", one.body([one.make(env, 1) for env in ("technical", "commercial")])).status_code == 200
    for envelope in [one.browser.get(f"{API}/bid/envelopes/{env}/ciphertext").data for env in ("technical", "commercial")]:
        with pytest.raises(NotFound):
            files.path(sha256(envelope).hex())


def test_the_same_key_or_ciphertext_cannot_be_sealed_twice(one: Practising) -> None:
    one.begin()
    envelopes = [one.make(env, 1) for env in ("technical", "commercial")]
    assert one.browser.post(f"{API}/bid/seal", one.body(envelopes)).status_code == 200
    again = [replace(one_of, sealed=replace(one_of.sealed, body=dict(one_of.sealed.body) | {"ver": 2})) for one_of in envelopes]
    assert one.browser.post(f"{API}/bid/seal", one.body(again)).get_json()["code"] == "bid.seal.copied"


@pytest.mark.parametrize("office", ["tenderer", "supervisor"])
def test_share_boxes_for_anybody_but_the_practice_offices_are_refused(one: Practising, office: str) -> None:
    one.begin()
    lot = one.lot_file()
    lot["offices"][office][0]["recipient"] = age.new_identity().recipient
    cheat = Practising(one.browser, one.person)
    object.__setattr__(cheat, "lot_file", lambda: lot)
    answer = cheat.browser.post(f"{API}/bid/seal", cheat.body([cheat.make(env, 1) for env in ("technical", "commercial")]))
    assert answer.get_json()["code"] == "bid.seal.recipient"


def test_nobody_else_reaches_a_practice(app: Application, staff: People, one: Practising) -> None:
    one.begin()
    receipt = one.seal()["receipts"][0]["id"]
    other = browser(app, staff.join(Role.BIDDER, org="乙方路桥有限公司"))
    officer, public = browser(app, staff.join(Role.SUPERVISOR, org="临江市住建局")), browser(app)
    for address in (
        "/bid",
        "/lot-file",
        f"/receipts/{receipt}",
        "/bid/envelopes/technical/ciphertext",
        "/bid/envelopes/technical/bidder-box",
    ):
        assert other.get(API + address).status_code == officer.get(API + address).status_code == 404, address
        assert public.get(API + address).status_code in (401, 403)
    assert public.get("/practice").status_code == 303
    assert public.get(f"/receipts/{receipt}").status_code in (404, 422)


def test_a_strangers_seals_are_refused_in_ones_own_practice(app: Application, staff: People, one: Practising) -> None:
    one.begin()
    person = staff.join(Role.BIDDER, org="乙方路桥有限公司")
    other = Practising(browser(app, person), person)
    other.begin()
    envelopes = [other.make(env, 1) for env in ("technical", "commercial")]
    body = other.body(envelopes)
    assert one.browser.post(f"{API}/bid/seal", body).status_code == 404  # the uploads are another's
    for part, envelope in zip(body["seals"], envelopes, strict=True):
        part["upload"] = str(one.upload(envelope.ciphertext))
    refused = one.browser.post(f"{API}/bid/seal", body)
    assert (refused.status_code, refused.get_json()["code"]) == (400, "act.other_person")


def test_without_a_practice_every_call_says_how_to_begin_one(one: Practising) -> None:
    for address in ("/bid", "/lot-file", "/receipts/PX-0123456789ABCDEF", "/bid/envelopes/technical/ciphertext"):
        answer = one.browser.get(API + address)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "practice.not_found"), address
    assert one.browser.client.put(f"{API}/bid/draft", json={}).status_code == 404
    assert one.browser.post("/practice/close", data={}).status_code == 404
    assert one.browser.post("/practice/end", data={}).status_code == 303


def test_an_opening_without_a_bid_is_refused_with_a_sentence(one: Practising) -> None:
    one.begin()
    answer = one.browser.client.post("/practice/close", data={}, headers={"Accept": "application/json"})
    assert answer.status_code == 409 and "还没有递交" in answer.text


@pytest.mark.parametrize(
    "rubbish", [b"", b"{}", b"[]", b'{"seals": []}', b'{"seals": [{"upload": "x"}]}', b"\xff\xfe", b'{"seals": 1e999}', b"{" * 3000]
)
def test_rubbish_is_refused_and_changes_nothing(door: Door, one: Practising, rubbish: bytes) -> None:
    one.begin()
    before = rows(door)
    for address in ("/bid/seal", "/bid/withdraw", "/opening/release"):
        answer = one.browser.client.post(API + address, data=rubbish, content_type="application/json")
        assert 400 <= answer.status_code < 500, (address, answer.status_code)
    assert rows(door) == before


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.EXPERT, Role.AGENCY])
def test_anybody_who_has_logged_in_may_practise(app: Application, staff: People, role: Role) -> None:
    person = staff.join(role, org="临江市某单位")
    practising = Practising(browser(app, person), person)
    practising.begin()
    assert practising.seal()["ver"] == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_state_of_the_page_bears_the_word(one: Practising, lang: str) -> None:
    def look() -> None:
        page = one.browser.page(f"/practice?lang={lang}")
        assert 'class="practicebar"' in page and re.search(r'<body class="practice"', page)
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        assert title is not None and VISIBLE in title[1]

    look()
    one.begin()
    look()
    one.seal()
    look()
    one.browser.post("/practice/close", data={})
    look()
    for env in ("technical", "commercial"):
        release(one, env)
    look()


def test_who_practises_is_in_no_log_line_and_on_nobody_elses_page(app: Application, door: Door, staff: People) -> None:
    host, lines = browser(app, staff.join(Role.CENTRE, org="临江市公共资源交易中心")), StringIO()
    admin = browser(app, staff.join(Role.ADMIN, org="临江市公共资源交易中心"))
    person = staff.join(Role.EXPERT, "临江大学")  # no bidder, whose every request is silent anyway
    one = Practising(browser(app, person), person)
    pages = ("/", "/work", "/notices", "/openings", "/admin/people", f"/admin/people/{person.person}", "/inbox", "/readyz")

    def shown() -> list[str]:
        return [told(who.get(address)) for who in (host, admin) for address in pages]

    before, counted = shown(), plain(browser(app).page("/metrics"))
    with lines_to(lines):
        one.begin()
        one.seal()
        one.browser.post("/practice/close", data={})
        tick(app)
    assert lines.getvalue() == "" and plain(browser(app).page("/metrics")) == counted
    assert shown() == before
    one.browser.post("/practice/end", data={})
    assert shown() == before


def test_the_area_is_guarded_and_silent(app: Application) -> None:
    found = [rule for rule in app.url_map.iter_rules() if "/practice" in rule.rule]
    assert len(found) >= 13
    for rule in found:
        view = app.view_functions[rule.endpoint]
        assert view.__gate__ == "signed_in" and view.__quiet__, rule.rule  # type: ignore[attr-defined]

"""The inbox and what belongs to it, as people see them: read, filtered, chosen, followed; and what an operator is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from app.factory import Application
from core.identity.domain.message import Discretion, Medium, Notice, Telling, Topic
from core.identity.models.sessions import LoginSession
from core.identity.queries import messages as queries
from core.identity.services import messages
from core.identity.web import texts_licence, texts_messages
from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.roles import Role
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.messages import SMS_KEY, inbox, reach, sms_gateway, tell
from tests.builders.people import People, Person
from tests.builders.trading import Tender, tender
from tests.builders.trading_web import Browser, application, browser
from trading.services import telling
from trading.web import texts_messages as trading_texts

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def door(engine: Engine, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[Door]:
    opened = Door(engine, platform_key, announced=telling.ANNOUNCED, clock_file=clock_file, readers=2)
    yield opened
    opened.close()


@pytest.fixture
def sms(tmp_path: Path, clock_file: Path) -> Iterator[Any]:
    with sms_gateway(tmp_path / "sms", clock_file) as running:
        yield running


@pytest.fixture
def app(settings: Settings, door: Door, sms: Any) -> Application:
    return application(replace(settings, sms_url=sms[1], sms_key=SMS_KEY), door)


@pytest.fixture
def person(door: Door) -> Person:
    return People(door).join(Role.BIDDER, "第一建筑工程有限公司", keys=False)


@pytest.fixture
def own(app: Application, person: Person) -> Browser:
    return browser(app, person)


def told(person: Person, words: str = "award.lost", topic: Topic = Topic.RESULT, title: str = "滨江路 一标段") -> None:
    event, notice = uuid4(), Notice(words, topic, "T2026-000001-1", title, "/lots/T2026-000001-1")
    person.door.perform(SYSTEM_ACTOR, lambda work: messages.tell(work, event, [(Telling(notice, Discretion.OPEN), [person.person])]))


def test_the_bell_counts_what_is_unread_and_a_message_opens_what_it_is_about(own: Browser, person: Person) -> None:
    assert "还没有消息" in own.page("/inbox")
    told(person)
    told(person, "close", Topic.PROGRESS)
    assert 'data-unread="2"' in own.page("/work") and own.get("/inbox/unread").get_json() == {"unread": 2}
    first = inbox(person)[0]
    answer = own.client.post(f"/inbox/{first.id}/open")
    assert (answer.status_code, answer.location) == (303, first.link)
    assert own.client.post(f"/inbox/{inbox(person)[1].id}/read").status_code == 303
    assert 'data-unread="0"' in own.page("/inbox")


def test_the_inbox_is_filtered_paged_and_read_at_one_stroke(own: Browser, person: Person) -> None:
    for number in range(queries.PAGE + 1):
        told(person, title=f"第{number}标段")
    told(person, "close", Topic.PROGRESS, "另一标段")
    page = own.page("/inbox?topic=result")
    assert "第30标段" in page and "第0标段" not in page and "另一标段" not in page
    onward = re.search(r'rel="next" href="([^"]+)"', page)
    assert onward is not None and "第0标段" in own.page(onward[1].replace("&amp;", "&"))
    assert own.client.post("/inbox/read").status_code == 303
    assert "没有这样的消息" in own.page("/inbox?unread=1")
    assert own.get("/inbox?topic=nonsense").status_code == 422 and own.get("/inbox?after=x").status_code == 422


def test_nobody_reads_or_opens_another_s_messages(app: Application, own: Browser, person: Person, door: Door) -> None:
    told(person)
    other = browser(app, People(door).join(Role.EXPERT, "临江大学", login="other", keys=False))
    for address in (f"/inbox/{inbox(person)[0].id}/open", f"/api/v1/me/messages/{inbox(person)[0].id}/read"):
        assert other.post(address, {}).status_code == 404
    assert other.get("/api/v1/me/messages").get_json()["messages"] == []
    assert own.get("/inbox/unread").get_json() == {"unread": 1}


def test_a_page_that_asks_by_itself_keeps_no_login_alive(own: Browser, door: Door) -> None:
    def seen(session: Any) -> list[Any]:
        return list(session.scalars(select(LoginSession.seen_at)))

    door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(update(LoginSession).values(seen_at=clock.now() - timedelta(minutes=5))))
    before = door.read(seen)
    own.get("/inbox/unread")
    assert door.read(seen) == before
    own.get("/inbox")
    assert door.read(seen) > before


def test_choices_are_kept_and_what_the_law_wants_told_stays(own: Browser, person: Person) -> None:
    shown = own.page("/me/messages")
    assert 'value="change.inbox" aria-label="变更与中止 站内消息" checked disabled' in shown
    answer = own.client.post("/me/messages", data={"ways": ["task.sms"], "quiet_begin": "21", "quiet_end": "8", "language": "en"})
    assert answer.status_code == 303
    choices = own.get("/api/v1/me/message-choices").get_json()
    assert choices["ways"] == ["change.inbox", "result.inbox", "task.sms"]
    assert (choices["quiet_begin"], choices["quiet_end"], choices["language"]) == (21, 8, "en")
    assert own.client.put("/api/v1/me/message-choices", json=choices | {"contacts": None}).status_code == 422
    wrong = own.client.post("/me/messages", data={"quiet_begin": "25", "quiet_end": "8", "language": "zh"})
    assert wrong.status_code == 422 and "请检查这一项" in wrong.text


def test_a_number_is_confirmed_by_the_code_that_was_sent_to_it(own: Browser, person: Person, sms: Any) -> None:
    gateway = sms[0]
    wrong = own.client.post("/me/contacts/sms", data={"address": "110"})
    assert wrong.status_code == 422 and "手机号码不正确" in wrong.text and 'value="110"' in wrong.text
    assert own.client.post("/me/contacts/sms", data={"address": "138 0013 8000"}).status_code == 303
    code = re.search(r"\d{6}", gateway.messages[0]["text"])
    assert code is not None and gateway.messages[0]["to"] == "13800138000"
    assert "验证码已发往 13800138000" in own.page("/me/messages")
    bad = own.client.post("/me/contacts/sms/confirm", data={"code": "000000" if code[0] != "000000" else "111111"})
    assert bad.status_code == 400 and "验证码不正确" in bad.text
    assert own.client.post("/me/contacts/sms/confirm", data={"code": code[0]}).status_code == 303
    assert own.get("/api/v1/me/message-choices").get_json()["contacts"]["sms"] == {"address": "13800138000", "asked": ""}
    assert "一分钟内只能发送一次" not in own.page("/me/messages")
    assert own.client.post("/me/contacts/sms/remove").status_code == 303
    assert own.get("/api/v1/me/message-choices").get_json()["contacts"] == {}


def test_a_way_that_is_not_open_or_down_says_so(own: Browser, sms: Any) -> None:
    assert "本平台没有开通这种方式" in own.page("/me/messages")
    closed = own.client.post("/me/contacts/mail", data={"address": "a@example.cn"})
    assert closed.status_code == 409 and "没有开通" in closed.text
    sms[0].handle("POST", "/sandbox/faults", "", b'{"down": 1}')
    down = own.client.post("/me/contacts/sms", data={"address": "13800138000"})
    assert down.status_code == 409 and "暂时发不出去" in down.text
    assert own.client.post("/me/contacts/pigeon", data={"address": "x"}).status_code == 404


def test_anybody_follows_a_lot_from_its_page_and_is_told_what_happens_to_it(app: Application, door: Door, clock_file: Path) -> None:
    world: Tender = tender(door, clock_file).noticed()
    visitor = world.crowd.join(Role.EXPERT, "临江大学", keys=False)
    own, public = browser(app, visitor), browser(app)
    assert "登录后关注" in public.page(f"/lots/{world.number}")
    assert public.client.post(f"/lots/{world.number}/follow").status_code == 401
    assert own.client.post(f"/lots/{world.number}/follow").status_code == 303
    assert "取消关注" in own.page(f"/lots/{world.number}") and world.number in own.page("/me/follows")
    assert world.lot.release_at is not None
    world.jump(world.lot.release_at)
    app.extensions["process"].clockwork.run_once("trading.open_bidding")
    tell(door)
    assert [view.words for view in inbox(visitor)] == ["bidding.open"]
    assert own.client.delete(f"/api/v1/lots/{world.number}/follow").get_json() == {"followed": False}
    assert "还没有关注的标段" in own.page("/me/follows")


def test_the_operator_sees_the_ways_and_their_faults_and_no_address(app: Application, door: Door, sms: Any, person: Person) -> None:
    admin = browser(app, People(door).join(Role.ADMIN, "数据管理局", login="admin1", keys=False))
    assert "尚未探测" in admin.page("/admin/channels") and "没有送不到的消息" in admin.page("/admin/channels")
    reach(person, Medium.SMS, "13800138000")
    sms[0].handle("POST", "/sandbox/faults", "", b'{"unknown_number": 1}')
    told(person)
    clockwork = app.extensions["process"].clockwork
    clockwork.run_once("outbox")
    clockwork.run_once("identity.channels")
    shown = admin.page("/admin/channels")
    assert "sms_422" in shown and person.name in shown and "正常" in shown and "13800138000" not in shown
    assert browser(app, person).get("/admin/channels").status_code == 403


def test_every_word_of_messages_has_its_english() -> None:
    houses = ("app", "core/identity", "core/web", "trading")
    files = [file for house in houses for file in (ROOT / house / "translations").glob("en*.po")]
    known = {str(message.id) for file in files for message in read_po(file.open("rb"), locale="en") if message.string}
    tables = (
        texts_licence.SENTENCES,
        texts_messages.SENTENCES,
        texts_messages.DONE,
        texts_messages.TOPICS,
        texts_messages.MEDIA,
        texts_messages.DELIVERIES,
    )
    said = [str(words) for table in (*tables, trading_texts.SENTENCES, trading_texts.FOLLOW_DONE) for words in table.values()]  # type: ignore[attr-defined]
    templates = [ROOT / "core/identity/templates/identity" / f"{name}.html" for name in ("inbox", "messages", "channels", "login")]
    written = [words for path in templates for words in re.findall(r"_\('((?:[^'\\]|\\.)*)'", path.read_text(encoding="utf-8"))]
    assert [words for words in (*said, str(texts_messages.CODE_TEXT), *written) if words not in known] == []

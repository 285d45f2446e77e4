"""Mail over a real SMTP server, SMS through the sandbox: what they are handed, and what becomes of a letter when they fail."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from app.factory import Application, create_app, shut_down
from core.identity.domain.message import Discretion, Language, Medium, Notice, QuietHours, Telling, Topic
from core.identity.gateway.channels import ChannelDown, Letter, SmsGateway, Undeliverable, signature
from core.identity.queries import messages as queries
from core.identity.services import messages
from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.roles import Role
from core.settings import SettingsFault, load
from tests.builders.messages import SMS_KEY, inbox, mail_server, reach, sms_gateway
from tests.builders.people import People, Person
from tests.contract.test_sandboxes import process

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def mail():
    with mail_server() as running:
        yield running


@pytest.fixture
def sms(tmp_path: Path, clock_file: Path):
    with sms_gateway(tmp_path / "sms", clock_file) as running:
        yield running


@pytest.fixture
def app(database: str, tmp_path: Path, clock_file: Path, mail, sms) -> Iterator[Application]:
    said = {
        "GONGHENG_DEMONSTRATION": "yes",
        "GONGHENG_DATA_DIR": str(tmp_path),
        "GONGHENG_DATABASE_URL": database,
        "GONGHENG_CLOCK_FILE": str(clock_file),
        "GONGHENG_MAIL_URL": mail.url,
        "GONGHENG_MAIL_FROM": "notice@ggzy.example.cn",
        "GONGHENG_SMS_URL": sms[1],
        "GONGHENG_SMS_KEY": SMS_KEY,
    }
    built = create_app(load(said))
    yield built
    shut_down(built)


@pytest.fixture
def person(app: Application) -> Person:
    who = People(app.extensions["gongheng"].door).join(Role.BIDDER, "第一建筑工程有限公司", keys=False)
    reach(who, Medium.MAIL, "zhang@example.cn")
    reach(who, Medium.SMS, "13800138000")
    return who


def tell(person: Person, topic: Topic = Topic.RESULT) -> None:
    notice = Notice("award.won", topic, "T2026-000001-1", "滨江路提升工程 一标段", "/lots/T2026-000001-1/award-notice")
    event = uuid4()
    person.door.perform(SYSTEM_ACTOR, lambda work: messages.tell(work, event, [(Telling(notice, Discretion.OPEN), [person.person])]))


def deliver(app: Application) -> None:
    app.extensions["process"].clockwork.run_once("outbox")


def states(person: Person) -> dict[str, str]:
    return {medium.value: state.value for medium, state in inbox(person)[-1].sent}


@pytest.mark.parametrize("said", [(Language.CHINESE, "贵单位中标", "编号："), (Language.ENGLISH, "You have won", "Number:")])
def test_a_letter_says_what_happened_to_which_lot_what_to_do_and_where(app, person, mail, sms, said) -> None:
    language, what, site = said
    person.door.perform(person.actor, lambda work: messages.choose(work, {}, language, QuietHours(0, 0)))
    tell(person)
    deliver(app)
    (address, raw), *more = mail.mails
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    assert (address, letter["From"].addresses[0].addr_spec, more) == ("zhang@example.cn", "notice@ggzy.example.cn", [])
    assert what in letter["Subject"] and letter["Auto-Submitted"] == "auto-generated" and letter["Message-ID"].endswith("@ggzy.example.cn>")
    text = letter.get_content()
    assert all(words in text for words in (what, site, "T2026-000001-1", "http://localhost:8000/lots/T2026-000001-1/award-notice"))
    (short,) = sms[0].messages
    assert short["to"] == "13800138000" and what in short["text"] and "T2026-000001-1" in short["text"] and len(short["text"]) < 300
    assert states(person) == {"mail": "sent", "sms": "sent"}


def test_a_dead_channel_holds_up_no_other_and_what_it_missed_comes_later(app, person, mail, sms, monkeypatch) -> None:
    sms[0].handle("POST", "/sandbox/faults", "", b'{"down": 1}')
    tell(person)
    deliver(app)
    assert states(person) == {"mail": "sent", "sms": "waiting"}
    monkeypatch.setattr(
        "core.kernel.outbox.database_clock", lambda _session: clock.now() + messages.has_waited_too_long.__globals__["PATIENCE"]
    )
    deliver(app)
    assert states(person) == {"mail": "sent", "sms": "sent"}
    assert len(mail.mails) == 1 and len(sms[0].messages) == 1


def test_an_address_that_is_refused_for_ever_is_not_tried_again_and_the_operator_sees_it_without_the_address(
    app, person, mail, sms
) -> None:
    mail.refuse = "550 no such mailbox zhang@example.cn"
    sms[0].handle("POST", "/sandbox/faults", "", b'{"unknown_number": 1}')
    tell(person)
    deliver(app)
    mail.refuse = ""
    deliver(app)
    assert states(person) == {"mail": "failed", "sms": "failed"}
    lines = person.door.read(queries.failures)
    assert {line.fault for line in lines} == {"smtp_550", "sms_422"}
    assert "example" not in str(lines) and "138" not in str(lines)


def test_a_mailbox_that_is_full_for_now_is_tried_again(app, person, mail) -> None:
    mail.refuse = "450 mailbox busy"
    tell(person)
    deliver(app)
    assert states(person)["mail"] == "waiting"


def test_the_ways_outside_are_knocked_at_and_found_open_or_shut(app, person, mail, sms) -> None:
    clockwork: Callable[[str], object] = app.extensions["process"].clockwork.run_once
    clockwork("identity.channels")
    assert {view.medium: view.fault for view in person.door.read(queries.health)} == {Medium.MAIL: "", Medium.SMS: ""}
    sms[0].handle("POST", "/sandbox/faults", "", b'{"down": 1}')
    mail.stop()
    clockwork("identity.channels")
    found = {view.medium: view for view in person.door.read(queries.health)}
    assert (found[Medium.SMS].fault, found[Medium.MAIL].fault) == ("sms_503", "ConnectionRefusedError")
    assert all(view.ok_at and view.failed_at for view in found.values())


# The gateway's protocol, spoken to its own process


@pytest.mark.usefixtures("database")
def test_the_gateway_takes_each_id_once_and_only_with_the_right_signature(tmp_path: Path) -> None:
    with ExitStack() as stack:
        client, said = stack.enter_context(process("sandbox-sms", "--state", tmp_path, "--port", 0))
        gateway = SmsGateway(said["url"], said["key"])
        letter = Letter(str(uuid4()), "", "【公衡】投标已截止。", clock.now())
        gateway.probe()
        gateway.send("13800138000", letter)
        gateway.send("13800138000", letter)
        with pytest.raises(Undeliverable, match="sms_409"):
            gateway.send("13800138001", letter)
        with pytest.raises(Undeliverable, match="sms_422"):
            gateway.send("110", Letter(str(uuid4()), "", "x", clock.now()))
        with pytest.raises(ChannelDown, match="sms_401"):
            SmsGateway(said["url"], "another key altogether").send("13800138000", Letter(str(uuid4()), "", "x", clock.now()))
        old = {"id": "1", "to": "13800138000", "text": "x", "sent_at": "2020-01-01T00:00:00.000Z"}
        assert client.post("/v1/messages", json=old | {"signature": signature(said["key"], old)}).status_code == 401
        for nonsense in (b"", b"[]", b'{"id": 1}', b"\xff"):
            assert client.post("/v1/messages", content=nonsense).status_code == 400
        assert [one["text"] for one in client.get("/sandbox/messages").json()["messages"]] == ["【公衡】投标已截止。"]
    with process("sandbox-sms", "--state", tmp_path, "--port", 0) as (client, again):
        assert again["key"] == said["key"]
        assert len(client.get("/sandbox/messages").json()["messages"]) == 1


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "wrong",
    [
        {"GONGHENG_MAIL_URL": "http://mail.example.cn", "GONGHENG_MAIL_FROM": "a@example.cn"},
        {"GONGHENG_MAIL_URL": "smtp://user:secret@mail.example.cn", "GONGHENG_MAIL_FROM": "a@example.cn"},
        {"GONGHENG_MAIL_URL": "smtp://mail.example.cn"},
        {"GONGHENG_SMS_URL": "https://sms.example.cn", "GONGHENG_SMS_KEY": "short"},
    ],
)
def test_settings_that_cannot_work_are_named(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsFault, match=r"GONGHENG_(MAIL|SMS)"):
        load({"GONGHENG_DEMONSTRATION": "yes", "GONGHENG_DATA_DIR": str(tmp_path)} | wrong)

"""Calls over HTTP: the expert's signed answer, and the telephone's keys, which are believed for their signature."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.factory import create_app, shut_down
from app.sandbox.state import StateFolder
from app.sandbox.voice import SandboxVoice
from core.identity.gateway.channels import ChannelDown, Undeliverable
from core.kernel import clock, jcs
from core.settings import Settings, SettingsFault, load
from evaluation.gateway_calls import VoiceCall, VoiceGateway
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import tender
from tests.web.evaluation_world import Client, envelope_json

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


@pytest.fixture
def room(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch)).ready()


def test_an_expert_answers_by_a_signature_for_the_call_alone(room: Room, app: Any) -> None:
    room.drawn()
    who = room.called[0]
    [call] = Client(app, who).get("/me/calls").get_json()["calls"]
    act = who.act("call.answer", call["call"], "", 0, {"answer": "come", "cause": "", "note": ""})
    posted = {"envelope": envelope_json(act.envelope)}
    path = f"/calls/{call['call']}/answers"
    assert Client(app, room.tender.bidders[0]).send("POST", path, posted).status_code == 403
    mine = Client(app, who)
    assert mine.send("POST", path, posted).get_json() == {"state": "confirmed"}
    assert mine.send("POST", path, posted).get_json() == {"state": "confirmed"}
    assert mine.get("/me/seats").get_json() == {"seats": []}


def pressed(call: str, digit: str, room: Room) -> dict[str, Any]:
    said = {"id": f"key-{digit}", "call": call, "digit": digit, "at": clock.text(room.tender.now)}
    return said | {"signature": base64.b64encode(KEY.sign(jcs.canonical(dict(said)))).decode()}


def test_a_key_needs_no_session_but_its_signature(room: Room, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    room.drawn(gateway=KEY.public_key().public_bytes_raw().hex())
    from evaluation.services import calls
    from tests.services.test_calls import rows

    one, two, *_ = rows(room).values()
    for row in (one, two):
        room.perform_as_clock(lambda work, row=row: calls.placed(work, row.id))
    gateway = app.test_client()

    def post(number: str, body: dict[str, Any]) -> Any:
        return gateway.post(f"/api/v1/calls/{number}/keys", json=body)

    good = pressed(one.number, "1", room)
    assert post(one.number, good | {"signature": "c2ln"}).status_code in (400, 403, 422)
    assert post(two.number, good).status_code == 422
    assert post(one.number, good | {"digit": "7"}).status_code == 422
    answer = post(one.number, good)
    assert answer.status_code == 200 and answer.get_json() == {"state": "confirmed"}
    assert post(one.number, good).get_json() == {"state": "confirmed"}


def test_the_sandbox_takes_a_call_once_and_presses_keys_that_the_platform_believes(tmp_path: Path) -> None:
    sandbox = SandboxVoice(StateFolder(tmp_path), "k" * 16, None)
    gateway = VoiceGateway("http://voice", "k" * 16, client=Wired(sandbox))  # type: ignore[arg-type]
    call = VoiceCall("CALL-ABCDEFGHJKLM", "13800000000", "请按键", "http://localhost/api/v1/calls/CALL-ABCDEFGHJKLM/keys", clock.now())
    gateway.ring(call)
    gateway.ring(call)
    assert [one["id"] for one in sandbox.calls] == ["CALL-ABCDEFGHJKLM"]
    said = sandbox.answer("CALL-ABCDEFGHJKLM", "1")
    signature = base64.b64decode(str(said.pop("signature")))
    Ed25519PrivateKey.from_private_bytes(StateFolder(tmp_path).read("signer") or b"").public_key().verify(signature, jcs.canonical(said))
    sandbox.handle("POST", "/sandbox/faults", "", b'{"down": 1, "unreachable": 1}')
    with pytest.raises(ChannelDown):
        gateway.ring(VoiceCall("CALL-2", "13800000000", "", "", clock.now()))
    with pytest.raises(Undeliverable):
        gateway.ring(VoiceCall("CALL-2", "13800000000", "", "", clock.now()))
    with pytest.raises(ChannelDown):
        VoiceGateway("http://voice", "x" * 16, client=Wired(sandbox)).ring(call)  # type: ignore[arg-type]
    assert sandbox.handle("POST", "/sandbox/press", "", b'{"call": "CALL-9", "digit": "1"}').status == 404
    assert sandbox.handle("POST", "/v1/calls", "", b"{").status == 400


class Wired:
    """An HTTP client whose other end is the sandbox itself."""

    def __init__(self, sandbox: SandboxVoice) -> None:
        self._sandbox = sandbox

    def post(self, url: str, json: Any) -> Any:
        answer = self._sandbox.handle("POST", "/v1/calls", "application/json", dumps(json))

        class Answered:
            status_code = answer.status

        return Answered


def dumps(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_a_voice_gateway_needs_its_keys(tmp_path: Path) -> None:
    told = {"GONGHENG_DEMONSTRATION": "yes", "GONGHENG_DATA_DIR": str(tmp_path), "GONGHENG_VOICE_URL": "http://voice.example.cn"}
    with pytest.raises(SettingsFault, match="VOICE_KEY"):
        load(told | {"GONGHENG_VOICE_KEY": "short"})
    with pytest.raises(SettingsFault, match="VOICE_SIGNER"):
        load(told | {"GONGHENG_VOICE_KEY": "k" * 16})
    assert load(told | {"GONGHENG_VOICE_KEY": "k" * 16, "GONGHENG_VOICE_SIGNER": "ab" * 32}).voice_signer == "ab" * 32

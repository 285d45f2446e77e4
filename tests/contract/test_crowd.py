"""The cases of the public test suites of Engine.IO 4 and Socket.IO 5, over raw sockets, and rooms: the library as it comes, and ours.

What the pinned library itself does otherwise than the suites ask is the same on both and stands here as it is: `put` is refused with
405; a client that polls twice, or breaks off a poll, keeps its session; who never connects to a namespace is not put off; an unknown
namespace is refused in other words.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from websocket import ABNF, WebSocket, WebSocketException, create_connection

ROOT = Path(__file__).resolve().parents[2]
POLLING = "EIO=4&transport=polling"
WEBSOCKET = "EIO=4&transport=websocket"
PROTOCOLS = ("engine.io", "socket.io")


@dataclass(frozen=True)
class Site:
    """A running server."""

    port: int
    mode: str

    def http(self, method: str, query: str, protocol: str = "engine.io", **more: Any) -> httpx.Response:
        return httpx.request(method, f"http://127.0.0.1:{self.port}/{protocol}/?{query}", timeout=20, **more)

    def open(self, query: str = WEBSOCKET, protocol: str = "socket.io") -> WebSocket:
        return create_connection(f"ws://127.0.0.1:{self.port}/{protocol}/?{query}", timeout=20)

    def session(self, protocol: str = "engine.io") -> str:
        """A session over long polling; returns its query."""
        sid = json.loads(self.http("GET", POLLING, protocol).text[1:])["sid"]
        return f"{POLLING}&sid={sid}"

    def talk(self, name: str = "/") -> WebSocket:
        """A Socket.IO connection to a namespace, greeted."""
        line = self.open()
        line.recv()
        line.send("40" if name == "/" else f"40{name},")
        assert said(line).startswith("40")
        assert "auth" in said(line)
        return line


def said(line: WebSocket) -> Any:
    """The next message but pings, which are answered."""
    while (message := line.recv()) == "2":
        line.send("3")
    return message


def asked(line: WebSocket, *event: Any, number: int = 1) -> Any:
    """Sends an event and reads until it is answered; returns what came before, and the answer."""
    line.send(f"42{number}{json.dumps(event)}")
    before = []
    while not (message := said(line)).startswith(f"43{number}"):
        before.append(message)
    return before, json.loads(message.removeprefix(f"43{number}"))


def ends(line: WebSocket) -> bool:
    """Whether the server closes, whatever it says before."""
    with suppress(WebSocketException, ConnectionError):  # the library alone sends a page of HTTP down the line, which is no frame
        while True:
            opcode, _ = line.recv_data()
            if opcode == ABNF.OPCODE_CLOSE:
                return True
    return True


@contextmanager
def serving(mode: str, ping: int) -> Iterator[Site]:
    command = [sys.executable, "-m", "tests.contract.crowd_server", mode, str(ping)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield Site(int(process.stdout.readline()), mode)  # type: ignore[union-attr]
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module", params=["stock", "crowd"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    with serving(request.param, 1) as running:
        yield running


# Engine.IO: handshake


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_session_is_opened_by_polling(site: Site, protocol: str) -> None:
    answer = site.http("GET", POLLING, protocol)
    assert answer.status_code == 200 and answer.text.startswith("0")
    opened = json.loads(answer.text[1:])
    assert isinstance(opened.pop("sid"), str)
    assert opened == {"upgrades": ["websocket"], "pingInterval": 1000, "pingTimeout": 3000, "maxPayload": 1_000_000}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_session_is_opened_by_websocket(site: Site, protocol: str) -> None:
    opened = json.loads(site.open(protocol=protocol).recv()[1:])
    assert isinstance(opened.pop("sid"), str)
    assert opened == {"upgrades": [], "pingInterval": 1000, "pingTimeout": 3000, "maxPayload": 1_000_000}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("query", ["transport={}", "EIO=abc&transport={}", "EIO=4&transport=abc", "EIO=4&transport={}&sid=none"])
def test_a_wrong_query_opens_nothing(site: Site, protocol: str, query: str) -> None:
    assert site.http("GET", query.format("polling"), protocol).status_code == 400
    with pytest.raises(WebSocketException, match="400"):
        site.open(query.format("websocket"), protocol)


def test_a_websocket_without_its_transport_is_refused(site: Site) -> None:
    assert site.http("GET", "EIO=4").status_code == 200  # polling is what the library takes for granted
    with pytest.raises(WebSocketException):
        site.open("EIO=4")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_wrong_method_is_refused(site: Site, protocol: str) -> None:
    assert site.http("POST", POLLING, protocol).status_code == 400
    assert site.http("PUT", POLLING, protocol).status_code == 405


# Engine.IO: messages


@pytest.mark.parametrize("body", ["4hello", "4test1\x1e4test2\x1e4test3", "4hello\x1ebAQIDBA=="])
def test_payloads_come_back_by_polling(site: Site, body: str) -> None:
    query = site.session()
    pushed = site.http("POST", query, content=body)
    assert (pushed.status_code, pushed.text.lower()) == (200, "ok")
    polled = site.http("GET", query)
    assert (polled.status_code, polled.text) == (200, body)


def test_text_and_bytes_come_back_by_websocket(site: Site) -> None:
    line = site.open(protocol="engine.io")
    line.recv()
    for sent in ("4hello", b"\x01\x02\x03\x04", "4" + "长" * 300, bytes(range(256)) * 300, "4" + "y" * 70_000):
        (line.send_binary if isinstance(sent, bytes) else line.send)(sent)
        assert said(line) == sent


def test_a_packet_in_no_format_ends_the_session(site: Site) -> None:
    line = site.open(protocol="engine.io")
    line.recv()
    line.send("abc")
    assert ends(line)


def test_frames_in_pieces_and_the_websockets_own_pings_are_taken(site: Site) -> None:
    line = site.open(protocol="engine.io")
    line.recv()
    line.send_frame(ABNF.create_frame("4hel", ABNF.OPCODE_TEXT, 0))
    line.ping("between")
    line.send_frame(ABNF.create_frame("lo", ABNF.OPCODE_CONT, 1))
    came = {line.recv_data(control_frame=True) for _ in range(2)}
    assert came == {(ABNF.OPCODE_PONG, b"between"), (ABNF.OPCODE_TEXT, b"4hello")}


def test_a_message_larger_than_allowed_ends_the_session(site: Site) -> None:
    line = site.open(protocol="engine.io")
    line.recv()
    with suppress(ConnectionError):  # it may be gone before all is sent
        line.send("4" + "z" * 1_100_000)
    assert ends(line)


# Engine.IO: heartbeat, close, upgrade


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pings_are_sent_by_polling_and_silence_ends_the_session(site: Site, protocol: str) -> None:
    query = site.session(protocol)
    for _ in range(2):
        assert site.http("GET", query, protocol).text == "2"
        assert site.http("POST", query, protocol, content="3").status_code == 200
    assert site.http("GET", query, protocol).text == "2"
    time.sleep(5)
    site.http("GET", query, protocol)  # the closing packet, where it is polled in time
    assert site.http("GET", query, protocol).status_code == 400


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pings_are_sent_by_websocket_and_silence_ends_the_session(site: Site, protocol: str) -> None:
    line = site.open(protocol=protocol)
    line.recv()
    for _ in range(2):
        assert line.recv() == "2"
        line.send("3")
    began = time.monotonic()
    assert ends(line) and 3 < time.monotonic() - began < 15


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_session_is_closed_by_polling(site: Site, protocol: str) -> None:
    query = site.session(protocol)
    polled: list[httpx.Response] = []
    polling = threading.Thread(target=lambda: polled.append(site.http("GET", query, protocol)))
    polling.start()
    time.sleep(0.1)
    assert site.http("POST", query, protocol, content="1").status_code == 200
    polling.join()
    assert polled[0].status_code == 400 or polled[0].text in ("", "2", "6")  # on a busy machine it came last, or a ping was first
    assert site.http("GET", query, protocol).status_code == 400


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_session_is_closed_by_websocket(site: Site, protocol: str) -> None:
    line = site.open(protocol=protocol)
    line.recv()
    line.send("1")
    assert ends(line)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_polling_is_upgraded_and_not_asked_again(site: Site, protocol: str) -> None:
    query = site.session(protocol)
    line = site.open(query.replace("polling", "websocket"), protocol)
    line.send("2probe")
    assert line.recv() == "3probe"
    polled = site.http("GET", query, protocol)
    assert (polled.status_code, polled.text) == (200, "6")
    line.send("5")
    line.send("4hello" if protocol == "engine.io" else "40")
    came = said(line)
    if came == "6" and site.mode == "stock":  # the library alone sends the packet that has ended the poll once more
        came = said(line)
    assert came.startswith("4hello" if protocol == "engine.io" else "40{")
    assert site.http("GET", query, protocol).status_code == 400
    with pytest.raises((WebSocketException, ConnectionError)):
        site.open(query.replace("polling", "websocket"), protocol).recv()
    line.send("4again" if protocol == "engine.io" else '42["message","again"]')
    assert "again" in next(message for message in iter(lambda: said(line), "") if "auth" not in message)


def test_a_session_goes_on_polling_when_the_probe_is_wrong(site: Site) -> None:
    query = site.session()
    line = site.open(query.replace("polling", "websocket"), "engine.io")
    line.send("2other")
    assert ends(line)
    assert site.http("POST", query, content="4still").status_code == 200
    assert site.http("GET", query).text == "4still"


# Socket.IO


@pytest.mark.parametrize("name", ["", "/custom,"])
@pytest.mark.parametrize("auth", [{}, {"token": "123"}])
def test_a_namespace_is_connected_to(site: Site, name: str, auth: dict[str, str]) -> None:
    line = site.open()
    line.recv()
    line.send(f"40{name}{json.dumps(auth) if auth else ''}")
    answer = line.recv()
    assert answer.startswith(f"40{name}") and list(json.loads(answer.removeprefix(f"40{name}"))) == ["sid"]
    assert said(line) == f'42{name}["auth",{json.dumps(auth, separators=(",", ":"))}]'


def test_an_unknown_namespace_is_refused(site: Site) -> None:
    line = site.open()
    line.recv()
    line.send("40/random")
    assert said(line).startswith("44/random,")


def test_who_leaves_one_namespace_is_still_in_the_other(site: Site) -> None:
    line = site.talk()
    line.send("40/custom")
    assert said(line).startswith("40/custom,") and said(line) == '42/custom,["auth",{}]'
    line.send("41/custom")
    line.send('42["message","message to main namespace"]')
    assert said(line) == '42["message-back","message to main namespace"]'


def test_who_leaves_the_namespace_keeps_the_session(site: Site) -> None:
    line = site.talk()
    line.send("41")
    assert line.recv() == "2"


def test_messages_come_back_and_are_answered(site: Site) -> None:
    line = site.talk()
    line.send('42["message",1,"2",{"3":[true]}]')
    assert said(line) == '42["message-back",1,"2",{"3":[true]}]'
    line.send('42456["message-with-ack",1,"2",{"3":[false]}]')
    assert said(line) == '43456[1,"2",{"3":[false]}]'


@pytest.mark.parametrize(("sent", "back"), [('452-["message",', '452-["message-back",'), ('462-789["message-with-ack",', None)])
def test_bytes_come_back(site: Site, sent: str, back: str | None) -> None:
    line = site.talk()
    places = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]'
    line.send(("452-789" + sent.removeprefix("462-789") if back is None else sent) + places)
    line.send_binary(b"\x01\x02\x03")
    line.send_binary(b"\x04\x05\x06")
    assert [said(line) for _ in range(3)] == [(back or "462-789[") + places, b"\x01\x02\x03", b"\x04\x05\x06"]


# Rooms, whoever is in them


def test_a_room_hears_what_is_said_and_whoever_leaves_no_longer(site: Site) -> None:
    one, two, three = (site.talk() for _ in range(3))
    for line in (one, two):
        assert asked(line, "enter", "hall")[1] == ["in"]
    three.send('42["say","hall",{"n":1}]')
    assert said(one) == said(two) == '42["said",{"n":1}]'
    assert asked(two, "leave", "hall")[1] == ["out"]
    three.send('42["say","hall",2]')
    assert said(one) == '42["said",2]'
    assert asked(two, "message-with-ack")[0] == [] == asked(three, "message-with-ack")[0]


def test_everybody_hears_what_is_said_to_all_but_whoever_is_left_out(site: Site) -> None:
    one, two = site.talk("/custom"), site.talk("/custom")
    one.send('42/custom,["say",null,"all"]')
    assert said(one) == said(two) == '42/custom,["said","all"]'
    for line in (one, two):
        line.send('42/custom,7["enter","some"]')
        assert said(line) == '43/custom,7["in"]'
    one.send('42/custom,["others","some","not you"]')
    assert said(two) == '42/custom,["said","not you"]'


def test_a_room_of_all_kinds_hears_the_same(site: Site) -> None:
    """One member polls, one came by polling and was upgraded, one is on a WebSocket."""
    polling, upgraded, direct = site.session("socket.io"), site.session("socket.io"), site.talk()
    for query in (polling, upgraded):
        site.http("POST", query, "socket.io", content='40\x1e4200["enter","mixed"]')
    heard = site.http("GET", polling, "socket.io").text
    line = site.open(upgraded.replace("polling", "websocket"))
    line.send("2probe")
    assert line.recv() == "3probe"
    line.send("5")
    assert asked(direct, "enter", "mixed")[1] == ["in"]
    before, _ = asked(direct, "fill", "mixed", 20, 10)
    assert [json.loads(message[2:])[1]["n"] for message in before] == list(range(20))
    numbers: list[int] = []
    while len(numbers) < 20:
        if "said" in (message := said(line)):
            numbers.append(json.loads(message[2:])[1]["n"])
    assert numbers == list(range(20))
    while heard.count('"said"') < 20:
        heard += "\x1e" + site.http("GET", polling, "socket.io").text
    told = [json.loads(packet[2:])[1]["n"] for packet in heard.split("\x1e") if packet.startswith('42["said"')]
    assert told == list(range(20))


def test_bytes_to_a_room_come_in_their_place(site: Site) -> None:
    line = site.talk()
    asked(line, "enter", "bytes")
    line.send('42["say","bytes",1]')
    line.send('451-["say","bytes",{"_placeholder":true,"num":0}]')
    line.send_binary(b"\x07")
    line.send('42["say","bytes",3]')
    assert [said(line) for _ in range(4)] == ['42["said",1]', '451-["said",{"_placeholder":true,"num":0}]', b"\x07", '42["said",3]']


def test_a_client_in_two_rooms_hears_everything_in_the_order_in_which_it_was_said(site: Site) -> None:
    line, other = site.talk(), site.talk()
    for room in ("left", "right"):
        asked(line, "enter", room)
    asked(other, "enter", "left")
    before, answer = asked(line, "twice", "left", "right")
    assert before == [*(f'42["said",{n}]' for n in range(6)), '42["own",6]', '42["said",7]'] and answer == ["done"]
    assert [said(other) for _ in range(4)] == [f'42["said",{n}]' for n in (0, 2, 4, 7)]


def test_one_who_does_not_read_is_told_to_be_behind_and_then_hears_what_is_new() -> None:
    with serving("crowd", 60) as site:
        slow, speaker = site.talk(), site.talk()
        asked(slow, "enter", "hall")
        assert asked(speaker, "fill", "hall", 12_000, 1000) == ([], ["filled"])
        slow.send('429["message-with-ack","still here"]')
        came = [said(slow)]
        while '42["behind"]' not in came or '439["still here"]' not in came:
            came.append(said(slow))
        numbers = [json.loads(message[2:])[1]["n"] for message in came if "said" in message]
        assert numbers == list(range(len(numbers))) and len(numbers) < 12_000
        assert came.count('42["behind"]') == 1
        speaker.send('42["say","hall","new"]')
        assert said(slow) == '42["said","new"]'

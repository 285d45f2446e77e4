"""What leaves over one WebSocket, with clients that read as fast, as slowly or as little as they like."""

from __future__ import annotations

import random
import socket as sockets
from collections.abc import Callable
from contextlib import suppress

import gevent
import pytest
from gevent import socket

from core.web import outgoing
from core.web.outgoing import BOUND, CLOSE, END, Outbox, frame

NOTICE = frame('42/opening,["behind"]')


class Client:
    """The other end: takes the frames apart as they come."""

    def __init__(self, end: socket.socket) -> None:
        self.end, self.rest, self.heard, self.is_over = end, b"", list[bytes](), False

    def read(self, most: int = 65_536) -> None:
        came = self.end.recv(most)
        self.is_over = self.is_over or not came
        self.rest += came
        while (found := self._first()) is not None:
            self.heard.append(found)

    def _first(self) -> bytes | None:
        """RFC 6455 §5.2, read by somebody else than who wrote it."""
        if len(self.rest) < 2:
            return None
        assert self.rest[0] in (0x81, 0x82, 0x88), "a frame begins in the middle of another"
        head, size = 2, self.rest[1]
        assert size < 128
        if size > 125:
            head = 4 if size == 126 else 10
            size = int.from_bytes(self.rest[2:head], "big")
        if len(self.rest) < head + size:
            return None
        found, self.rest = self.rest[head : head + size], self.rest[head + size :]
        return found

    def all_there_is(self) -> None:
        while not self.is_over:
            with gevent.Timeout(0.2, False):
                self.read()
                continue
            break


@pytest.fixture
def pair() -> tuple[Outbox, Client]:
    near, far = socket.socketpair()
    near.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, 8192)
    return Outbox(near), Client(far)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
@pytest.mark.parametrize("kind", [lambda n: "a" * n, lambda n: b"\x00" * n], ids=["text", "bytes"])
def test_frames_of_every_length_are_read_as_they_were_written(pair: tuple[Outbox, Client], size: int, kind: Callable) -> None:
    outbox, client = pair
    outbox.send(frame(kind(size)))
    client.all_there_is()
    payload = kind(size)
    assert client.heard == [payload.encode() if isinstance(payload, str) else payload] and not client.rest


def test_a_frame_says_whether_it_is_text() -> None:
    assert frame("长")[:2] == b"\x81\x03" and frame(b"x")[:2] == b"\x82\x01"


def test_a_slow_reader_hears_everything_in_order_and_whole_whoever_writes(pair: tuple[Outbox, Client]) -> None:
    outbox, client = pair
    chance, count = random.Random(3), 3000

    def write() -> None:
        for n in range(count):
            said = frame(f"{n}:" + "x" * chance.randrange(600))
            outbox.send(said) if chance.random() < 0.3 else outbox.tell(said, NOTICE)
            if chance.random() < 0.1:
                gevent.sleep(0)

    writing = gevent.spawn(write)
    while len(client.heard) < count:
        client.read(chance.choice([1, 7, 300, 5000]))
    writing.join()
    assert [int(said.partition(b":")[0]) for said in client.heard] == list(range(count)) and not outbox.waiting


def test_one_who_does_not_read_is_bounded_told_once_and_then_hears_what_is_new(pair: tuple[Outbox, Client]) -> None:
    outbox, client = pair
    for n in range(20_000):
        outbox.tell(frame(f"{n}:" + "x" * 400), NOTICE)
        assert outbox.waiting <= BOUND
        if n % 1000 == 0:
            outbox.send(frame(f"answer {n}"))
    assert outbox.is_behind and outbox.waiting < BOUND // 4  # nothing is kept for one who must ask anyway
    client.all_there_is()
    assert not outbox.is_behind and not outbox.waiting
    answers = [said for said in client.heard if said.startswith(b"answer")]
    assert answers == [f"answer {n}".encode() for n in range(0, 20_000, 1000)]  # these cannot be fetched again
    numbers = [int(said.partition(b":")[0]) for said in client.heard if b":" in said]
    assert numbers == list(range(len(numbers)))  # what came before the gap came whole
    assert client.heard.count(NOTICE[2:]) == 1
    client.heard.clear()
    outbox.tell(frame("20000:"), NOTICE)
    client.all_there_is()
    assert client.heard == [b"20000:"]


def test_the_notice_comes_after_everything_told_until_it_left(pair: tuple[Outbox, Client]) -> None:
    """Whoever asks on hearing it misses nothing: what is told after it has left is heard."""
    outbox, client = pair
    n, heard_after = 0, -1
    while not outbox.is_behind:
        outbox.tell(frame(f"{n}:" + "x" * 900), NOTICE)
        n += 1
    while outbox.is_behind:
        outbox.tell(frame(f"{n}:" + "x" * 900), NOTICE)
        n += 1
        client.read(700)
    told_until = n
    outbox.tell(frame(f"{n}:"), NOTICE)
    client.all_there_is()
    heard_after = client.heard.index(NOTICE[2:])
    assert [int(said.partition(b":")[0]) for said in client.heard[heard_after + 1 :]] == [told_until]


def test_each_namespace_that_misses_something_has_its_notice(pair: tuple[Outbox, Client]) -> None:
    outbox, client = pair
    other = frame('42/evaluation,["behind"]')
    for _ in range(3000):
        outbox.tell(frame("x" * 500), NOTICE)
    outbox.tell(frame("y"), other)
    outbox.tell(frame("z"), other)
    client.all_there_is()
    assert client.heard[-2:] == [NOTICE[2:], other[2:]]


def test_one_who_takes_no_answer_either_is_put_off_the_line(pair: tuple[Outbox, Client]) -> None:
    outbox, client = pair
    sent = 0
    while not outbox.is_broken:
        sent += outbox.send(frame("x" * 5000))
    assert END <= sent < END + (1 << 20) and not outbox.waiting
    client.all_there_is()
    assert client.is_over
    assert outbox.send(b"more") == 4  # nobody is told by an exception in the middle of a room
    outbox.tell(b"more", NOTICE)


def test_closing_lets_what_waits_leave_and_says_so(pair: tuple[Outbox, Client]) -> None:
    outbox, client = pair
    for n in range(400):
        outbox.send(frame(f"{n}:" + "x" * 300))
    outbox.finish()
    outbox.finish()
    outbox.tell(frame("late"), NOTICE)
    client.all_there_is()
    assert len(client.heard) >= 401 and client.heard[400] == CLOSE[2:] and client.is_over


def test_one_who_does_not_take_the_closing_is_not_waited_for(pair: tuple[Outbox, Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "LINGER", 0.05)
    outbox, client = pair
    outbox.send(frame("x" * 200_000))
    outbox.finish()
    gevent.sleep(0.2)
    assert outbox.is_broken
    client.all_there_is()
    assert client.is_over


def test_a_line_that_breaks_while_something_waits_ends_quietly(pair: tuple[Outbox, Client]) -> None:
    outbox, client = pair
    outbox.send(frame("x" * 200_000))
    assert outbox.waiting
    client.end.close()
    gevent.sleep(0.05)
    assert outbox.is_broken and not outbox.waiting
    with suppress(ConnectionError):  # the reader hears of it in either way
        assert outbox.recv(10) == b""
    outbox.close()

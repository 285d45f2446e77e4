"""What a sibling process or a client sends wrongly is logged by its kind and the place of the fault, never by a word of what was sent."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.web import logs
from core.web.siblings import Siblings
from core.web.websockets import _taken

SECRET = "第三家投标人报价 12480000.00"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log as it is written, from now on."""
    said, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", said)
    logs.configure()
    yield said
    root.handlers[:], root.level = before[0], before[1]


@pytest.fixture
def pair() -> tuple[Siblings, Siblings]:
    """Two processes of one platform."""
    return Siblings("redis://nowhere", "k" * 40), Siblings("redis://nowhere", "k" * 40)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    """Its lines; none has a word of what was sent."""
    told = lines.getvalue()
    assert "12480000" not in told and "报价" not in told
    return [json.loads(line) for line in told.splitlines()]


def refuses(what: Any) -> None:
    """A hearer that quotes what it was told."""
    try:
        raise KeyError(what)
    except KeyError as fault:
        raise ValueError(f"not to be taken: {what}") from fault


def test_what_a_sibling_tells_wrongly_is_not_quoted(lines: io.StringIO, pair: tuple[Siblings, Siblings]) -> None:
    here, other = pair
    heard: list[Any] = []
    here.on("room", refuses)
    here.on("well", heard.append)
    here._hear(other.seal([("room", {"text": SECRET}), ("well", 1)]))
    [line] = read(lines)
    assert line["event"] == "what a sibling told of room could not be taken" and line["level"] == "error"
    assert line["exception"].endswith("ValueError") and "KeyError" in line["exception"] and "in refuses" in line["exception"]
    assert heard == [1]  # one bad word does not keep the others


@pytest.mark.parametrize("sent", [[(SECRET, SECRET)], SECRET, [[SECRET]], 7])
def test_what_nobody_understands_is_neither_quoted_nor_the_end(lines: io.StringIO, pair: tuple[Siblings, Siblings], sent: Any) -> None:
    here, other = pair
    here._hear(other.seal(sent))
    here._hear(b"12480000")  # none of ours at all
    assert [line["level"] for line in read(lines)] == ["warning", "warning"]


def test_what_a_client_sends_wrongly_is_not_quoted(lines: io.StringIO) -> None:
    def receive(packet: Any) -> None:
        raise RuntimeError(f"odd packet {packet.data}")

    assert not _taken(cast("Any", SimpleNamespace(receive=receive)), "4" + SECRET)
    [line] = read(lines)
    assert line["event"] == "a message could not be taken" and line["exception"].endswith("RuntimeError")


def test_redis_sees_of_a_message_how_many_kib_it_has_to_the_next_power_of_two(pair: tuple[Siblings, Siblings]) -> None:
    here, other = pair
    heard: list[Any] = []
    here.on("well", heard.append)
    sizes = []
    for what in ("", SECRET, [SECRET] * 12, "x" * 1500):
        sealed = other.seal([("well", what)])
        sizes.append(len(sealed))
        here._hear(sealed)
    assert sizes[0] == sizes[1] == sizes[2] < sizes[3] and sizes[3] - sizes[0] == 1024
    assert heard == ["", SECRET, [SECRET] * 12, "x" * 1500]


def test_libraries_faults_are_not_quoted_either_and_the_systems_own_words_are(lines: io.StringIO) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("engineio.server").exception("message handler error")
    try:
        raise OSError(28, "No space left on device", f"/tapes/{SECRET}")
    except OSError:
        logging.getLogger("gongheng").exception("could not be written")
    first, second = read(lines)
    assert first["exception"].endswith("ValueError") and second["exception"].endswith("OSError: No space left on device")

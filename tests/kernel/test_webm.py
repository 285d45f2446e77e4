"""Where somebody who comes late begins to watch a WebM stream, whatever the slices it comes in."""

from __future__ import annotations

import pytest

from core.kernel import webm
from core.kernel.errors import RuleBroken
from core.kernel.webm import Stream
from tests.builders.tapes import block, cluster, cut, element, head, stream

KEYED = cluster(block(2), block(key=True), block())
UNKEYED = cluster(block(2), block(), block())


def fed(*contents: bytes, size: int = 97) -> Stream:
    made = Stream()
    for piece in cut(b"".join(contents), size):
        made.feed(piece)
    return made


@pytest.mark.parametrize("size", [1, 2, 7, 97, 10_000])
def test_the_late_get_the_head_and_what_follows_the_last_key_frame(size: int) -> None:
    made = fed(head(), KEYED, KEYED, UNKEYED, size=size)
    assert made.head == head() and made.late == KEYED + UNKEYED
    made.feed(KEYED)
    assert made.late == KEYED


def test_before_a_key_frame_there_is_nothing_to_begin_with() -> None:
    assert fed(head()).late == b"" == fed(head()).head
    made = fed(head(), UNKEYED, UNKEYED)
    assert made.head == head() and made.late == b""
    made.feed(cluster(block(2)))
    made.feed(block(key=True)[:9])
    assert made.late == b""
    made.feed(block(key=True)[9:])
    assert made.late == cluster(block(2), block(key=True))


def test_of_sound_alone_any_cluster_will_do() -> None:
    made = fed(head(video=False), cluster(block(2)), cluster(block(2), block(2)))
    assert made.late == cluster(block(2), block(2))


def test_the_rest_of_a_long_stream_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webm, "MOST", 2000)
    made = fed(stream(3), *[block(content=b"x" * 400)] * 8)
    assert made.late == b""  # no key frame for too long
    made.feed(KEYED)
    assert made.late == KEYED


@pytest.mark.parametrize(
    "content",
    [
        b"RIFF....",
        b"\x1a\x45\xdf\xa4",
        element(0x1A45DFA3, b"") + b"\x00\x00",  # no element begins with a zero byte
        head() + b"\x01" * 12,  # nor has a name of more than four bytes
        element(0x1A45DFA3, b"") + element(0x1654AE6B, b"", b"\xff"),  # tracks of unknown length
        element(0x1A45DFA3, b"") + element(0x1654AE6B, element(0xAE, b"", b"\xff")),
        element(0x1A45DFA3, b"") + element(0x1654AE6B, b"\xae"),
        element(0x1A45DFA3, b"") + element(0x1654AE6B, b"\x10" + b"\xff" * 7, (1 << 40 | 1 << 56).to_bytes(8, "big")),
        head() + cluster(element(0xA3, b"\x81")),  # a block without flags
        element(0x1A45DFA3, b"x" * (1024**2 + 40)),  # a head without end
    ],
)
def test_what_is_no_such_stream_is_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken, match=r"recording\.not_webm"):
        fed(content, size=65_536)

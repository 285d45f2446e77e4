"""Recordings without a camera: a WebM stream put together by hand, and tapes of a room written into a store as a browser's slices are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.encoding import sha256
from core.kernel.tape import Slice, ms_of
from core.kernel.tapestore import TapeStore
from core.kernel.work import Door
from evaluation import jobs_recordings
from evaluation.domain.recording import Cause, Form
from evaluation.queries import recordings as queries
from evaluation.services import recording_views, recordings
from tests.builders.evaluation import Room
from tests.builders.people import Person
from tests.builders.supervising import begin_view

MEDIA = "video/webm;codecs=vp8,opus"
BOTH = {Form.CLEAR: MEDIA, Form.SHIELD: MEDIA}
UNKNOWN = b"\x01" + b"\xff" * 7


def element(name: int, content: bytes, size: bytes | None = None) -> bytes:
    """An EBML element; `size` in place of its length for one whose length is not known."""
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + (size or (len(content) | 1 << 56).to_bytes(8, "big")) + content


def head(video: bool = True) -> bytes:
    """The head of a live stream: a picture in track 1, sound in track 2."""
    picture = element(0xAE, element(0xD7, b"\x01") + element(0x83, b"\x01")) if video else b""
    sound = element(0xAE, element(0xD7, b"\x02") + element(0x83, b"\x02"))
    return element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067, b"", UNKNOWN) + element(0x1654AE6B, picture + sound)


def cluster(*blocks: bytes) -> bytes:
    """A cluster of unknown length."""
    return element(0x1F43B675, element(0xE7, b"\x00"), UNKNOWN) + b"".join(blocks)


def block(track: int = 1, key: bool = False, content: bytes = b"frame" * 20) -> bytes:
    """A SimpleBlock."""
    return element(0xA3, bytes((0x80 | track, 0, 0, 0x80 if key else 0)) + content)


def stream(seconds: int = 4, content: bytes = b"frame" * 20) -> bytes:
    """A stream with a key frame at the head of each cluster."""
    frame, sound = block(content=content), block(2)
    return head() + b"".join(cluster(block(key=True, content=content), sound, frame, sound, frame) for _ in range(seconds))


def cut(content: bytes, size: int = 97) -> list[bytes]:
    """Cut as a browser cuts it, anywhere."""
    return [content[at : at + size] for at in range(0, len(content), size)]


def begin(room: Room, who: Person) -> dict[Form, str]:
    """A member's browser begins; the ids of its two tapes."""
    told: Any = room.perform(who, lambda work: recordings.begin(work, room.number, BOTH))
    return {Form(name): str(tape) for name, tape in told["tapes"].items()}


def pieces(count: int, about: str) -> list[bytes]:
    """So many slices of one stream, whose pictures are `about` something."""
    return cut(stream(3 + count // 4, about.encode() * 3), 61)[:count]


def write(store: TapeStore, tape: str, times: Sequence[int]) -> None:
    """A slice at each of these moments (ms since 1970)."""
    slices = [(piece, Slice(ms, len(piece), sha256(piece))) for ms, piece in zip(times, pieces(len(times), tape), strict=True)]
    with store.open(tape) as held:
        held.append(slices)


def end(room: Room, store: TapeStore, tape: str, years: int = 15) -> None:
    """The browser says that it is over."""
    door = room.tender.door
    [known] = [one for one in door.read(queries.growing) if str(one.id) == tape]
    grown = jobs_recordings.grown(store, known)
    door.perform(SYSTEM_ACTOR, lambda work: recordings.end(work, UUID(tape), grown, Cause.CLOSED, years))


def record(room: Room, store: TapeStore, who: Person, *spans: tuple[int, int], years: int = 15) -> dict[Form, str]:
    """A member's two tapes: a slice every 200 ms within each span (from, until, in ms from now on); ended when that time has passed.
    Their ids."""
    made = begin(room, who)
    at = now_ms(room.tender.door)
    for tape in made.values():
        write(store, tape, [at + ms for first, last in spans for ms in range(first, last, 200)])
    room.tender.jump(room.tender.now + timedelta(milliseconds=spans[-1][1]))
    for tape in made.values():
        end(room, store, tape, years)
    return made


def record_two(room: Room, folder: Path) -> None:
    """Two members' cameras run, one of them with a gap, which is found and signed; the supervisor looks at that seat."""
    store = TapeStore(folder)
    record(room, store, room.members[0], (0, 10_000), (20_000, 30_000))
    record(room, store, room.members[1], (0, 10_000))
    jobs_recordings.find_gaps(room.tender.door, store)
    begin_view(room, purpose="alarm", note="席位中断")
    room.perform(room.tender.supervisor, lambda work: recording_views.watch(work, room.number, None, ("1",)))


def now_ms(door: Door) -> int:
    """The platform's moment, ms since 1970."""
    return ms_of(clock.now(door.clock_file))

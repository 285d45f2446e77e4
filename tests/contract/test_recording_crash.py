"""kill -9 of the server while seven seats are recorded: each tape is whole up to the last slice acknowledged, and all come back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from simple_websocket import errors

from app.factory import Application
from app.verify import archive
from app.verify.package import Package
from app.verify.replay.recordings import Recordings, check_recordings
from core.kernel import chain
from core.kernel.encoding import sha256
from core.kernel.ids import CaseId
from core.kernel.tapestore import TapeStore
from core.kernel.webm import Stream
from evaluation.domain.recording import Watching, chain_of
from evaluation.domain.viewing import Purpose
from evaluation.queries import recordings as queries
from evaluation.services import recording_views
from tests.browser.people import until
from tests.builders.evaluation import Room
from tests.builders.recorders import Camera, look_after, seated, socket, ticket
from tests.builders.served import Served
from tests.verify.forging import packed
from tests.verify.retelling import entries_of
from trading.queries import lots

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.sqlite_alone]


def told(app: Application, room: Room, kind: str) -> list[Any]:
    """The events of a kind on the chain of recordings."""
    return list(app.extensions["gongheng"].door.read(lambda session: chain.find(session, CaseId(chain_of(room.case)), kind)))


def verified(app: Application, served: Served, room: Room) -> Recordings:
    """What the verifier says of the tapes and their chain."""
    door, store = app.extensions["gongheng"].door, TapeStore(served.settings.tapes_dir)
    files: dict[str, bytes] = {}
    lot = door.read(lambda session: lots.by_number(session, room.number)).id
    for tape in door.read(lambda session: queries.of_lots(session, [lot])):
        if tape.slices:
            files[f"tapes/{tape.id}.index"] = store.index(str(tape.id)).read_bytes()
            files[f"tapes/{tape.id}.webm"] = store.recording(str(tape.id)).read_bytes()
    package = Package(held := io.BytesIO(packed(files)), archive.read(held), {name: sha256(one).hex() for name, one in files.items()})
    return check_recordings(package, entries_of(door, chain_of(room.case), lambda _: None), room.case, {})


def test_each_recording_is_whole_up_to_the_last_slice_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path)
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        cookies = [ticket(app, who) for who in room.members]
    served.start()
    cameras = [Camera(served, room.number, one).start() for one in cookies]
    until(lambda: all(len(one.tapes) == 2 and all(tape.stored >= 15 for tape in one.tapes.values()) for one in cameras), 120)
    served.kill()
    first = [dict(one.tapes) for one in cameras]
    until(lambda: all(one.faults for one in cameras), 60)
    served.start()  # and nobody presses anything
    until(lambda: all(len(one.tapes) >= 4 and list(one.tapes.values())[-1].stored >= 15 for one in cameras), 120)
    for camera in cameras:
        camera.stop()
    served.kill()

    with served.prepared() as app:
        store = look_after(served, app, monkeypatch)
        for camera, before in zip(cameras, first, strict=True):
            for tape, sent in camera.tapes.items():
                kept = store.slices(tape)
                assert len(kept) >= sent.stored >= 15 and store.recording(tape).read_bytes() == b"".join(sent.slices[: len(kept)])
            assert len(before) == 2 and len(camera.tapes) == 4
        assert len(told(app, room, "video.gap")) >= 14 and len(told(app, room, "video.back")) == 14  # seven seats in two forms
        found = verified(app, served, room)
        assert len(found.tapes) == 28 and found.played == 28 and found.left_out == 0


def test_who_watches_begins_at_once_and_sees_what_is_on_the_tape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path)
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        member, host, stranger = (ticket(app, who) for who in (room.members[0], room.tender.centre, room.tender.tenderer))
        said = Watching(Purpose.ROUTINE, "")
        view: Any = room.perform(room.tender.centre, lambda work: recording_views.watch(work, room.number, said))
    camera = Camera(served.start(), room.number, member).start()
    until(lambda: len(camera.tapes) == 2 and all(tape.stored >= 10 for tape in camera.tapes.values()), 120)
    here = f"/video/{room.number}/watch/{view['view']}"
    for who, path, origin in (
        (stranger, f"{here}/1", ""),  # not of those who watch
        (member, f"{here}/1", ""),
        (host, f"{here}/9", ""),  # no such seat
        (host, f"{here.replace('-7', '-8', 1)[:-1]}0/1", ""),  # no such view
        (host, f"{here}/1", "https://elsewhere.example"),  # cookies come along from anywhere
        (stranger, f"/video/{room.number}/record/{next(iter(camera.tapes))}", ""),
    ):
        with pytest.raises((errors.SimpleWebsocketError, OSError)):
            socket(served, who, path, origin).receive(timeout=5)
    watching = socket(served, host, f"{here}/1")
    assert watching.receive(timeout=5) == '{"state":"live","media":"video/webm;codecs=vp8,opus"}'
    seen, start = Stream(), watching.receive(timeout=5)
    seen.feed(start)
    assert seen.head and seen.late
    more = b"".join(watching.receive(timeout=5) for _ in range(5))
    shown = next(sent for sent in camera.tapes.values() if sent.form == "shield")
    whole = b"".join(shown.slices)
    assert whole.startswith(seen.head) and start[len(seen.head) :] + more in whole
    camera.stop()
    until(lambda: watching.receive(timeout=5) == '{"state":"silent"}', 60)
    served.kill()

"""What goes wrong while seats are recorded: a full disk, a line that is cut. What is acknowledged is kept, and gaps are signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from evaluation.web.recordings_live import NO_ROOM
from tests.browser.people import until
from tests.builders.recorders import Camera, filmed, look_after, seated, ticket
from tests.builders.served import CutLine, Served
from tests.contract.test_recording_crash import told, verified

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.sqlite_alone]


def line_of(served: Served, cookie: str, number: str) -> dict[str, Any]:
    """How the first seat's line stands for who watches."""
    with httpx.Client(base_url=served.url, cookies={"gongheng": cookie}, trust_env=False, timeout=20) as client:
        found: dict[str, Any] = client.get(f"/api/v1/lots/{number}/evaluation/video").json()["lines"][0]
        return found


def test_on_a_full_disk_nothing_is_acknowledged_that_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path, module="tests.contract.full_disk_server")
    made = filmed(served, monkeypatch)
    room, host, camera = made.room, made.host, made.camera
    assert line_of(served, host, room.number)["state"] == "live"
    (tmp_path / "full").touch()
    until(lambda: any(str(NO_ROOM) in fault for fault in camera.faults), 30)  # and it is told why
    until(lambda: line_of(served, host, room.number)["state"] == "gap", 5)  # red within five seconds
    first = dict(list(camera.tapes.items())[:2])
    until(lambda: sum("409" in fault for fault in camera.faults) >= 15, 60)  # it asks again for more than three seconds
    assert len(camera.tapes) == 2  # and no empty tape begins
    (tmp_path / "full").unlink()
    until(lambda: len(camera.tapes) >= 4 and list(camera.tapes.values())[-1].stored >= 10, 120)
    until(lambda: line_of(served, host, room.number)["state"] == "live", 60)
    camera.stop()
    served.kill()

    with served.prepared() as app:
        store = look_after(served, app, monkeypatch)
        for tape, sent in first.items():
            kept = store.slices(tape)
            assert len(kept) >= sent.stored >= 10  # the last word may not have been heard
            assert store.recording(tape).read_bytes() == b"".join(sent.slices[: len(kept)])
        assert told(app, room, "video.gap") and told(app, room, "video.back") and len(told(app, room, "video.full")) == 1
        verified(app, served, room)


def test_a_disk_that_is_full_before_the_first_slice_is_red_at_once_and_begins_no_tape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Served(tmp_path, module="tests.contract.full_disk_server")
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        member, host = ticket(app, room.members[0]), ticket(app, room.tender.centre)
    (tmp_path / "full").touch()
    camera = Camera(served.start(), room.number, member).start()
    until(lambda: line_of(served, host, room.number)["state"] == "gap", 5)
    until(lambda: len(camera.faults) >= 3, 30)
    assert not camera.tapes
    (tmp_path / "full").unlink()
    until(lambda: len(camera.tapes) == 2 and all(tape.stored >= 10 for tape in camera.tapes.values()), 60)
    assert line_of(served, host, room.number)["state"] == "live"
    camera.stop()
    served.kill()
    with served.prepared() as app:
        assert len(told(app, room, "video.full")) == 1 and len(told(app, room, "video.begin")) == 2


def test_a_line_that_was_cut_for_ten_seconds_goes_on_by_itself_and_the_gap_is_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Served(tmp_path)
    line = CutLine(served.port)
    served.seen = line.url
    made = filmed(served, monkeypatch)
    room, host, camera = made.room, made.host, made.camera
    line.cut()
    beside = Served(tmp_path, place=served.place)  # the host's line holds
    until(lambda: line_of(beside, host, room.number)["state"] == "gap", 60)
    assert not camera.stopping.wait(10)
    line.mend()
    until(lambda: line_of(beside, host, room.number)["state"] == "live", 60)
    before = {name: tape.stored for name, tape in camera.tapes.items()}
    until(lambda: any(tape.stored >= before.get(name, 0) + 10 for name, tape in camera.tapes.items()), 60)
    camera.stop()
    served.kill()
    with served.prepared() as app:
        look_after(served, app, monkeypatch)
        assert len(told(app, room, "video.gap")) >= 2 and len(told(app, room, "video.back")) == 2
        verified(app, served, room)

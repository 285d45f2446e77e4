"""A seat in Chromium: recorded in two forms, seen as a shield, red when the server dies, back by itself, played by an ordinary player."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from core.kernel.tapestore import TapeStore
from evaluation.domain.recording import Form, TapeState
from evaluation.queries import recordings as queries
from tests.browser.cameras import READ, STAMPED, told, visit, watch, with_cameras
from tests.browser.people import until
from tests.builders.recorders import seated, ticket
from tests.builders.served import Served
from trading.queries import lots

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.sqlite_alone]


def test_a_seat_is_seen_lost_and_seen_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path)
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        member, supervisor = ticket(app, room.members[0]), ticket(app, room.tender.centre)
    served.start()
    with with_cameras() as browser:
        seat, _ = visit(browser, served, member, f"/lots/{room.number}/evaluation/camera", STAMPED)
        until(lambda: told(seat, "[data-camera]", "camera-state") == "live", 60)
        wall, _ = visit(browser, served, supervisor, f"/lots/{room.number}/evaluation/video")
        assert wall.locator("video").count() == 0  # nothing without a purpose
        watch(wall)
        first = '[data-line-seat="1"]'
        until(lambda: wall.locator(f"{first} video").evaluate("one => one.currentTime > 0 && !one.paused"), 30)
        assert len(wall.evaluate(READ, 3)) > 5
        assert told(wall, f"{first} [data-line-told]", "line-told") == "" and told(wall, first, "red") is None
        desk, _ = visit(browser, served, member, f"/lots/{room.number}/evaluation")
        assert desk.locator("[data-camera]").count() == 1
        served.kill()
        until(lambda: told(wall, first, "red") == "", 60)
        until(lambda: told(seat, "[data-camera]", "camera-state") == "lost", 30)
        served.start()
        until(lambda: told(seat, "[data-camera]", "camera-state") == "live", 60)
        until(lambda: told(wall, first, "red") is None, 30)
        for context in browser.contexts:
            context.close()
    served.kill()
    with served.prepared() as app:
        door, store = app.extensions["gongheng"].door, TapeStore(served.settings.tapes_dir)
        lot = door.read(lambda session: lots.by_number(session, room.number)).id
        tapes = door.read(lambda session: queries.of_lots(session, [lot]))
    recorded = [tape for tape in tapes if store.slices(str(tape.id))]
    assert {tape.form for tape in recorded} == set(Form) and len(recorded) >= 4 and all(tape.state in TapeState for tape in recorded)
    for tape in recorded:
        assert {"video"} <= streams(store.recording(str(tape.id)), 640 if tape.form is Form.CLEAR else 320)


def streams(recording: Path, width: int) -> set[str]:
    """What an ordinary player finds in a recording, decoding all of it."""
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(recording)], capture_output=True, text=True, check=True
    )
    found = json.loads(probe.stdout)["streams"]
    assert [one["width"] for one in found if one["codec_type"] == "video"] == [width]
    played = subprocess.run(["ffmpeg", "-v", "error", "-i", str(recording), "-f", "null", "-"], capture_output=True, text=True, check=True)
    assert "rror" not in played.stderr, played.stderr
    return {one["codec_type"] for one in found}

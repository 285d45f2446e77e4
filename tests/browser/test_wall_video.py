"""The wall with pictures in Chromium: a seat's camera plays in its tile once it was said for what, alone where it is on the screen, is
enlarged by one tap, and a seat that falls silent is red within five seconds."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from core.kernel import chain, clock
from core.kernel.calendar import BEIJING
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from evaluation.domain.recording import chain_of
from evaluation.queries import viewing
from tests.browser.cameras import STAMPED, told, visit, with_cameras
from tests.browser.people import until
from tests.builders.recorders import seated, ticket
from tests.builders.served import Served
from tests.builders.supervising import begin_view

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.sqlite_alone]

ASK = """async ([api, token]) => {
  const headers = { "X-CSRFToken": token, "Content-Type": "application/json" };
  return (await (await fetch(api, { method: "POST", headers, body: '{"seats": ["1"]}' })).json()).view;
}"""
FRAMES = "one => one.getVideoPlaybackQuality().totalVideoFrames"


def frames(page: Page, tile: str) -> int:
    """How many frames a tile's picture has shown; 0 without one."""
    found = page.locator(f"{tile} video")
    return int(found.evaluate(FRAMES)) if found.count() else 0


def test_a_seat_s_camera_plays_on_the_wall_and_a_silent_seat_is_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path)
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        other = room.tender.crowd.join(Role.SUPERVISOR, "临江市发展和改革委员会")
        begin_view(room, purpose="alarm")
        member, supervisor, unsaid = ticket(app, room.members[0]), ticket(app, room.tender.supervisor), ticket(app, other)
    served.start()
    tile = f"#tile-{room.number}-1"
    with with_cameras() as browser:
        seat, _ = visit(browser, served, member, f"/lots/{room.number}/evaluation/camera", STAMPED)
        until(lambda: told(seat, "[data-camera]", "camera-state") == "live", 60)
        desk = seat.context.new_page()  # one browser records a seat once
        desk.goto(f"{served.url}/lots/{room.number}/evaluation")
        wall, said = visit(browser, served, supervisor, "/supervision")
        until(lambda: frames(wall, tile) > 10, 30)
        before = frames(wall, tile)
        until(lambda: frames(wall, tile) > before + 10, 60)
        assert wall.locator(f"{tile} [data-stream-told]").inner_text() == "录制中"
        assert wall.locator(f"#tile-{room.number}-2 [data-stream-told]").inner_text() == "未录制"
        assert wall.locator("video").count() == 1
        wall.screenshot(path=str(tmp_path / "wall-zh.png"), full_page=True)

        wall.locator(f"{tile} .picture").click()
        box = wall.locator(f"{tile} .picture").bounding_box()
        assert box is not None and box["width"] > 1200 and told(wall, f"{tile} .picture[aria-pressed=true]", "keep") == ""
        wall.screenshot(path=str(tmp_path / "large.png"))
        wall.keyboard.press("Escape")
        assert wall.locator(".picture[aria-pressed=true]").count() == 0

        wall.set_viewport_size({"width": 1440, "height": 40})  # its tile is off the screen
        until(lambda: wall.locator("video").count() == 0, 60)
        wall.set_viewport_size({"width": 1440, "height": 900})
        until(lambda: frames(wall, tile) > 5, 60)

        asked, _ = visit(browser, served, unsaid, "/supervision")
        until(lambda: asked.locator(f"{tile} [data-stream-told]").inner_text() == "写明目的后显示画面", 60)
        assert asked.locator("video").count() == 0
        asked.get_by_role("link", name="写明目的，查看画面").click()
        asked.get_by_text("查看评标现场须写明目的。").wait_for()
        case, _ = visit(browser, served, supervisor, f"/lots/{room.number}/supervision")
        until(lambda: frames(case, tile) > 5, 30)
        case.screenshot(path=str(tmp_path / "case-zh.png"), full_page=True)
        case.context.close()

        until(lambda: told(wall, tile, "present") == "here", 60)
        closed = time.monotonic()
        desk.context.close()
        until(lambda: told(wall, tile, "present") == "away", 60)
        silent = time.monotonic() - closed
        until(lambda: told(wall, tile, "red") == "", 60)
        interrupted = time.monotonic() - closed
        print(f"seat page shut to tile red: presence {silent:.2f} s, picture {interrupted:.2f} s")
        assert silent <= 5 and interrupted <= 8
        until(lambda: wall.locator(f"{tile} [data-stream-told]").inner_text().startswith("已中断"), 60)
        replayed(wall, served.url, room.number)
        wall.screenshot(path=str(tmp_path / "timeline-zh.png"), full_page=True)
        assert [line for line in said if "WebSocket" not in line] == []
        for context in browser.contexts:
            context.close()
    served.kill()
    with served.prepared() as app:
        door = app.extensions["gongheng"].door
        rows = door.read(lambda session: viewing.of_room(session, room.tender.supervisor.actor, room.number)).rows
        looked = [look.what for row in rows for look in row.looked]
        assert looked[:2] == ["evaluation/video/seats/1", "supervision"] and "supervision/timeline" in looked
        assert sum(what.startswith("evaluation/video/tapes/") for what in looked) == 1
        views = door.read(lambda session: chain.find(session, chain_of(room.case), "video.view"))
        views_told = [(one.body["seats"], one.body["purpose"], one.body["visit"]) for one in map(said_by, views)]
        assert views_told == [(["1"], "alarm", 1), ([str(seat) for seat in range(1, 8)], "alarm", 1)]  # the second: the page of all lines


def replayed(page: Page, url: str, number: str) -> None:
    """The time line at a moment eight seconds into the recording plays from there."""
    api = f"/api/v1/lots/{number}/evaluation/video/views"
    page.goto(f"{url}/lots/{number}/evaluation/video")
    view = page.evaluate(ASK, [api, page.locator('meta[name="csrf-token"]').get_attribute("content")])
    tape = page.evaluate("async (path) => (await (await fetch(path)).json()).tapes[0]", f"{api}/{view}")
    moment = clock.moment(tape["begun_at"]).astimezone(BEIJING) + timedelta(seconds=8)
    page.goto(f"{url}/lots/{number}/supervision/timeline?day={moment:%Y-%m-%d}&clock={moment:%H:%M:%S}")
    video = page.locator("[data-replay] video")
    until(lambda: video.count() and video.evaluate("one => !one.paused && one.currentTime > 7 && one.currentTime < 20"), 60)
    first = video.evaluate("one => one.currentTime")
    until(lambda: video.evaluate("one => one.currentTime") > first + 0.5, 60)
    print(f"the recording plays from second {first:.1f}; asked for the eighth")


def said_by(event: Any) -> Any:
    """The statement of an event."""
    return read_statement(event.envelope.payload)

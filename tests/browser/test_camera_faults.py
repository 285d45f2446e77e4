"""What a member is told when the camera is not allowed, unplugged, or nothing gets through, and that recording goes on by itself."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright
from websocket import create_connection

from tests.browser.cameras import FAKE, told, visit, watch, with_cameras
from tests.browser.chromium import EXECUTABLE, FLAGS, leave
from tests.browser.people import until
from tests.builders.recorders import seated, ticket
from tests.builders.served import CutLine, Served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.sqlite_alone]

PLUGGED = """
(() => {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices), held = [];
  let isThere = true;
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    if (!isThere) throw new DOMException("Requested device not found", "NotFoundError");
    const stream = await open(wanted);
    held.push(...stream.getTracks());
    return stream;
  };
  window.unplug = () => {
    isThere = false;
    for (const track of held.splice(0)) { track.stop(); track.dispatchEvent(new Event("ended")); }
  };
  window.plug = () => { isThere = true; navigator.mediaDevices.dispatchEvent(new Event("devicechange")); };
})();
"""
"""A camera whose cable is pulled and put back: the page hears what a browser tells it then."""


def state(page: Page) -> str:
    """What the camera's badge stands at."""
    return str(told(page, "[data-camera]", "camera-state"))


def sentence(page: Page) -> str:
    """What a member is told to do, "" where nothing is to be done."""
    place = page.locator("[data-camera-what]")
    return place.inner_text() if place.is_visible() else ""


def is_red(wall: Page) -> bool:
    """Whether the first seat is red for those who watch."""
    return told(wall, '[data-line-seat="1"]', "red") == ""


def test_a_member_is_told_what_to_do_and_recording_goes_on_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path, module="tests.contract.full_disk_server")
    line = CutLine(served.port)
    served.seen = line.url
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        member, host = ticket(app, room.members[0]), ticket(app, room.tender.centre)
    beside = Served(tmp_path, place=served.place)
    served.start()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=EXECUTABLE, args=[*FLAGS, "--use-fake-device-for-media-stream"])
        seat, said = visit(browser, served, member, f"/lots/{room.number}/evaluation/camera", PLUGGED)
        until(lambda: state(seat) == "live", 60)
        assert sentence(seat) == ""
        wall, _ = visit(browser, beside, host, f"/lots/{room.number}/evaluation/video")
        until(lambda: told(wall, '[data-line-seat="1"]', "line-state") == "live", 60)

        seat.evaluate("window.unplug()")
        until(lambda: state(seat) == "refused", 60)
        assert "检查摄像头的连接" in sentence(seat)
        until(lambda: is_red(wall), 60)
        seat.evaluate("window.plug()")
        until(lambda: state(seat) == "live" and sentence(seat) == "", 60)
        until(lambda: not is_red(wall), 60)

        line.cut()
        until(lambda: state(seat) == "lost", 60)
        assert "恢复后自动继续录制" in sentence(seat)
        until(lambda: is_red(wall), 60)
        time.sleep(6)
        line.mend()
        until(lambda: state(seat) == "live" and not is_red(wall), 30)

        (tmp_path / "full").touch()
        until(lambda: state(seat) == "full", 60)
        assert "请呼叫主持人" in sentence(seat)
        until(lambda: is_red(wall), 60)
        (tmp_path / "full").unlink()
        until(lambda: state(seat) == "live" and not is_red(wall), 60)

        seat.context.clear_permissions()
        seat.reload()
        until(lambda: state(seat) == "denied", 60)
        assert "网站设置中允许" in sentence(seat)
        seat.context.grant_permissions(["camera", "microphone"])
        until(lambda: state(seat) == "live", 60)
        assert not [one for one in said if "Uncaught" in one]
        leave(browser)
        browser.close()
    served.kill()


class Tab:
    """A tab of a Chromium that nobody holds in the foreground, as Playwright does with all of its own: another tab hides it."""

    def __init__(self, folder: Path, served: Served, cookie: str, path: str) -> None:
        flags = (*FLAGS, *FAKE, "--headless=new", "--remote-debugging-port=0", "--remote-allow-origins=*", f"--user-data-dir={folder}")
        self._browser = subprocess.Popen([EXECUTABLE, *flags, "about:blank"], stderr=subprocess.PIPE, text=True)
        assert self._browser.stderr is not None
        said = next(line for line in self._browser.stderr if "listening on" in line)
        self._port, self._calls = said.split(":")[-1].split("/")[0], 0
        self._line = create_connection(self._tabs()[0]["webSocketDebuggerUrl"], timeout=20)
        self._call("Network.setCookie", name="gongheng", value=cookie, url=served.url)
        self._call("Page.navigate", url=served.url + path)

    def says(self, expression: str) -> Any:
        """What the page answers."""
        return self._call("Runtime.evaluate", expression=expression)["result"].get("value")

    def hide(self) -> None:
        """Another tab comes before it."""
        httpx.put(f"http://127.0.0.1:{self._port}/json/new?about:blank", trust_env=False)
        until(lambda: self.says("document.visibilityState") == "hidden", 60)

    def close(self) -> None:
        """Ends the browser."""
        self._browser.kill()
        self._browser.wait()

    def _tabs(self) -> Any:
        return httpx.get(f"http://127.0.0.1:{self._port}/json", trust_env=False).json()

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._calls += 1
        self._line.send(json.dumps({"id": self._calls, "method": method, "params": parameters}))
        while True:
            answer: dict[str, Any] = json.loads(self._line.recv())
            if answer.get("id") == self._calls:
                return dict(answer["result"])


def test_a_window_that_is_out_of_sight_records_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path / "data")
    served.folder.mkdir()
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        member, host = ticket(app, room.members[0]), ticket(app, room.tender.centre)
    served.start()
    seat = Tab(tmp_path / "profile", served, member, f"/lots/{room.number}/evaluation/camera")
    stands = "document.querySelector('[data-camera]')?.dataset.cameraState"
    until(lambda: seat.says(stands) == "live", 60)
    with with_cameras() as browser:
        wall, _ = visit(browser, served, host, f"/lots/{room.number}/evaluation/video")
        watch(wall)
        picture = wall.locator('[data-line-seat="1"] video')
        until(lambda: picture.evaluate("one => one.currentTime > 0"), 30)
        seat.hide()
        before = picture.evaluate("one => one.currentTime")
        time.sleep(10)
        assert picture.evaluate("one => one.currentTime") > before + 8
        assert seat.says("document.visibilityState") == "hidden" and seat.says(stands) == "live" and not is_red(wall)
        leave(browser)
    seat.close()
    served.kill()

"""Chromium with its fake camera, a time stamp in the picture that survives the shield, and what a watcher's page reads of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import EXECUTABLE, FLAGS, PATIENCE
from tests.builders.served import Served

FAKE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required")

STAMPED = """
(() => {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const camera = await open(wanted), [seen] = camera.getVideoTracks();
    const canvas = new OffscreenCanvas(640, 360), pen = canvas.getContext("2d", { alpha: false });
    const stamp = new TransformStream({ transform(frame, out) {
      pen.drawImage(frame, 0, 0, 640, 360);
      const { timestamp } = frame;
      frame.close();
      const now = Date.now() % 65536;
      for (let bit = 0; bit < 16; bit += 1) { pen.fillStyle = now >> bit & 1 ? "#fff" : "#000"; pen.fillRect(bit * 40, 120, 40, 120); }
      out.enqueue(new VideoFrame(canvas, { timestamp, alpha: "discard" }));
    } });
    const made = new MediaStreamTrackGenerator({ kind: "video" });
    new MediaStreamTrackProcessor({ track: seen }).readable.pipeThrough(stamp).pipeTo(made.writable);
    return new MediaStream([made, ...camera.getAudioTracks()]);
  };
})();
"""
"""The fake camera's picture, with the milliseconds of its moment in sixteen fields that are larger than the shield's squares."""

READ = """
(seconds) => new Promise((done) => {
  const video = document.querySelector("[data-line-picture] video"), delays = [];
  const canvas = new OffscreenCanvas(320, 180), pen = canvas.getContext("2d", { willReadFrequently: true });
  const until = performance.now() + seconds * 1000;
  const look = () => {
    const now = Date.now();
    pen.drawImage(video, 0, 0, 320, 180);
    const { data } = pen.getImageData(0, 90, 320, 1);
    let said = 0, clear = true;
    for (let bit = 0; bit < 16; bit += 1) {
      const light = data[(bit * 20 + 10) * 4];
      if (light > 90 && light < 165) clear = false;
      if (light > 127) said |= 1 << bit;
    }
    if (clear) delays.push((now - said + 65536 * 2) % 65536);
    if (performance.now() < until) video.requestVideoFrameCallback(look); else done(delays);
  };
  video.requestVideoFrameCallback(look);
  setTimeout(() => done(delays), seconds * 1000 + 2000);
})
"""
"""The delays, in ms, of the frames that a watcher is shown within so many seconds."""

JOINS = """
async ({ number, view, seat, joins, every }) => {
  const { LinePlayer } = await import("/static/js/video-line.js");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const frame = (video) => new Promise((done) => video.requestVideoFrameCallback((_, { mediaTime }) => done(mediaTime)));
  const canvas = new OffscreenCanvas(320, 180), pen = canvas.getContext("2d", { willReadFrequently: true });
  const age = (video) => {
    const now = Date.now();
    pen.drawImage(video, 0, 0, 320, 180);
    const { data } = pen.getImageData(0, 90, 320, 1);
    let said = 0;
    for (let bit = 0; bit < 16; bit += 1) if (data[(bit * 20 + 10) * 4] > 127) said |= 1 << bit;
    return (now - said + 65536 * 2) % 65536;
  };
  const found = [];
  for (let join = 0; join < joins; join += 1) {
    await wait(every + (join * every) / joins - (performance.now() % every) + 200);
    const video = document.body.appendChild(document.createElement("video")), began = performance.now();
    const player = new LinePlayer(video, { number, view, seat });
    const first = await frame(video), shown = performance.now() - began;
    while ((await frame(video)) <= first);
    found.push({ shown, plays: performance.now() - began, age: age(video) });
    player.close();
    video.remove();
  }
  return found;
}
"""
"""Somebody comes late so many times, each at another moment of the interval between two key frames (`every` ms): ms until the first
picture is shown, until it moves, and how old that picture is."""


@contextmanager
def with_cameras() -> Iterator[Browser]:
    """One browser whose camera is a fake one, and allowed."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=EXECUTABLE, args=[*FLAGS, *FAKE])
        try:
            yield browser
        finally:
            browser.close()


def visit(browser: Browser, served: Served, ticket: str, path: str, script: str = "") -> tuple[Page, list[str]]:
    """Somebody's page, logged in, and what its console says."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900}, permissions=["camera", "microphone"])
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "gongheng", "value": ticket, "url": served.url}])
    if script:
        context.add_init_script(script)
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: said.append(str(fault)))
    page.goto(served.url + path)
    return page, said


def watch(page: Page, purpose: str = "routine") -> None:
    """Says why, and opens the pictures."""
    page.select_option("#purpose", purpose)
    page.click("form .btn.primary")


def told(page: Page, selector: str, name: str) -> Any:
    """A data attribute of the first element."""
    return page.locator(selector).first.get_attribute(f"data-{name}")

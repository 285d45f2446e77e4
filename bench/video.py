"""Live video: glass to glass in Chromium with its fake camera, and what 500 watchers of one seat cost the server.

The picture carries the milliseconds of its moment in sixteen fields, through camera, shield, recorder, tape, relay and MediaSource; a page
of the supervisor's reads them back from each frame that it shows. Then somebody comes late again and again, spread over the interval
between two key frames. At last 500 further watchers take the same line, read and throw away, and somebody comes late beside them.
"""

from __future__ import annotations

import os
import socket as sockets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import Request

from tests.browser.cameras import JOINS, READ, STAMPED, told, visit, watch, with_cameras
from tests.browser.people import until
from tests.builders.recorders import seated, ticket
from tests.builders.served import Served

WATCHERS, SECONDS, LATE, KEY_FRAMES = 500, 10, 25, 1000
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Both measurements over one server."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        served = Served(Path(folder))
        with served.prepared() as app:
            room = seated(served, app, patch)
            member, supervisor = ticket(app, room.members[0]), ticket(app, room.tender.centre)
        served.start()
        try:
            with with_cameras() as browser:
                seat, _ = visit(browser, served, member, f"/lots/{room.number}/evaluation/camera", STAMPED)
                until(lambda: told(seat, "[data-camera]", "camera-state") == "live", 60)
                wall, _ = visit(browser, served, supervisor, f"/lots/{room.number}/evaluation/video")
                with wall.expect_response(lambda answer: answer.url.endswith("/video/views")) as answered:
                    watch(wall)
                view = answered.value.json()["view"]
                until(lambda: wall.locator('[data-line-seat="1"] video').evaluate("one => one.currentTime > 0"), 30)
                report("glass to glass, one watcher", wall.evaluate(READ, SECONDS))
                late = {"number": room.number, "view": view, "seat": "1", "joins": LATE, "every": KEY_FRAMES}
                come_late("late viewer, one other watcher", wall.evaluate(JOINS, late))
                before = load(served, SECONDS)
                path = f"/video/{room.number}/watch/{view}/1"
                with subprocess.Popen([sys.executable, "-m", "bench.video", served.url, supervisor, path], stdout=subprocess.PIPE) as crowd:
                    assert crowd.stdout is not None
                    joined = crowd.stdout.readline().decode().strip()
                    during = load(served, SECONDS)
                    report(f"glass to glass, {joined} more", wall.evaluate(READ, SECONDS))
                    come_late(f"late viewer, {joined} others", wall.evaluate(JOINS, late))
                    crowd.kill()
                print(f"server: {before:.1%} of a core with one watcher, {during:.1%} with {joined} more", flush=True)
        finally:
            served.kill()


def report(what: str, delays: list[int]) -> None:
    """Median and 95th percentile of the frames that were read."""
    print(f"{what}: p50 {median(delays):.0f} ms, p95 {quantiles(delays, n=20)[-1]:.0f} ms, {len(delays)} frames", flush=True)


def come_late(what: str, joins: list[dict[str, Any]]) -> None:
    """From the call that joins until the first picture, until it moves, and how old what is shown then is: median and slowest."""
    said = (
        f"{name} {median(one[name] for one in joins):.0f}/{max(one[name] for one in joins):.0f} ms" for name in ("shown", "plays", "age")
    )
    print(f"{what}: {', '.join(said)} (median/slowest of {len(joins)} joins)", flush=True)


def load(served: Served, seconds: float) -> float:
    """How much of a core the server takes."""
    assert served.process is not None

    def used() -> int:
        fields = Path(f"/proc/{served.process.pid}/stat").read_text().rpartition(")")[2].split()  # type: ignore[union-attr]  # it runs
        return int(fields[11]) + int(fields[12])

    start, began = used(), time.monotonic()
    time.sleep(seconds)
    return (used() - start) / TICK / (time.monotonic() - began)


def watchers(url: str, cookie: str, path: str) -> None:
    """So many watchers, in a process of their own: each joins, reads, and throws away."""
    import select

    host, port = url.removeprefix("http://").split(":")
    poller, held = select.epoll(), {}
    for _ in range(WATCHERS):
        line = sockets.create_connection((host, int(port)))
        headers = [(b"Origin", url.encode()), (b"Cookie", f"gongheng={cookie}".encode())]
        line.sendall(WSConnection(ConnectionType.CLIENT).send(Request(host=f"{host}:{port}", target=path, extra_headers=headers)))
        if b" 101 " not in line.recv(4096):
            raise SystemExit("not let in")
        held[line.fileno()] = line
        poller.register(line, select.EPOLLIN)
    print(len(held), flush=True)
    while True:
        for number, _ in poller.poll():
            held[number].recv(1 << 18)


if __name__ == "__main__":
    watchers(*sys.argv[1:]) if len(sys.argv) == 4 else main()

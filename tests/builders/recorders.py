"""A seat's browser without a browser: begins tapes, sends slices over WebSockets, notes what was acknowledged, comes back by itself."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from simple_websocket import Client, errors

from app.factory import Application
from core.kernel.tapestore import TapeStore
from evaluation import jobs_recordings
from tests.browser.people import until
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.people import Person
from tests.builders.served import Served, at_home, cookie
from tests.builders.tapes import MEDIA, cut, stream
from tests.builders.trading import tender


@dataclass
class Sent:
    """A tape as its sender knows it: the slices, and how many were acknowledged."""

    form: str
    slices: list[bytes]
    stored: int = 0


@dataclass
class Camera:
    """One seat, until it is stopped."""

    served: Served
    number: str
    cookie: str
    every: float = 0.1
    tapes: dict[str, Sent] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> Camera:
        """Begins."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Says that it is over, and waits until it is."""
        self.stopping.set()
        if self._thread is not None:
            self._thread.join(60)

    def _run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._record(self._begin())
            except (httpx.HTTPError, OSError, errors.SimpleWebsocketError, KeyError) as fault:
                self.faults.append(repr(fault))
                time.sleep(0.3)

    def _begin(self) -> dict[str, str]:
        with httpx.Client(base_url=self.served.url, cookies={"gongheng": self.cookie}, trust_env=False, timeout=20) as line:
            token = line.get("/api/v1/session").json()["csrf_token"]
            body = {"clear": MEDIA, "shield": MEDIA}
            answer = line.post(f"/api/v1/lots/{self.number}/evaluation/video/tapes", json=body, headers={"X-CSRFToken": token})
            answer.raise_for_status()
            found: dict[str, str] = answer.json()["tapes"]
            return found

    def _record(self, tapes: dict[str, str]) -> None:
        lines = {tape: socket(self.served, self.cookie, f"/video/{self.number}/record/{tape}") for tape in tapes.values()}
        for form, tape in tapes.items():
            self.tapes[tape] = Sent(form, [])
        pieces = cut(stream(400, "".join(tapes.values()).encode()), 700)
        try:
            for piece in pieces:
                for tape, line in lines.items():
                    self.tapes[tape].slices.append(piece)
                    line.send(piece)
                    self._hear(tape, line)
                if self.stopping.wait(self.every):
                    break
            for tape, line in lines.items():
                line.send("over")
                until = time.monotonic() + 10
                while self.tapes[tape].stored < len(self.tapes[tape].slices) and time.monotonic() < until:
                    self._hear(tape, line, 1.0)
        finally:
            for line in lines.values():
                with suppress(errors.SimpleWebsocketError, OSError):
                    line.close()

    def _hear(self, tape: str, line: Client, seconds: float = 0) -> None:
        while (said := line.receive(timeout=seconds)) is not None:
            self.tapes[tape].stored = json.loads(said)["stored"]


def socket(served: Served, cookie: str, path: str, origin: str = "") -> Any:
    """A WebSocket of the server's, as a page of it opens one."""
    return Client(served.url.replace("http", "ws", 1) + path, headers={"Cookie": f"gongheng={cookie}", "Origin": origin or served.url})


def seated(served: Served, app: Application, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Seven members have signed in, and the room is open."""
    door = at_home(served, app, monkeypatch)
    assert served.settings.clock_file is not None
    room = Room(tender(door, served.settings.clock_file), OpenedBids()).told(monkeypatch)
    room.ready()
    return room.reviewing()


@dataclass
class Filmed:
    """A room whose first seat is recorded, and the cookies of its member and its host."""

    room: Room
    member: str
    host: str
    camera: Camera


def filmed(served: Served, monkeypatch: pytest.MonkeyPatch) -> Filmed:
    """The room of `seated`, its server running, ten slices of both forms of the first seat stored."""
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        member, host = ticket(app, room.members[0]), ticket(app, room.tender.centre)
    camera = Camera(served.start(), room.number, member).start()
    until(lambda: len(camera.tapes) == 2 and all(tape.stored >= 10 for tape in camera.tapes.values()), 120)
    return Filmed(room, member, host, camera)


def look_after(served: Served, app: Application, monkeypatch: pytest.MonkeyPatch) -> TapeStore:
    """What the clock does about recordings, at once: gaps are found, tapes that nobody goes on with are ended; returns the tapes."""
    door, store = app.extensions["gongheng"].door, TapeStore(served.settings.tapes_dir)
    monkeypatch.setattr(jobs_recordings, "FRESH", jobs_recordings.FRESH * 0)
    jobs_recordings.find_gaps(door, store)
    jobs_recordings.end_lost(door, store, 15)
    return store


def ticket(app: Application, who: Person) -> str:
    """A login's cookie."""
    return cookie(app.extensions["gongheng"].door, who).removeprefix("gongheng=")

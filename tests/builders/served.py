"""A server as a process of its own over a folder whose past the builders have made, and a line to it that breaks on demand."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from app.demo.stage import kept_port
from app.factory import Application, create_app, prepare, shut_down
from core.identity.services import sessions
from core.kernel import clock
from core.kernel.webauthn import RelyingParty
from core.kernel.work import Door
from core.settings import Settings, load
from tests.builders import people
from tests.builders.people import Person

ROOT = Path(__file__).resolve().parents[2]


def cookie(door: Door, person: Person) -> str:
    """The cookie of a login of that person's."""
    at = clock.now()
    return "gongheng=" + door.perform(person.actor, lambda work: sessions.open_session(work, person.person, "", at, person.role))


@dataclass
class Served:
    """`gongheng serve` over `folder`, on SQLite; `told` are further settings, `module` what is run in its place, `seen` the address under
    which browsers come where that is not its own."""

    folder: Path
    told: dict[str, str] = field(default_factory=dict)
    module: str = "app"
    seen: str = ""
    place: socket.socket = field(default_factory=kept_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """Where it listens, also when it comes again."""
        port: int = self.place.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Its address."""
        return self.seen or f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What it is told."""
        told = {"DEMONSTRATION": "yes", "DATA_DIR": str(self.folder), "PORT": str(self.port), "ORIGIN": self.url} | self.told
        return {f"GONGHENG_{name}": value for name, value in told.items()}

    @property
    def settings(self) -> Settings:
        """The same, for who prepares the folder."""
        return load(self.environment, ticks=False)

    @contextmanager
    def prepared(self) -> Iterator[Application]:
        """The application over the same folder in this process, before the server has it; its tables stand."""
        from app import tables
        from core.kernel.db import open_engine

        engine = open_engine(self.settings.database_url)
        tables.metadata.create_all(engine)
        engine.dispose()
        app = create_app(self.settings)
        prepare(app)
        try:
            yield app
        finally:
            shut_down(app)

    def start(self) -> Served:
        """Starts it and waits until it answers."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GONGHENG_")}
        command = [sys.executable, "-m", self.module, "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=kept | self.environment, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 180  # a busy machine
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                if httpx.get(f"http://localhost:{self.port}/healthz", trust_env=False).is_success:
                    return self
            time.sleep(0.1)
        raise TimeoutError("the server does not answer")

    def kill(self) -> None:
        """As the power does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def at_home(served: Served, app: Application, monkeypatch: pytest.MonkeyPatch) -> Door:
    """Whoever joins from now on has keys certified by this platform's own authority, for its own address; returns its door."""
    platform = app.extensions["gongheng"]
    monkeypatch.setattr(people, "authority", lambda: platform.parts["authority"])
    monkeypatch.setattr(people, "RP", RelyingParty("localhost", served.url))
    door: Door = platform.door
    return door


class BreakingLine:
    """A line to a port that breaks once, after so many bytes have gone towards the server; afterwards it holds."""

    def __init__(self, port: int, after: int) -> None:
        self.target, self.left, self.carried, self.has_broken = port, after, 0, False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._door.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_up: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
                if is_up:
                    self.carried += len(piece)
                    if not self.has_broken and self.carried > self.left:
                        self.has_broken = True
                        break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class CutLine:
    """A line to a port that somebody cuts and mends: while it is cut nothing gets through, and nobody is told."""

    def __init__(self, port: int) -> None:
        self._target, self._through = port, threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        self.mend()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Nothing gets through from now on."""
        self._through.clear()

    def mend(self) -> None:
        """All that waits gets through."""
        self._through.set()

    def _accept(self) -> None:
        while True:
            near, _ = self._door.accept()
            far = socket.create_connection(("127.0.0.1", self._target))
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                self._through.wait()
                target.sendall(piece)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

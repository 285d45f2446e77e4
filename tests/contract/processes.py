"""Two web processes of one platform as they stand in production: PostgreSQL and Redis behind, nginx with the shipped file before them."""

from __future__ import annotations

import json
import os
import random
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from websocket import WebSocket, WebSocketException, create_connection

from core.identity.authority import Authority
from core.kernel.keyfile import open_key

ROOT = Path(__file__).resolve().parents[2]
CASE = "T2026-000001"
ROOM = "/opening"
CERTIFY = shlex.split(
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
)
MAIN = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log notice;
events {{ worker_connections 1024; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path
    {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/gongheng.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(happened: Any, patience: float = 60.0) -> None:
    """Waits for something to be so."""
    end = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@dataclass
class Stack:
    """All that runs, by name: redis, nginx, and the web processes 0 and 1."""

    folder: Path
    database: str
    front: int = field(default_factory=free_port)
    redis: int = field(default_factory=free_port)
    ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.front}"

    def start_redis(self) -> None:
        self._start("redis", "redis-server", "--port", str(self.redis), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder))
        until(lambda: _answers(self.redis))

    def start_nginx(self) -> None:
        """The shipped file; only what it says is to be edited is edited."""
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        subprocess.run(
            [*CERTIFY, "-keyout", str(key), "-out", str(certificate)],
            check=True,
            capture_output=True,
        )
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        edits = {
            "listen 443 ssl": f"listen 127.0.0.1:{self.front} ssl",
            "ggzy.example.cn": "localhost",
            "/etc/ssl/gongheng.pem": str(certificate),
            "/etc/ssl/gongheng.key": str(key),
            "127.0.0.1:8001": f"127.0.0.1:{self.ports[0]}",
            "127.0.0.1:8002": f"127.0.0.1:{self.ports[1]}",
        }
        for written, meant in edits.items():
            assert written in text
            text = text.replace(written, meant)
        (self.folder / "gongheng.conf").write_text(text)
        (self.folder / "nginx.conf").write_text(MAIN.format(folder=self.folder))
        self._start("nginx", shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder))
        until(lambda: _answers(self.front))

    def start_process(self, which: int) -> None:
        said = {
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": self.database,
            "ORIGIN": self.url,
            "SECRET_KEY": "k" * 40,
            "LOG_ORIGIN": "localhost/gongheng",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis}/0",
            "PROXIES": "1",
            "PORT": str(self.ports[which]),
            "GROUP": "16",
        }
        environ = os.environ | {f"GONGHENG_{name}": value for name, value in said.items()}
        self._start(str(which), sys.executable, "-m", "tests.contract.room_process", environ=environ)

    def ready(self, which: int) -> None:
        """Waits until a process serves."""
        until(lambda: _answers(self.ports[which]), 180)

    def kill(self, name: str) -> None:
        """As a machine's power supply would."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def say(self, n: int) -> None:
        """Says a number through nginx, again until somebody has taken it."""
        end = time.monotonic() + 60
        with httpx.Client(verify=self.trust(), timeout=10) as client:
            while True:
                status = 0
                with suppress(httpx.HTTPError):
                    if (status := client.post(f"{self.url}/say/{n}").status_code) == 200:
                        return
                assert time.monotonic() < end, f"nobody takes {n}: {status}"
                time.sleep(0.05)

    def stored(self) -> list[dict[str, Any]]:
        """The stream as whoever comes late reads it."""
        entries: list[dict[str, Any]] = []
        with httpx.Client(verify=self.trust(), timeout=10) as client:
            while True:
                since = entries[-1]["seq"] if entries else 0
                answer = client.get(f"{self.url}/cases/{CASE}/events?since={since}&room=opening").json()
                entries += answer["entries"]
                if not answer["entries"]:
                    return entries

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "certificate.pem"))

    def _start(self, name: str, *command: str, environ: dict[str, str] | None = None) -> None:
        with (self.folder / f"{name}.out").open("ab") as out:
            self.running[name] = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextmanager
def stack(folder: Path, database: str) -> Iterator[Stack]:
    """Everything up, and down again."""
    made = Stack(folder, database)
    try:
        made.start_redis()
        made.start_nginx()
        for name in ("platform", "log"):  # one process would make them; of two that start at once, both must find the same
            open_key(folder / "data" / "keys" / f"{name}.pem", make=True)
        Authority.open(folder / "data" / "ca")
        for which in (0, 1):
            made.start_process(which)
        for which in (0, 1):
            made.ready(which)
        yield made
    finally:
        for name in list(made.running):
            made.kill(name)


class Watcher(threading.Thread):
    """Somebody who watches as the page does: hears, counts, asks for what is missing, and comes back when the line is gone."""

    def __init__(self, stack: Stack, process: int | None = None, query: str = "") -> None:
        super().__init__(daemon=True)
        self.stack, self.process, self.query = stack, process, query
        self.entries: list[dict[str, Any]] = []
        self.asked = self.joined = 0
        self.presence: list[dict[str, Any]] = []
        self.is_done = False
        self.line: WebSocket | None = None
        self.start()
        until(lambda: self.joined)

    @property
    def seq(self) -> int:
        return self.entries[-1]["seq"] if self.entries else 0

    def run(self) -> None:
        while not self.is_done:
            with suppress(WebSocketException, OSError, httpx.HTTPError, ValueError):
                self._watch()
            self.process = None  # from then on whichever nginx gives
            time.sleep(random.uniform(0.05, 0.4))

    def leave(self) -> None:
        self.is_done = True
        if self.line is not None:
            self.line.close()

    def _watch(self) -> None:
        self.line = line = self._open()
        line.recv()
        line.send(f"40{ROOM},")
        while (message := line.recv()) and not self.is_done:
            if message == "2":
                line.send("3")
            elif message.startswith(f"40{ROOM},"):
                line.send(f'42{ROOM},1["join",{json.dumps({"case": CASE})}]')
            elif message.startswith(f"43{ROOM},1"):
                if json.loads(message.partition("1")[2])[0]["seq"] > self.seq:
                    self._ask()
                self.joined += 1
            elif message.startswith(f"42{ROOM},"):
                self._hear(message.partition(",")[2])

    def _hear(self, said: str) -> None:
        number, _, event = said.partition("[")
        name, *arguments = json.loads("[" + event)
        if name == "entry" and arguments[0]["seq"] == self.seq + 1:
            self.entries.append(arguments[0])
        elif name == "behind" or (name == "entry" and arguments[0]["seq"] > self.seq):
            self._ask()
        elif name == "presence":
            self.presence.append(arguments[0])
        elif name == "beat" and self.line is not None:
            self.line.send(f"43{ROOM},{number}[]")

    def _ask(self) -> None:
        self.asked += 1
        with httpx.Client(verify=self.stack.trust(), timeout=10) as client:
            while True:
                answer = client.get(f"{self.stack.url}/cases/{CASE}/events?since={self.seq}&room=opening").json()
                self.entries += answer["entries"]
                if self.seq >= answer["seq"]:
                    return

    def _open(self) -> WebSocket:
        query = f"EIO=4&transport=websocket{self.query}"
        if self.process is not None:
            return create_connection(
                f"ws://127.0.0.1:{self.stack.ports[self.process]}/socket.io/?{query}", timeout=60, origin=self.stack.url
            )
        trusted = {"ca_certs": str(self.stack.folder / "certificate.pem")}
        return create_connection(f"wss://localhost:{self.stack.front}/socket.io/?{query}", timeout=60, sslopt=trusted)

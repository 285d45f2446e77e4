"""The stage: the server and the outside parties as processes of their own, on free ports, over one empty folder."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from core.kernel.checkpoint import LOG, vkey
from core.kernel.keyfile import open_key

LOG_ORIGIN = "localhost/gongheng"
WITNESSES = ("notary", "supervision", "association")  # the notary's office, the supervision bureau, the bidders' association
QUORUM = 2
PATIENCE = 180.0  # a busy machine
GONGHENG = (sys.executable, "-m", "app")


class StageFault(Exception):
    """A process did not come up, or left before its time."""


def kept_port() -> socket.socket:
    """Keeps a port of this machine until it is closed, also while whoever serves there is away.

    It never listens: a server that sets SO_REUSEADDR, as servers do, may bind beside it; to anybody who asks for some port it is taken.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


@dataclass
class Stage:
    """Everything that runs during a demonstration; `folder` holds all of it, but for a `home` that the server has elsewhere."""

    folder: Path
    home: Path | None = None
    witnesses: tuple[str, ...] = WITNESSES  # with none, there is no time stamp authority either
    place: socket.socket = field(default_factory=kept_port)
    running: dict[str, subprocess.Popen[str]] = field(default_factory=dict)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)  # what each sandbox said of itself when it started
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        """Where the server listens."""
        port: int = self.place.getsockname()[1]
        return port

    @property
    def origin(self) -> str:
        """The server's address; WebAuthn wants a name, so it is localhost."""
        return f"http://localhost:{self.port}"

    @property
    def data_dir(self) -> Path:
        """The server's own folder."""
        return self.home or self.folder / "server"

    @property
    def clock_file(self) -> Path:
        """The one offset that every process reads."""
        return self.data_dir / "clock"

    def raise_curtain(self) -> None:
        """Starts the outside parties and migrates the database; `start_server` comes next, when the people have settled."""
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        log_key = open_key(self.data_dir / "keys" / "log.pem", make=True)
        log_vkey = str(vkey(LOG_ORIGIN, LOG, log_key.private))
        self.told["log"] = {"vkey": log_vkey}
        clock = ("--clock-file", str(self.clock_file))
        for name in self.witnesses:
            self._begin(f"witness-{name}", ("sandbox-witness", "--name", f"{name}.example/witness", "--log-vkey", log_vkey, *clock))
        if self.witnesses:
            self._begin("tsa", ("sandbox-tsa", *clock))
        self._begin("bank", ("sandbox-bank", *clock))
        self._begin("guarantor", ("sandbox-guarantor", *clock))
        migrating = plain_environment() | {"GONGHENG_DATA_DIR": str(self.data_dir), "GONGHENG_DEMONSTRATION": "yes"}
        subprocess.run([*GONGHENG, "migrate"], env=migrating, check=True, stdout=subprocess.DEVNULL)
        for name in tuple(self.running):
            self._hear(name)
        self.environment = self._environment()

    def start_server(self) -> None:
        """Starts the server, or starts it again after it was killed, and waits until it is ready."""
        self.begin_server()
        self.wait_until_ready()

    def begin_server(self) -> None:
        """Starts the server; `wait_until_ready` knows when it serves."""
        with (self.folder / "server.log").open("a") as log:
            process = subprocess.Popen(
                [*GONGHENG, "serve", "--port", str(self.port)], env=self.environment, stdout=log, stderr=log, text=True
            )
        self.running["server"] = process

    def wait_until_ready(self) -> None:
        """Returns when /readyz says so; raises StageFault when the server leaves or takes too long."""
        process, until = self.running["server"], time.monotonic() + PATIENCE
        with httpx.Client(verify=False, trust_env=False, timeout=5) as client:  # noqa: S501 - http to this machine alone
            while time.monotonic() < until:
                if process.poll() is not None:
                    raise StageFault(f"the server left with {process.returncode}; see {self.folder / 'server.log'}")
                try:
                    if client.get(f"{self.origin}/readyz").status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                time.sleep(0.1)
        raise StageFault(f"the server was not ready within {PATIENCE:.0f} s; see {self.folder / 'server.log'}")

    def kill_server(self) -> None:
        """Kills the server as a power failure would."""
        self.running["server"].kill()
        self.running.pop("server").wait()

    def strike(self) -> None:
        """Ends every process that this stage started."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()
        self.place.close()

    def _begin(self, name: str, command: Sequence[str]) -> None:
        """Starts an outside party."""
        state = self.folder / name
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / f"{name}.log").open("a") as log:
            arguments = [*GONGHENG, *command, "--state", str(state), "--port", "0"]
            self.running[name] = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=log, text=True, env=plain_environment())

    def _hear(self, name: str) -> None:
        """Keeps the line in which an outside party says where it listens and what its keys are."""
        said = self.running[name].stdout
        line = said.readline() if said is not None else ""
        if not line:
            raise StageFault(f"{name} did not start; see {self.folder / name}.log")
        self.told[name] = json.loads(line)

    def _environment(self) -> dict[str, str]:
        outside = {}
        if self.witnesses:
            heard = (self.told[f"witness-{name}"] for name in self.witnesses)
            outside["GONGHENG_WITNESSES"] = ", ".join(f"{told['url']} {told['vkey']}" for told in heard)
            outside["GONGHENG_TSA_URL"] = self.told["tsa"]["url"]
            outside["GONGHENG_TSA_ROOT"] = str(self.folder / "tsa" / "root.pem")
        return (
            plain_environment()
            | outside
            | {
                "GONGHENG_DATA_DIR": str(self.data_dir),
                "GONGHENG_DEMONSTRATION": "yes",
                "GONGHENG_ORIGIN": self.origin,
                "GONGHENG_PORT": str(self.port),
                "GONGHENG_CLOCK_FILE": str(self.clock_file),
                "GONGHENG_LOG_ORIGIN": LOG_ORIGIN,
                "GONGHENG_BANK_URL": self.told["bank"]["url"],
            }
        )


def plain_environment() -> dict[str, str]:
    """This process's environment without any setting of the platform's, so that what is outside cannot leak in."""
    kept: Mapping[str, str] = os.environ
    return {name: value for name, value in kept.items() if not name.startswith("GONGHENG_") and name != "PYTHONDONTWRITEBYTECODE"}

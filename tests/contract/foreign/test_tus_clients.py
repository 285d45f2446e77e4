"""Stock tus clients, unmodified, at our server: begun, stopped, the server killed, taken up again over a line that breaks, completed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from tusclient.client import TusClient

from core.kernel.files import FileStore
from core.kernel.roles import Role
from tests.builders.people import people
from tests.builders.served import ROOT, BreakingLine, Served, cookie

pytestmark = pytest.mark.foreign
SIZE = 6_000_000
STOP = 2 * 1024 * 1024
SCRIPT = Path(__file__).with_name("tus_upload.cjs")
CLIENT = ROOT / "app/static/vendor/tus-js-client/4.3.1/tus.min.js"


@dataclass
class World:
    """A server, and a bidder who has logged in to it with a file to send."""

    server: Served
    cookie: str
    file: Path

    @property
    def digest(self) -> str:
        """Of the file to be sent."""
        return sha256(self.file.read_bytes()).hexdigest()

    def offset(self, url: str) -> int:
        """How much of an upload the server says is safe."""
        answer = httpx.head(url, headers={"Cookie": self.cookie, "Tus-Resumable": "1.0.0"}, trust_env=False)
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"])

    def lose_power(self) -> None:
        """The server is killed and started again."""
        self.server.kill()
        self.server.start()

    def stored(self) -> bytes:
        """What the server holds under the file's digest."""
        return FileStore(self.server.settings.files_dir).read(self.digest)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    made = Served(tmp_path_factory.mktemp("served"))
    with made.prepared() as app:
        door = app.extensions["gongheng"].door
        given = cookie(door, people(door).join(Role.BIDDER, keys=False))
    made.start()
    yield made, given
    made.kill()


@pytest.fixture
def world(server: tuple[Served, str], tmp_path: Path) -> World:
    file = tmp_path / "sealed.age"
    file.write_bytes(os.urandom(SIZE))
    return World(*server, file)


def node(world: World, endpoint: str, **told: Any) -> Any:
    """One run of tus-js-client."""
    words = [f"{name}={value}" for name, value in told.items()]
    command = ["node", SCRIPT, CLIENT, world.file, f"{endpoint}/uploads/", world.cookie, *words]
    done = subprocess.run([str(word) for word in command], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_tus_js_client_resumes_after_a_kill_and_over_a_broken_line(world: World) -> None:
    begun = node(world, world.server.url, stop=STOP)
    assert not begun["done"]
    world.lose_power()
    safe = world.offset(begun["url"])
    assert safe >= STOP, "no acknowledged byte is lost"
    line = BreakingLine(world.server.port, after=1_500_000)
    ended = node(world, line.url, url=begun["url"].replace(world.server.url, line.url))
    line.close()
    assert ended["done"] and ended["retries"] >= 1 and line.has_broken
    assert line.carried < SIZE, "what was safe is not sent again"
    assert world.stored() == world.file.read_bytes()


@pytest.mark.parametrize("checksum", [False, True], ids=["plain", "sha1"])
def test_tuspy_resumes_over_a_broken_line(world: World, checksum: bool) -> None:
    headers = {"Cookie": world.cookie}
    how: dict[str, Any] = {"chunk_size": 1024 * 1024, "upload_checksum": checksum}
    uploader = TusClient(f"{world.server.url}/uploads/", headers=headers).uploader(str(world.file), **how)
    uploader.upload(stop_at=STOP)
    assert world.offset(uploader.url) >= STOP
    line = BreakingLine(world.server.port, after=1_500_000)
    again = TusClient(f"{line.url}/uploads/", headers=headers).uploader(
        str(world.file), url=uploader.url.replace(world.server.url, line.url), retries=3, retry_delay=0.1, **how
    )
    again.upload()
    line.close()
    assert line.has_broken and line.carried < SIZE
    assert world.stored() == world.file.read_bytes()

"""Pictures through nginx as it is shipped: the file is sound, a lot has one process, and a late viewer is served at once."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from websocket import WebSocket, create_connection

from core.kernel.webm import Stream
from evaluation.domain.recording import Purpose, Watching
from evaluation.services import recording_views
from tests.builders.recorders import seated, ticket
from tests.builders.served import Served
from tests.builders.tapes import MEDIA, cut, stream
from tests.contract.processes import Stack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.sqlite_alone]


@contextmanager
def nginx(folder: Path, ports: tuple[int, int]) -> Iterator[Stack]:
    """nginx with the shipped file before these two ports."""
    made = Stack(folder, "", ports=ports)
    made.start_nginx()
    yield made
    made.kill("nginx")


@pytest.fixture
def echoes() -> Iterator[tuple[int, int]]:
    """Two processes that answer which they are."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = str(self.server.server_port).encode()  # type: ignore[attr-defined]  # it is an HTTPServer
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Answer) for _ in range(2)]
    for one in servers:
        threading.Thread(target=one.serve_forever, daemon=True).start()
    yield servers[0].server_port, servers[1].server_port
    for one in servers:
        one.shutdown()


def test_the_shipped_file_is_sound_and_a_lot_has_one_process(tmp_path: Path, echoes: tuple[int, int]) -> None:
    with nginx(tmp_path, echoes) as site, httpx.Client(verify=site.trust(), timeout=10) as client:
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        subprocess.run([program, "-t", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)], check=True, capture_output=True)
        seen = {}
        for lot in range(20):
            ways = ("record/a", "watch/b/1", "watch/c/2", "views/d/tapes/e")
            answers = {client.get(f"{site.url}/video/T2026-{lot:06d}-1/{way}").text for way in ways}
            assert len(answers) == 1
            seen[lot] = answers.pop()
        assert set(seen.values()) == {str(port) for port in echoes}


def line(site: Stack, cookie: str, path: str) -> WebSocket:
    """A WebSocket through nginx, as a page opens one."""
    trusted = {"ca_certs": str(site.folder / "certificate.pem")}
    return create_connection(
        f"wss://localhost:{site.front}{path}", timeout=20, sslopt=trusted, origin=site.url, cookie=f"__Host-gongheng={cookie}"
    )


def test_pictures_pass_through_nginx_slice_by_slice_and_a_late_viewer_begins_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Served(tmp_path / "data", told={"PROXIES": "1"})
    served.folder.mkdir()
    with nginx(tmp_path, (served.port, served.port)) as site:
        served.seen = site.url
        with served.prepared() as app:
            room = seated(served, app, monkeypatch)
            member, host = ticket(app, room.members[0]), ticket(app, room.tender.centre)
            said = Watching(Purpose.ROUTINE, "")
            view: Any = room.perform(room.tender.centre, lambda work: recording_views.watch(work, room.number, said))
        served.start()
        with httpx.Client(base_url=site.url, cookies={"__Host-gongheng": member}, verify=site.trust(), timeout=20) as client:
            token = client.get("/api/v1/session").json()["csrf_token"]
            heads = {"X-CSRFToken": token, "Referer": f"{site.url}/"}
            begun = client.post(f"/api/v1/lots/{room.number}/evaluation/video/tapes", json={"clear": MEDIA, "shield": MEDIA}, headers=heads)
            tape = begun.raise_for_status().json()["tapes"]["shield"]
        recording = line(site, member, f"/video/{room.number}/record/{tape}")
        pieces = cut(stream(4), 300)
        for number, piece in enumerate(pieces, 1):
            recording.send_binary(piece)
            assert recording.recv() == f'{{"stored":{number}}}'  # each at once: nothing waits for more
        late = line(site, host, f"/video/{room.number}/watch/{view['view']}/1")
        assert late.recv() == f'{{"state":"live","media":"{MEDIA}"}}'
        found = Stream()
        found.feed(late.recv())
        whole = b"".join(pieces)
        assert whole.startswith(found.head) and found.late and whole.endswith(found.late)
        for piece in cut(stream(1)[len(found.head) :], 300):
            recording.send_binary(piece)
            assert late.recv() == piece
        recording.send("over")
        while late.recv() != '{"state":"silent"}':
            pass
        served.kill()

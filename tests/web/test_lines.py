"""A request's line on our own server: whatever a client sends after its line was silent for too long is nobody's request."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

SERVER = """
from gevent import monkey; monkey.patch_all()
from flask import Flask
from gevent.pywsgi import WSGIServer
from core.web import lines

lines.IDLE = 0.3
app = Flask("lines")

@app.post("/take/<int:length>")
def take(length):
    taken = bytearray()
    lines.pour(length, taken.extend)
    return f"took {len(taken)};"

@app.get("/other")
def other():
    return "the other page;"

server = WSGIServer(("127.0.0.1", 0), app, handler_class=lines.Handler, log=None)
server.start()
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.kill()


def talk(port: int, *pieces: bytes) -> str:
    """Sends each piece, waits for an answer after it, and reads on until the server hangs up or stays silent."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        for piece in pieces:
            try:
                line.sendall(piece)
                came = line.recv(65536)
            except ConnectionError:
                break
            heard += came
            while came and not came.rstrip().endswith(b";"):
                came = line.recv(65536)
                heard += came
    return heard.decode()


def head(length: int) -> bytes:
    return f"POST /take/{length} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


OTHER = b"GET /other HTTP/1.1\r\nHost: x\r\n\r\n"


def test_a_line_that_brought_all_it_promised_takes_the_next_request(port: int) -> None:
    heard = talk(port, head(5) + b"12345", OTHER)
    assert "took 5;" in heard and "the other page;" in heard


def test_what_comes_after_a_line_was_silent_for_too_long_is_not_read_as_a_request(port: int) -> None:
    heard = talk(port, head(100) + b"half", OTHER)
    assert "took 4;" in heard and "Connection: close" in heard and "the other page" not in heard

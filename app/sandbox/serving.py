"""How the sandbox processes listen: one handler function per process, behind a small HTTP/1.1 server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BODY = 1 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes = b""
    media: str = "text/plain; charset=utf-8"


NO_ANSWER = Answer(0)
"""The connection breaks where an answer was due."""

Handle = Callable[[str, str, str, bytes], Answer]
"""(method, path, content type, body) → answer"""


def server(host: str, port: int, handle: Handle, most: int = MAX_BODY) -> ThreadingHTTPServer:
    """A server that is bound and listening, not yet serving; port 0 takes a free one. `most`: bytes of a body."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        disable_nagle_algorithm = True  # head and body leave as two writes; the second must not wait for an answer to the first

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > most:
                self.close_connection = True
                self._send(Answer(413 if length.isdecimal() else 411))
                return
            self._answer(self.rfile.read(int(length)))

        def _answer(self, body: bytes) -> None:
            media = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            self._send(handle(self.command, self.path, media, body))

        def _send(self, answer: Answer) -> None:
            if answer is NO_ANSWER:
                self.close_connection = True
                return
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Says nothing: standard output belongs to the one line that says where we are."""

    return ThreadingHTTPServer((host, port), Handler)


def serve(running: ThreadingHTTPServer, facts: Mapping[str, str]) -> None:
    """Prints one JSON line with the address and `facts`, then serves until it is stopped."""
    host, port = str(running.server_address[0]), running.server_address[1]
    print(json.dumps({"url": f"http://{host}:{port}", **facts}), flush=True)
    try:
        running.serve_forever()
    except KeyboardInterrupt:
        running.server_close()

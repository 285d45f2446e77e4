"""The body of a large request, taken from its connection by native threads: received, hashed and written while the event loop goes on.

A thread works only as long as bytes are there; in between the request waits on the event loop, so that slow or silent lines hold no thread.
"""

from __future__ import annotations

import os
import socket as sockets
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from flask import request
from gevent import pywsgi
from gevent import socket as waiting
from gevent.monkey import get_original
from gevent.threadpool import ThreadPool

Sink = Callable[[memoryview], object]
IDLE = 20.0  # s without a byte until a line counts as broken: what holds the file must let go before the bidder comes back
BUFFER = 256 * 1024
THREADS = 4
PLACE = "gongheng.line"


class Handler(pywsgi.WSGIHandler):  # type: ignore[misc]
    """Our own server's way to let a view at the connection under its request."""

    def get_environ(self) -> dict[str, Any]:
        """The environment as usual, and the line of this very request."""
        environ: dict[str, Any] = super().get_environ()
        environ[PLACE] = Line(self.socket, self.wsgi_input, self._hang_up)
        return environ

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        """As usual, and says so when the line will be closed."""
        said = [*headers, ("Connection", "close")] if self.close_connection else headers
        return super().start_response(status, said, exc_info)

    def _hang_up(self) -> None:
        self.close_connection = True


class Line:
    """A request's connection, beside the buffer in which the server has read its head."""

    def __init__(self, socket: Any, body: Any, hang_up: Callable[[], None]) -> None:
        self._socket, self._body, self._hang_up = socket, body, hang_up

    def pour(self, length: int, sink: Sink) -> None:
        """Hands the body's `length` bytes to `sink`, piece by piece, in native threads; returns early when the line breaks."""
        self._body.read(0)  # tells a client that asked first to go on
        buffer = memoryview(bytearray(min(BUFFER, length)))
        taken = self._buffered(length, sink)
        raw = get_original("socket", "socket")(fileno=os.dup(self._socket.fileno()))  # ours, whatever becomes of the server's
        try:
            raw.settimeout(0)
            while taken < length:
                came, is_over = _threads().apply(partial(_burst, raw, length - taken, buffer, sink))
                taken += came
                if is_over or (taken < length and not _more(raw)):
                    break
        finally:
            raw.close()
            self._body.position = length  # what did not come will not be waited for
            if taken < length:
                self._hang_up()  # what comes yet is this body's, and would be read as the next request

    def leave(self) -> None:
        """The connection is no HTTP any more: no further request is read from it."""
        self._hang_up()

    def _buffered(self, length: int, sink: Sink) -> int:
        """What the server read along with the request's head."""
        if not length:
            return 0
        try:
            head = self._body.read(min(length, len(self._body.rfile.peek(1))))
        except OSError:
            return 0
        if head:
            _threads().apply(partial(sink, memoryview(head)))
        return len(head)


@cache
def _threads() -> ThreadPool:
    return ThreadPool(THREADS)


def _burst(raw: sockets.socket, left: int, buffer: memoryview, sink: Sink) -> tuple[int, bool]:
    """Takes what is there now; returns how much it was, and whether the line is dead."""
    came = 0
    while came < left:
        try:
            count = raw.recv_into(buffer[: left - came])
        except BlockingIOError:
            return came, False
        except OSError:
            return came, True
        if not count:
            return came, True
        sink(buffer[:count])
        came += count
    return came, False


def _more(raw: sockets.socket) -> bool:
    """Waits on the event loop for the next byte; False when none comes for too long."""
    try:
        waiting.wait_read(raw.fileno(), IDLE)
    except OSError:
        return False
    return True


def pour(length: int, sink: Sink) -> None:
    """Hands the current request's body to `sink`, off the event loop where this process serves itself; less when the line breaks."""
    line: Line | None = request.environ.get(PLACE)
    if line is not None:
        line.pour(length, sink)
        return
    for piece in _read():
        sink(memoryview(piece))


def _read() -> Iterator[bytes]:
    """The body under another server, as it comes."""
    while True:
        try:
            piece = request.stream.read(BUFFER)
        except (OSError, ValueError):
            return
        if not piece:
            return
        yield piece


def off_loop(task: Callable[[], Any]) -> Any:
    """Runs a task of an upload in the threads of uploads, so that all the others stay free for pages."""
    return _threads().apply(task) if PLACE in request.environ else task()

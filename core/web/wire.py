"""WebSockets of our own (RFC 6455), beside Socket.IO's: a view takes over its connection, reads with a limit of time, and writes through an
outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from flask import Response, request
from gevent import Timeout
from wsproto.events import CloseConnection, Ping
from wsproto.utilities import LocalProtocolError

from core.kernel.errors import NotAllowed, RuleBroken
from core.web import lines
from core.web.outgoing import frame
from core.web.platform import platform
from core.web.websockets import Line


class Wire:
    """A connection that has become a WebSocket."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.outbox = line.outbox

    def send(self, text: str) -> None:
        """Sends a text."""
        self.outbox.send(frame(text))

    def receive(self, seconds: float) -> list[bytes | str]:
        """What has come, waiting at most so long for the first; nothing when none came, and then the other side is asked for a sign of
        life. Raises OSError when it is gone, or has not answered the last time."""
        first: str | bytes | None = None
        with Timeout(seconds, False):
            first = self._line.receive()
            if first is None:
                raise OSError("closed")
        if first is None:
            self._ask()
            return []
        found = [first]
        while self._line.input_buffer:
            found.append(self._line.input_buffer.pop(0))
        return found

    def close(self, reason: int = 1000) -> None:
        """Says why and closes; harmless when the other side is gone."""
        if self._line.connected:
            with suppress(LocalProtocolError):
                self.outbox.send(self._line.ws.send(CloseConnection(reason)))
        self._line.connected = False
        self.outbox.close()

    def _ask(self) -> None:
        if not self._line.pong_received:
            raise OSError("silent")
        self._line.pong_received = False
        self.outbox.send(self._line.ws.send(Ping()))


class Taken(Response):
    """The answer of a view whose connection is no HTTP any more: nothing."""

    def __call__(self, *_: Any) -> Iterable[bytes]:
        """Says nothing."""
        return []


def take_over(talk: Callable[[Wire], object], most: int) -> Response:
    """Makes the current request's connection a WebSocket and talks on it until `talk` returns or the other side is gone; messages are at
    most `most` bytes. Raises NotAllowed for a page of another site, RuleBroken where no WebSocket was asked for."""
    if request.headers.get("Origin") != platform().settings.origin:
        raise NotAllowed("web.other_site")  # cookies come along with a WebSocket from anywhere (RFC 6455 §10.2)
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise RuleBroken("web.input", fields="Upgrade")
    wire = Wire(Line(request.environ, most))
    below: lines.Line | None = request.environ.get(lines.PLACE)
    if below is not None:
        below.leave()
    try:
        talk(wire)
    except OSError:
        pass
    finally:
        wire.close()
    return Taken()

"""Engine.IO's WebSockets on outboxes: one greenlet reads, nobody writes but the outbox.

Stands in for two parts of python-engineio 4.15.1 that belong to its drivers, the queue and the WebSocket, and leaves the rest as it is. In
stock each connection has a queue and a greenlet that empties it, and pongs and closures are written past both; `socket.send` may take half
a frame, and nobody sends the other half.
"""

from __future__ import annotations

import logging
from typing import Any, Protocol

from engineio.exceptions import EngineIOError
from engineio.packet import NOOP, Packet
from gevent.event import Event
from gevent.queue import JoinableQueue
from simple_websocket import Server
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from core.web.outgoing import Outbox, frame

log = logging.getLogger(__name__)


class Told(Protocol):
    """Who else writes to the outboxes: the rooms."""

    def flush(self) -> None:
        """Writes what was gathered so far."""

    def forget(self) -> None:
        """Some client is reached in another way from now on."""


class Packets(JoinableQueue):  # type: ignore[misc]  # gevent has no types
    """A connection's queue of packets: polled from as ever, and once there is a WebSocket, passed straight into its outbox."""

    outbox: Outbox | None = None

    def __init__(self, rooms: Told) -> None:
        super().__init__()
        self._rooms = rooms

    def put(self, item: Packet | None, block: bool = True, timeout: float | None = None) -> None:
        """Queues a packet, or sends it at once; None ends the connection."""
        if self.outbox is None:
            super().put(item, block, timeout)
            return
        self._rooms.flush()  # what rooms were told earlier leaves earlier
        if item is None:
            self.outbox.finish()
        else:
            self.outbox.send(frame(item.encode()))

    def pass_to(self, outbox: Outbox) -> None:
        """From now on everything leaves through the outbox, what waits already first."""
        waiting = []
        while not self.empty():
            item = self.get_nowait()
            self.task_done()
            if item is None or item.packet_type != NOOP:  # what was to end a poll that has ended already
                waiting.append(item)
        self._rooms.forget()
        self.outbox = outbox
        for item in waiting:
            self.put(item)


class _Nobody:
    """The library starts a thread that reads; ours is read by the greenlet that waits for the message."""

    name = ""

    def __init__(self, target: object) -> None:
        pass

    def start(self) -> None:
        """Nothing starts."""


class Line(Server):  # type: ignore[misc]  # the library has no types
    """A WebSocket of simple-websocket whose bytes all leave through an outbox. Compression is declined: one encoding serves a whole room,
    a deflate window costs each client about 300 KiB, and lengths of compressed secrets tell of them."""

    sock: Any
    connected: bool

    def __init__(self, environ: dict[str, Any], most: int) -> None:
        plain = {name: value for name, value in environ.items() if name != "HTTP_SEC_WEBSOCKET_EXTENSIONS"}
        super().__init__(plain, max_message_size=most, thread_class=_Nobody, event_class=Event)

    def handshake(self) -> None:
        """Answers the client's request."""
        self.outbox = self.sock = Outbox(self.sock)
        super().handshake()

    def receive(self, timeout: float | None = None) -> str | bytes | None:  # noqa: ARG002  (Engine.IO's own pings find a silent client)
        """The next message; None when the line is over."""
        while not self.input_buffer:
            if not self.connected:
                return None
            try:
                if came := self.sock.recv(self.receive_bytes):
                    self.ws.receive_data(came)
                self.connected = bool(came) and self._handle_events()
            except (OSError, LocalProtocolError, RemoteProtocolError):
                self.connected = False
        found: str | bytes = self.input_buffer.pop(0)
        return found


class Doorway:
    """What Engine.IO calls for a request that becomes a WebSocket."""

    def __init__(self, handler: Any, server: Any) -> None:
        self._socket, self._most = handler.__self__, server.max_http_buffer_size

    def __call__(self, environ: dict[str, Any], _start_response: Any) -> list[bytes]:
        """Serves the connection until it ends."""
        line = Line(environ, self._most)
        try:
            _talk(self._socket, line)
        finally:
            line.outbox.close()
        if line.mode == "gunicorn":
            raise StopIteration  # its worker's sign that the connection was taken over
        return []


def _talk(socket: Any, line: Line) -> None:
    """Engine.IO over one WebSocket: the upgrade where a session was polling, then message after message."""
    if socket.connected:
        if not _upgraded(socket, line):
            return
    else:
        socket.connected = socket.upgraded = True
    socket.queue.pass_to(line.outbox)
    while (message := line.receive()) is not None and _taken(socket, message):
        pass
    socket.close(wait=False, abort=True, reason=socket.server.reason.TRANSPORT_CLOSE)


def _upgraded(socket: Any, line: Line) -> bool:
    """The probe and the upgrade (Engine.IO 4, "Upgrade"); the session goes on polling when the client says anything else."""
    socket.upgrading = True
    try:
        if line.receive() != "2probe":
            return False
        line.outbox.send(frame("3probe"))
        socket.queue.put(Packet())  # a NOOP ends the poll that waits
        if line.receive() != "5" or socket.closed:
            return False
        socket.upgraded = True
    finally:
        socket.upgrading = False
    return True


def _taken(socket: Any, message: str | bytes) -> bool:
    """Whether the message was one that the protocol knows; what a handler does wrong is logged where it is called."""
    try:
        socket.receive(Packet(encoded_packet=message))
    except (EngineIOError, ValueError, IndexError):
        return False
    except Exception:
        log.exception("a message could not be taken")
        return False
    return True


def install(engine: Any, rooms: Told) -> None:
    """Every connection of an Engine.IO server gets an outbox from now on; `rooms` writes to them too."""
    engine._async = {**engine._async, "queue": lambda: Packets(rooms), "websocket": Doorway}

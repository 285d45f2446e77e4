"""What leaves over one WebSocket: every byte through one outbox, so that frames never interleave; it never waits, and it is bounded."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from socket import IPPROTO_TCP, SHUT_RDWR, SHUT_WR, TCP_NODELAY
from struct import pack
from typing import Any

from gevent import get_hub

BOUND = 1 << 20
"""Bytes that may wait for one client of what its rooms were told; one more, and the client is behind and fetches it over HTTP."""
END = 4 << 20
"""Bytes that may wait at all, answers and pings included; a client with more is put off the line."""
LINGER = 5.0
"""Seconds that a client has for taking what waits and closing, once we have closed."""
IN_KERNEL = 256 * 1024
"""Bytes not yet sent that the kernel may hold for one client besides; its own limit is some MiB, of memory that we do not see."""
TCP_NOTSENT_LOWAT = 25  # Linux's number; Python has no name for it
WRITABLE = 2  # the loop's own name for it, as in select


def frame(payload: str | bytes) -> bytes:
    """One final, unmasked frame of text or bytes, as a server sends it (RFC 6455 §5.2)."""
    opcode = 0x2 if isinstance(payload, bytes) else 0x1
    body = payload if isinstance(payload, bytes) else payload.encode()
    size = len(body)
    if size < 126:
        return pack("!BB", 0x80 | opcode, size) + body
    if size < 1 << 16:
        return pack("!BBH", 0x80 | opcode, 126, size) + body
    return pack("!BBQ", 0x80 | opcode, 127, size) + body


CLOSE = pack("!BBH", 0x88, 2, 1000)  # a normal closure (RFC 6455 §7.4.1)


class Outbox:
    """A connection's only way out. Belongs to the event loop's thread; takes the socket's place wherever a library would write to it.

    Two kinds of bytes, each always whole frames: what must arrive (`send`: answers, pings, the handshake) and what a room was told
    (`tell`), which is dropped when too much of it waits, since it is stored and numbered; then `notice` says so, behind all that is left.
    """

    __slots__ = ("_behind", "_is_ending", "_linger", "_size", "_socket", "_take", "_waiting", "_watcher", "is_broken")

    def __init__(self, socket: Any) -> None:
        self._socket, self._take = socket, socket.send
        for option, value in ((TCP_NODELAY, 1), (TCP_NOTSENT_LOWAT, IN_KERNEL)):  # no event waits for the last one's acknowledgement
            with suppress(OSError):  # a Unix socket, behind a proxy of the same machine, has neither
                socket.setsockopt(IPPROTO_TCP, option, value)
        self._waiting: deque[tuple[bytes | memoryview, bool]] = deque()  # with whether it may be dropped
        self._size = 0
        self._behind: set[bytes] = set()
        self._watcher: Any = None
        self._linger: Any = None
        self._is_ending = self.is_broken = False

    @property
    def waiting(self) -> int:
        """Bytes that the client has not taken yet."""
        return self._size

    @property
    def is_behind(self) -> bool:
        """Whether something was dropped and its notice has not left yet."""
        return bool(self._behind)

    def send(self, data: bytes) -> int:
        """Takes whole frames that must arrive; returns their length, as a socket would."""
        if self._waiting:
            if self._size + len(data) > END:
                self.break_off()
            else:
                self._keep(data, False)
        elif not (self.is_broken or self._is_ending):
            self._begin(data)
        return len(data)

    def tell(self, data: bytes, notice: bytes) -> None:
        """Takes whole frames that the client can fetch again; when it is too slow, `notice` stands for all that it misses."""
        if not self._waiting:
            if not (self.is_broken or self._is_ending):
                self._begin(data)
        elif self._behind or self._size + len(data) > BOUND:
            self._fall_behind(notice)
        else:
            self._keep(data, True)

    def recv(self, most: int) -> bytes:
        """What came in, at most so many bytes; waits for it."""
        came: bytes = self._socket.recv(most)
        return came

    def finish(self) -> None:
        """Closes once what waits has left; the client has a little while for that."""
        if self._is_ending or self.is_broken:
            return
        self.send(CLOSE)
        self._is_ending = True
        if not self.is_broken:
            self._linger = get_hub().loop.timer(LINGER)
            self._linger.start(self.break_off)
            if not self._waiting:
                self._shut(SHUT_WR)

    def break_off(self) -> None:
        """Drops everything; whoever waits for the client's bytes hears that the line is over."""
        self.is_broken = True
        self._waiting.clear()
        self._behind.clear()
        self._size = 0
        self._still()
        self._shut(SHUT_RDWR)

    def close(self) -> None:
        """The end: nothing may be asked of it any more."""
        self.break_off()
        self._socket.close()

    def _begin(self, data: bytes) -> None:
        sent = self._write(data)
        if sent < len(data) and not self.is_broken:
            self._keep(memoryview(data)[sent:], False)  # the rest of a frame begun is never dropped
            self._watcher = self._watcher or get_hub().loop.io(self._socket.fileno(), WRITABLE)
            self._watcher.start(self._drain)

    def _write(self, data: bytes | memoryview) -> int:
        try:
            return int(self._take(data, 0, 0.0))  # gevent's third argument: do not wait
        except BlockingIOError:
            return 0
        except OSError:
            self.break_off()
            return 0

    def _keep(self, data: bytes | memoryview, may_go: bool) -> None:
        self._waiting.append((data, may_go))
        self._size += len(data)

    def _fall_behind(self, notice: bytes) -> None:
        """Drops what rooms were told. The notice leaves last, so whatever was told until then is in the stream when the client asks."""
        if notice in self._behind:
            return
        self._behind.add(notice)
        self._waiting = deque(part for part in self._waiting if not part[1])
        self._size = sum(len(data) for data, _ in self._waiting)
        self._keep(notice, False)

    def _drain(self) -> None:
        """Called by the loop when the client has taken something."""
        while self._waiting:
            data, _ = self._waiting[0]
            sent = self._write(data)
            if self.is_broken:
                return
            self._size -= sent
            if sent < len(data):
                self._waiting[0] = memoryview(data)[sent:], False
                return
            self._waiting.popleft()
        self._behind.clear()
        self._watcher.stop()
        if self._is_ending:
            self._shut(SHUT_WR)

    def _still(self) -> None:
        for each in (self._watcher, self._linger):
            if each is not None:
                each.stop()
                each.close()
        self._watcher = self._linger = None

    def _shut(self, how: int) -> None:
        with suppress(OSError):  # it is gone already
            self._socket.shutdown(how)

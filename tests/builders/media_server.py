"""A media server beside the platform, in small: a thread of its own behind a socket that takes the slices and serves the watchers; and
the relay that speaks to it, which is all that the platform sees of it."""

from __future__ import annotations

import json
import socket
import struct
import threading
from contextlib import suppress

from core.kernel.errors import RuleBroken
from core.kernel.webm import Stream
from core.web.outgoing import frame
from core.web.relay import LIVE, SILENT, Sink, Source


def put(line: socket.socket, said: dict[str, str], content: bytes = b"") -> None:
    """A message: how long its words are, how long its bytes are, both."""
    words = json.dumps(said).encode()
    line.sendall(struct.pack("!II", len(words), len(content)) + words + content)


def get(line: socket.socket) -> tuple[dict[str, str], bytes]:
    """The next message. Raises OSError once there is none."""
    words, content = struct.unpack("!II", _exactly(line, 8))
    return json.loads(_exactly(line, words)), _exactly(line, content)


def _exactly(line: socket.socket, size: int) -> bytes:
    held = b""
    while len(held) < size:
        if not (more := line.recv(size - len(held))):
            raise OSError("closed")
        held += more
    return held


class MediaServer(threading.Thread):
    """What stands at the other end: it knows watchers by number, and remembers the stream of each line."""

    def __init__(self, line: socket.socket) -> None:
        super().__init__(daemon=True)
        self._line = line
        self._media: dict[str, str] = {}
        self._streams: dict[str, Stream | None] = {}
        self._watching: dict[str, dict[str, bool]] = {}  # line → watcher → whether it has the head

    def run(self) -> None:
        """Until its line is cut."""
        with suppress(OSError):
            while True:
                said, content = get(self._line)
                getattr(self, f"_{said['do']}")(said, content)

    def _begin(self, said: dict[str, str], _: bytes) -> None:
        self._media[said["line"]], self._streams[said["line"]] = said["media"], Stream()
        self._anew(said["line"], LIVE % said["media"])

    def _push(self, said: dict[str, str], content: bytes) -> None:
        stream, watching = self._streams.get(said["line"]), self._watching.get(said["line"], {})
        had = [one for one, has_head in watching.items() if has_head]
        if stream is not None:
            try:
                stream.feed(content)
            except RuleBroken:
                self._streams[said["line"]] = None
        for one in had:
            self._tell(one, content)
        for one in watching.keys() - had:
            self._start(said["line"], one)

    def _end(self, said: dict[str, str], _: bytes) -> None:
        self._media.pop(said["line"], None)
        self._streams.pop(said["line"], None)
        self._anew(said["line"], SILENT)

    def _watch(self, said: dict[str, str], _: bytes) -> None:
        self._watching.setdefault(said["line"], {})[said["who"]] = False
        media = self._media.get(said["line"])
        self._tell(said["who"], (SILENT if media is None else LIVE % media).encode(), "text")
        self._start(said["line"], said["who"])

    def _leave(self, said: dict[str, str], _: bytes) -> None:
        self._watching.get(said["line"], {}).pop(said["who"], None)

    def _anew(self, line: str, text: str) -> None:
        for one in self._watching.get(line, {}):
            self._watching[line][one] = False
            self._tell(one, text.encode(), "text")

    def _start(self, line: str, who: str) -> None:
        stream = self._streams.get(line)
        if stream is not None and (late := stream.late):
            self._watching[line][who] = True
            self._tell(who, stream.head + late)

    def _tell(self, who: str, content: bytes, kind: str = "bytes") -> None:
        put(self._line, {"who": who, "kind": kind}, content)


class RemoteRelay:
    """A relay (`core/web/relay.py: Relay`) whose work a media server does."""

    def __init__(self) -> None:
        self._line, other = socket.socketpair()
        self._sources: dict[str, Source] = {}
        self._sinks: dict[str, Sink] = {}
        MediaServer(other).start()
        threading.Thread(target=self._hear, daemon=True).start()

    def begin(self, line: str, source: Source, media: str) -> None:
        """As the protocol says."""
        if (before := self._sources.get(line)) is not None:
            before.stop()
        self._sources[line] = source
        put(self._line, {"do": "begin", "line": line, "media": media})

    def push(self, line: str, source: Source, content: bytes) -> None:
        """As the protocol says."""
        if self._sources.get(line) is source:
            put(self._line, {"do": "push", "line": line}, content)

    def end(self, line: str, source: Source) -> None:
        """As the protocol says."""
        if self._sources.get(line) is source:
            del self._sources[line]
            put(self._line, {"do": "end", "line": line})

    def watch(self, line: str, sink: Sink) -> None:
        """As the protocol says."""
        self._sinks[str(id(sink))] = sink
        put(self._line, {"do": "watch", "line": line, "who": str(id(sink))})

    def leave(self, line: str, sink: Sink) -> None:
        """As the protocol says."""
        self._sinks.pop(str(id(sink)), None)
        put(self._line, {"do": "leave", "line": line, "who": str(id(sink))})

    def close(self) -> None:
        """Cuts the line."""
        self._line.close()

    def _hear(self) -> None:
        with suppress(OSError):
            while True:
                said, content = get(self._line)
                sink = self._sinks.get(said["who"])
                if sink is None or sink.is_broken:
                    self._sinks.pop(said["who"], None)
                    continue
                sink.send(frame(content if said["kind"] == "bytes" else content.decode()))

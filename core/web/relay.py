"""The relay: carries the slices of a line from who records it to those who watch it. One small interface, so that a media server can
take its place; the one that stands here lives inside the process, and a line's sources and watchers meet in one process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from core.kernel.errors import RuleBroken
from core.kernel.webm import Stream
from core.web.outgoing import frame

LIVE, SILENT = '{"state":"live","media":%s}', '{"state":"silent"}'


class Sink(Protocol):
    """Somebody who watches: takes whole frames without waiting, until it breaks."""

    is_broken: bool

    def send(self, data: bytes) -> object:
        """Takes a frame; one that is too far behind breaks."""


class Source(Protocol):
    """Somebody who records."""

    def stop(self) -> None:
        """Another has taken the line: lets go of it before returning."""


class Relay(Protocol):
    """What the platform asks of whatever carries the pictures. A line is a name; media its type as a JSON string."""

    def begin(self, line: str, source: Source, media: str) -> None:
        """The source takes the line, whose source before is stopped first."""

    def push(self, line: str, source: Source, content: bytes) -> None:
        """A slice of the line; it is on disk already."""

    def end(self, line: str, source: Source) -> None:
        """The source leaves the line, unless another has it by now."""

    def watch(self, line: str, sink: Sink) -> None:
        """Somebody begins to watch: they are told the state, then sent the stream's head, what stands since the last key frame, and on."""

    def leave(self, line: str, sink: Sink) -> None:
        """Somebody watches no more."""


@dataclass(slots=True)
class _Line:
    source: Source | None = None
    media: str = '""'
    stream: Stream | None = None
    sinks: dict[int, Sink] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)  # those who have the head


class LocalRelay:
    """The relay inside this process; every call is one turn of the event loop."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    def begin(self, line: str, source: Source, media: str) -> None:
        """As the protocol says."""
        held = self._lines.setdefault(line, _Line())
        if held.source is not None:
            held.source.stop()
        held.source, held.media, held.stream, held.begun = source, media, Stream(), set()
        self._tell(held, LIVE % media)

    def push(self, line: str, source: Source, content: bytes) -> None:
        """As the protocol says; a stream that nobody could join late still reaches those who watch already."""
        held = self._lines.get(line)
        if held is None or held.source is not source:
            return
        if held.stream is not None:
            try:
                held.stream.feed(content)
            except RuleBroken:
                held.stream = None
        self._spread(held, frame(content), [key for key in held.sinks if key in held.begun])
        for key in [key for key in held.sinks if key not in held.begun]:
            self._start(held, key)

    def end(self, line: str, source: Source) -> None:
        """As the protocol says."""
        held = self._lines.get(line)
        if held is None or held.source is not source:
            return
        held.source, held.stream, held.begun = None, None, set()
        self._tell(held, SILENT)
        self._forget(line, held)

    def watch(self, line: str, sink: Sink) -> None:
        """As the protocol says."""
        held = self._lines.setdefault(line, _Line())
        held.sinks[id(sink)] = sink
        self._spread(held, frame(SILENT if held.source is None else LIVE % held.media), [id(sink)])
        if id(sink) in held.sinks:
            self._start(held, id(sink))

    def leave(self, line: str, sink: Sink) -> None:
        """As the protocol says."""
        held = self._lines.get(line)
        if held is not None:
            held.sinks.pop(id(sink), None)
            held.begun.discard(id(sink))
            self._forget(line, held)

    def watchers(self, line: str) -> int:
        """How many watch a line."""
        held = self._lines.get(line)
        return 0 if held is None else len(held.sinks)

    def _start(self, held: _Line, key: int) -> None:
        """Sends what somebody who comes late needs, once it is there."""
        late = b"" if held.stream is None else held.stream.late
        if held.stream is not None and late:
            held.begun.add(key)
            self._spread(held, frame(held.stream.head + late), [key])

    def _tell(self, held: _Line, text: str) -> None:
        self._spread(held, frame(text), list(held.sinks))

    def _spread(self, held: _Line, data: bytes, keys: list[int]) -> None:
        for key in keys:
            held.sinks[key].send(data)
            if held.sinks[key].is_broken:
                del held.sinks[key]
                held.begun.discard(key)

    def _forget(self, line: str, held: _Line) -> None:
        if held.source is None and not held.sinks:
            self._lines.pop(line, None)

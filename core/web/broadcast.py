"""What the writer has committed is told to the rooms of this process, and of its siblings, in the order of its numbers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask_socketio import SocketIO
from gevent import get_hub, sleep, spawn
from gevent.monkey import is_module_patched
from gevent.queue import Queue
from sqlalchemy.orm import Session

from core.kernel import clock, streams
from core.kernel.streams import StreamEntry
from core.web.siblings import Siblings

T = TypeVar("T")
Stream = tuple[str, str]  # case and audience
Read = Callable[[Callable[[Session], T]], T]
log = logging.getLogger(__name__)

GAP = 0.1
"""Seconds for which a number that is missing may still be on its way from a sibling, until it is read from the database."""
SWEEP = 2.0
"""Seconds between two looks whether the database holds what no sibling has told: one may have died, or Redis with it."""
PAGE = 200


def message(entry: StreamEntry) -> dict[str, object]:
    """An entry as rooms and the catch-up send it."""
    return {"seq": entry.seq, "kind": entry.kind, "at": clock.text(entry.at), "data": entry.data}


def channel(case: str, audience: str) -> str:
    """The Socket.IO room of one audience of one case; clients never name it."""
    return f"{case}|{audience}"


class Order:
    """Entries that several processes number, put into the order of their numbers, each once."""

    def __init__(self) -> None:
        self._last: dict[Stream, int] = {}
        self._early: dict[Stream, dict[int, StreamEntry]] = {}

    def take(self, entry: StreamEntry) -> list[StreamEntry]:
        """What can be told now that this entry is there: nothing while an earlier one is missing. A stream begins with what comes first."""
        stream = entry.case_id, entry.audience
        early = self._early.setdefault(stream, {})
        last = self._last.setdefault(stream, entry.seq - 1)
        if entry.seq > last:
            early[entry.seq] = entry
        ready = []
        while (found := early.pop(last + 1, None)) is not None:
            ready.append(found)
            last += 1
        self._last[stream] = last
        if not early:
            del self._early[stream]
        return ready

    def begin(self, stream: Stream, last: int) -> None:
        """The stream stood at this number when somebody began to listen; says nothing of a stream that is followed already."""
        self._last.setdefault(stream, last)

    def waits(self, stream: Stream) -> bool:
        """Whether something of the stream waits for an earlier number."""
        return stream in self._early

    def last(self, stream: Stream) -> int | None:
        """The last number told, None where nothing was."""
        return self._last.get(stream)

    def keep(self, wanted: Iterable[Stream]) -> None:
        """Forgets every other stream: nobody here listens to it."""
        for stream in set(self._last) - set(wanted):
            del self._last[stream]
            self._early.pop(stream, None)


class Broadcaster:
    """Takes what the writer has committed over to the event loop, and emits it there in order."""

    def __init__(self, sockets: SocketIO, rooms: Sequence[str]) -> None:
        self._sockets, self._namespaces = sockets, ["/" + room for room in rooms]
        self._loop = get_hub().loop if is_module_patched("threading") else None
        self._waiting: Queue[Sequence[StreamEntry]] = Queue()
        self._siblings: Siblings | None = None
        self._order = Order()
        self._mending: set[Stream] = set()
        if self._loop is not None:
            spawn(self._emit_for_ever)

    def publish(self, entries: Sequence[StreamEntry]) -> None:
        """Called by the writer, in its own thread, after the commit; never blocks."""
        if self._loop is None:
            self._emit(entries)
        elif entries:
            self._loop.run_callback_threadsafe(self._waiting.put_nowait, entries)

    def join(self, siblings: Siblings, read: Read[Any]) -> None:
        """From now on other processes commit too: ours is told to them, and theirs to our rooms; `read` asks the database for the rest."""
        self._siblings, self._read = siblings, read
        siblings.on("entries", lambda told: self._take([_unpacked(each) for each in told]))
        spawn(self._sweep_for_ever)

    def follow(self, case: str, audience: str, last: int) -> None:
        """Somebody listens, and holds what came until this number: the next one is told next, whichever process is the first to tell."""
        if self._siblings is not None:
            self._order.begin((case, audience), last)

    def _emit_for_ever(self) -> None:
        while True:
            entries = self._waiting.get()
            if self._siblings is None:
                self._emit(entries)
            else:
                self._siblings.tell("entries", [_packed(entry) for entry in entries])
                self._take(entries)

    def _emit(self, entries: Iterable[StreamEntry]) -> None:
        for entry in entries:
            for namespace in self._namespaces:
                told = {**message(entry), "case": entry.case_id}  # one line may hear several cases
                self._sockets.emit("entry", told, namespace=namespace, to=channel(entry.case_id, entry.audience))

    def _take(self, entries: Sequence[StreamEntry]) -> None:
        for entry in entries:
            self._emit(self._order.take(entry))
        for stream in {(entry.case_id, entry.audience) for entry in entries}:
            if self._order.waits(stream) and stream not in self._mending:
                self._mending.add(stream)
                spawn(self._mend, stream)

    def _mend(self, stream: Stream) -> None:
        """Reads what is missing, once it has had its time to come."""
        sleep(GAP)
        try:
            if self._order.waits(stream):
                self._read_on(stream, self._order.last(stream) or 0)
        except Exception:
            log.exception("what is missing in a stream could not be read; the next sweep tries again")
        finally:
            self._mending.discard(stream)

    def _read_on(self, stream: Stream, last: int) -> None:
        case, audience = stream
        found = self._read(lambda session: streams.since(session, case, audience, last, PAGE))
        for entry in found:
            self._emit(self._order.take(entry))

    def _sweep_for_ever(self) -> None:
        while True:
            sleep(SWEEP)
            try:
                self._sweep()
            except Exception:
                log.exception("the streams could not be compared with the database")

    def _sweep(self) -> None:
        """Looks at the streams that somebody here listens to. Of one of which nothing was heard yet the last entry is told once more:
        who has it drops it, who has missed something asks for it."""
        wanted = self._listened_to()
        self._order.keep(wanted)
        heads = self._read(lambda session: streams.heads(session, wanted)) if wanted else {}
        for stream, seq in heads.items():
            last = self._order.last(stream)
            if last is None or seq - last > PAGE:
                self._order.keep(set(wanted) - {stream})
                self._read_on(stream, seq - 1)
            elif seq > last:
                self._read_on(stream, last)

    def _listened_to(self) -> list[Stream]:
        rooms = self._sockets.server.manager.rooms
        found = set()
        for namespace in self._namespaces:
            inside = rooms.get(namespace, {})
            own = inside.get(None, {})
            found |= {name for name in list(inside) if name is not None and name not in own}
        return [(case, audience) for case, _, audience in (name.partition("|") for name in sorted(found))]


def _packed(entry: StreamEntry) -> list[object]:
    return [entry.case_id, entry.audience, entry.seq, entry.kind, entry.at.isoformat(), dict(entry.data)]


def _unpacked(told: Sequence[Any]) -> StreamEntry:
    case, audience, seq, kind, at, data = told
    given: Mapping[str, Any] = data
    return StreamEntry(case, audience, seq, kind, datetime.fromisoformat(at), given)

"""The room for many: what a room is told is encoded once, gathered for a turn of the loop, and written straight to each member's socket.

A manager for python-socketio 5.18.1. Members without a WebSocket, messages with bytes, with a callback or with somebody left out go the
library's own way. The order in which one client hears what it was told is the order in which it was said, whichever way each thing took.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from gevent import get_hub
from socketio import Manager
from socketio.packet import EVENT

from core.web.outgoing import Outbox, frame

BEHIND = "behind"
"""The event that tells a client of having missed something: it asks over HTTP for what came after its last number."""


class Members(NamedTuple):
    """Who is in a room: those written to directly, those served by the library; whether somebody is in another room too."""

    outboxes: list[Outbox]
    others: list[str]
    shared: bool


NOBODY = Members([], [], False)


class Crowd(Manager):  # type: ignore[misc]  # the library has no types
    """Rooms of one process. Belongs to the event loop's thread."""

    def __init__(self) -> None:
        super().__init__()
        self._members: dict[tuple[str, str | None], Members] = {}
        self._entered: dict[tuple[str, str], set[str | None]] = {}  # the rooms of each connection
        self._gathered: dict[tuple[str, str | None], list[bytes]] = {}
        self._is_called = False

    def emit(self, event: str, data: Any, namespace: str, room: Any = None, **more: Any) -> None:
        """Tells a room, everybody or one client; a room's members hear it at the end of this turn of the loop."""
        room = more.pop("to", None) or room
        particular = more.get("callback") or more.get("skip_sid") or not (room is None or isinstance(room, str))
        if particular or self.is_sid_room(namespace, room):
            super().emit(event, data, namespace, room, **more)
            return
        members = self._members_of((namespace, room))
        if members is NOBODY:
            return
        said = [event, *data] if isinstance(data, tuple) else [event] if data is None else [event, data]
        encoded = self.server.packet_class(EVENT, namespace=namespace, data=said).encode()
        if isinstance(encoded, list):
            super().emit(event, data, namespace, room, **more)
            return
        packet = EnginePacket(MESSAGE, encoded)
        if members.outboxes:
            self._gather((namespace, room), members.shared, frame(packet.encode()))
        for sid in members.others:
            self.server._send_eio_packet(sid, packet)

    def flush(self) -> None:
        """Writes what was gathered."""
        self._is_called = False
        if not self._gathered:
            return
        gathered, self._gathered = self._gathered, {}
        for key, frames in gathered.items():
            data, notice = b"".join(frames), _notice(key[0])
            for outbox in self._members_of(key).outboxes:
                outbox.tell(data, notice)

    def forget(self) -> None:
        """Some client is reached in another way from now on."""
        self.flush()
        self._members.clear()

    def basic_enter_room(self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None) -> None:
        """As the library does; whoever enters hears nothing of what was said before."""
        self._changes(namespace, room)
        super().basic_enter_room(sid, namespace, room, eio_sid)
        self._entered.setdefault((namespace, sid), set()).add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        """As the library does; whoever leaves has heard all that was said before."""
        self._changes(namespace, room)
        super().basic_leave_room(sid, namespace, room)
        if (entered := self._entered.get((namespace, sid))) is not None:
            entered.discard(room)
            if not entered:
                del self._entered[namespace, sid]

    def basic_disconnect(self, sid: str, namespace: str, **_more: Any) -> None:
        """As the library does, which would look through everybody's rooms: with thousands on the line each has one of its own."""
        for room in list(self._entered.get((namespace, sid), ())):
            self.basic_leave_room(sid, namespace, room)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]

    def _changes(self, namespace: str, room: str | None) -> None:
        if (namespace, room) in self._gathered:
            self.flush()
        self._members.pop((namespace, room), None)

    def _members_of(self, key: tuple[str, str | None]) -> Members:
        if (known := self._members.get(key)) is not None:
            return known
        namespace, room = key
        inside = self.rooms.get(namespace, {}).get(room)
        if not inside:
            return NOBODY
        outboxes, others = [], []
        for eio_sid in inside.values():
            outbox = getattr(getattr(self.server.eio.sockets.get(eio_sid), "queue", None), "outbox", None)
            if outbox is None:
                others.append(eio_sid)
            else:
                outboxes.append(outbox)
        shared = room is None or any(len(self._entered[namespace, sid] - {None, sid, room}) for sid in inside)
        self._members[key] = found = Members(outboxes, others, shared)
        return found

    def _gather(self, key: tuple[str, str | None], shared: bool, said: bytes) -> None:
        """Adds to what the room hears next. Rooms that share a client are not gathered together, lest it hear the later thing first."""
        if self._gathered and key not in self._gathered and (shared or any(self._members_of(other).shared for other in self._gathered)):
            self.flush()
        self._gathered.setdefault(key, []).append(said)
        if not self._is_called:
            self._is_called = True
            get_hub().loop.run_callback(self.flush)


def _notice(namespace: str) -> bytes:
    return frame(f'42{namespace},["{BEHIND}"]' if namespace != "/" else f'42["{BEHIND}"]')

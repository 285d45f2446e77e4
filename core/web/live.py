"""Live rooms: who may listen to which audience of a case, the push after each commit, and the catch-up over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_socketio import Namespace, SocketIO, join_room, leave_room
from gevent import get_hub, spawn
from gevent.monkey import is_module_patched
from gevent.queue import Queue

from core.kernel import clock, streams
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.streams import StreamEntry
from core.web.door import actor, read
from core.web.guard import cookie_name, public, quiet
from core.web.platform import ANONYMOUS, Viewer, platform

blueprint = Blueprint("live", __name__)
PAGE = 200


def message(entry: StreamEntry) -> dict[str, object]:
    """An entry as rooms and the catch-up send it."""
    return {"seq": entry.seq, "kind": entry.kind, "at": clock.text(entry.at), "data": entry.data}


def channel(case: str, audience: str) -> str:
    """The Socket.IO room of one audience of one case; clients never name it."""
    return f"{case}|{audience}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a connection listens."""

    namespace: str
    case: str
    audience: str

    @property
    def is_inside(self) -> bool:
        """Whether it belongs to those who work on the case."""
        return self.audience != "public" and not self.audience.startswith("bidder:")


class Presence:
    """Who is on the line in this process, by connection; nothing of it is stored."""

    def __init__(self) -> None:
        self._at: dict[str, Place] = {}

    def come(self, sid: str, place: Place) -> str:
        """A connection listens here now; returns the case whose seats have changed, "" for none."""
        self._at[sid] = place
        return place.case if place.is_inside else ""

    def go(self, sid: str) -> str:
        """A connection is gone; returns the case whose seats have changed, "" for none."""
        place = self._at.pop(sid, None)
        return place.case if place is not None and place.audience.startswith("seat:") else ""

    def seats(self, case: str) -> list[str]:
        """The seats of a case at which somebody is on the line."""
        found = {
            place.audience.removeprefix("seat:") for place in self._at.values() if place.case == case and place.audience.startswith("seat:")
        }
        return sorted(found)

    def watchers(self, case: str) -> set[Place]:
        """Where those who work on the case listen."""
        return {place for place in self._at.values() if case and place.case == case and place.is_inside}


PRESENCE = Presence()


class Room(Namespace):  # type: ignore[misc]  # the library has no types
    """A namespace such as `/opening`: a client names a case, the server decides what it may hear."""

    def __init__(self, name: str) -> None:
        super().__init__("/" + name)
        self.name = name

    def viewer(self) -> Viewer:
        """Who is on the line, asked anew at every message, so that a revoked session falls silent."""
        token = request.cookies.get(cookie_name(), "")
        return (platform().viewer_of(token) if token else None) or ANONYMOUS

    def audience(self, case: str) -> str:
        """The caller's audience of the case; raises NotAllowed when there is none."""
        who, policy = self.viewer().actor, platform().audiences[self.name]
        found = platform().door.read(lambda session: policy(session, who, case))
        if found is None:
            raise NotAllowed("web.not_your_page")
        return found

    def on_join(self, message: Any) -> dict[str, object]:
        """Starts listening to a case; answers the audience and its last number, from which the client catches up."""
        case = _case_of(message)
        try:
            audience = self.audience(case)
        except NotAllowed as refusal:
            return {"ok": False, "code": refusal.code}
        join_room(channel(case, audience))
        self._tell_presence(PRESENCE.come(request.sid, Place(self.namespace, case, audience)))  # type: ignore[attr-defined]
        last = platform().door.read(lambda session: streams.last(session, case, audience))
        return {"ok": True, "audience": audience, "seq": last}

    def on_leave(self, message: Any) -> None:
        """Stops listening to a case."""
        case = _case_of(message)
        try:
            leave_room(channel(case, self.audience(case)))
        except NotAllowed:
            return
        self._tell_presence(PRESENCE.go(request.sid))  # type: ignore[attr-defined]

    def on_disconnect(self, *_reason: object) -> None:
        """The line is gone, and with it the presence at a seat."""
        self._tell_presence(PRESENCE.go(request.sid))  # type: ignore[attr-defined]

    def _tell_presence(self, case: str) -> None:
        """Tells who works on the case which seats are taken now; the public and bidders never hear of seats (ZTBF 37)."""
        for place in PRESENCE.watchers(case):
            self.socketio.emit("presence", {"seats": PRESENCE.seats(case)}, namespace=place.namespace, to=channel(case, place.audience))

    def on_heartbeat(self, _message: Any = None) -> dict[str, object]:
        """Answers the server's time; a client whose session has ended is told so and put off the line."""
        alive = self.viewer() is not ANONYMOUS or not request.cookies.get(cookie_name())
        if not alive:
            self.disconnect(request.sid)  # type: ignore[attr-defined]
        return {"now": clock.text(clock.now(platform().settings.clock_file)), "alive": alive}


def _case_of(message: Any) -> str:
    case = message.get("case") if isinstance(message, dict) else None
    return case if isinstance(case, str) and len(case) <= 40 else ""


@blueprint.get("/cases/<case>/events")
@public
@quiet
def events(case: str) -> Response:
    """The caller's audience's own stream after number `since`, at most 200 at a time; `room` names the live room when there are several."""
    since = request.args.get("since", "0")
    if not since.isascii() or not since.isdigit() or len(since) > 12:
        raise RuleBroken("web.input", fields="since")
    policies = platform().audiences
    rooms = [request.args["room"]] if request.args.get("room") in policies else list(policies)
    who = actor()
    audience = read(lambda session: next((found for room in rooms if (found := policies[room](session, who, case))), None))
    if audience is None:
        raise NotAllowed("web.not_your_page" if who.person else "web.log_in")
    entries = read(lambda session: streams.since(session, case, audience, int(since), PAGE))
    last = read(lambda session: streams.last(session, case, audience))
    response = jsonify({"audience": audience, "entries": [message(entry) for entry in entries], "seq": last})
    response.headers["Cache-Control"] = "no-store"
    return response


class Broadcaster:
    """Takes what the writer has committed over to the event loop, and emits it there in order."""

    def __init__(self, sockets: SocketIO, rooms: Sequence[str]) -> None:
        self._sockets, self._namespaces = sockets, ["/" + room for room in rooms]
        self._loop = get_hub().loop if is_module_patched("threading") else None
        self._waiting: Queue[Sequence[StreamEntry]] = Queue()
        if self._loop is not None:
            spawn(self._emit_for_ever)

    def publish(self, entries: Sequence[StreamEntry]) -> None:
        """Called by the writer, in its own thread, after the commit; never blocks."""
        if self._loop is None:
            self._emit(entries)
        elif entries:
            self._loop.run_callback_threadsafe(self._waiting.put_nowait, entries)

    def _emit_for_ever(self) -> None:
        while True:
            self._emit(self._waiting.get())

    def _emit(self, entries: Sequence[StreamEntry]) -> None:
        for entry in entries:
            for namespace in self._namespaces:
                self._sockets.emit("entry", message(entry), namespace=namespace, to=channel(entry.case_id, entry.audience))

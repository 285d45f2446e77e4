"""Live rooms: who may listen to which audience of a case, who is at their seat, and the catch-up over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_socketio import Namespace, SocketIO, join_room, leave_room

from core.kernel import clock, streams
from core.kernel.errors import NotAllowed, RuleBroken
from core.web.broadcast import PAGE, channel, message
from core.web.door import actor, read
from core.web.guard import cookie_name, public, quiet
from core.web.platform import ANONYMOUS, Platform, Viewer, platform
from core.web.presence import BEAT, Chair, Place, Presence, chairs

blueprint = Blueprint("live", __name__)


class Room(Namespace):  # type: ignore[misc]  # the library has no types
    """A namespace such as `/opening`: a client names a case, the server decides what it may hear."""

    tells_seats_to: frozenset[str] = frozenset()  # the audiences that hear who is at their seat; the public and bidders never do (ZTBF 37)

    def seats(self, case: str) -> list[tuple[str, str]]:  # noqa: ARG002  (rooms that have seats look at it)
        """Lot and code of the seats that the caller holds in the case; a room without seats has none."""
        return []

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
        lot = message.get("lot")
        held = chairs(case, self.seats(case), lot if isinstance(lot, str) else "")
        place = Place(self.namespace, case, audience, audience in self.tells_seats_to, held)
        presence().come(_line(), place)
        Watch.of(self.socketio).share(held)
        last = platform().door.read(lambda session: streams.last(session, case, audience))
        if (broadcaster := platform().parts.get("broadcaster")) is not None:
            broadcaster.follow(case, audience, last)
        if place.hears_seats:
            Watch.of(self.socketio).tell(case)
        return {"ok": True, "audience": audience, "seq": last}

    def on_leave(self, message: Any) -> None:
        """Stops listening to a case."""
        case = _case_of(message)
        try:
            leave_room(channel(case, self.audience(case)))
        except NotAllowed:
            return
        presence().go(_line(), case)

    def on_disconnect(self, *_reason: object) -> None:
        """The line is gone."""
        presence().go(_line())

    def on_heartbeat(self, _message: Any = None) -> dict[str, object]:
        """Answers the server's time; a client whose session has ended is told so and put off the line."""
        alive = self.viewer() is not ANONYMOUS or not request.cookies.get(cookie_name())
        if not alive:
            self.disconnect(_line())
        return {"now": clock.text(clock.now(platform().settings.clock_file)), "alive": alive}


def _line() -> str:
    """The caller's line, as Socket.IO names it."""
    line: str = request.sid  # type: ignore[attr-defined]  # Flask-SocketIO puts it on the request of each message; Flask's types do not know
    return line


def presence() -> Presence:
    """Who is on the line in this process."""
    return presence_of(platform())


def presence_of(here: Platform) -> Presence:
    """The same outside a request."""
    found: Presence = here.parts.setdefault("presence", Presence(partial(clock.now, here.settings.clock_file)))
    return found


class Watch:
    """Asks every seat's line for a sign of life and tells those inside what changes; it sleeps while no seat is taken."""

    def __init__(self, sockets: SocketIO, seats: Presence) -> None:
        self._sockets, self._seats, self._is_running = sockets, seats, False
        self.tell_siblings: Callable[[Any], object] = bool  # nobody, where this process is alone

    @classmethod
    def of(cls, sockets: SocketIO) -> Watch:
        """The one of this process."""
        found: Watch = platform().parts.setdefault("watch", cls(sockets, presence()))
        return found

    def tell(self, case: str) -> None:
        """Tells who works on the case which seats are taken, and goes on looking."""
        for namespace, audience in self._seats.hearing(case):
            self._sockets.emit("presence", self._seats.told(case), namespace=namespace, to=channel(case, audience))
        if not self._is_running and self._seats.is_watched():
            self._is_running = True
            self._sockets.start_background_task(self._look)

    def share(self, held: tuple[Chair, ...]) -> None:
        """Tells sibling processes of seats from which something came here."""
        if held:
            self.tell_siblings([[chair.case, chair.lot, chair.code] for chair in held])

    def hear(self, told: Any) -> None:
        """A sibling heard from these seats."""
        for case in self._seats.heard_elsewhere([Chair(*each) for each in told]):
            self.tell(case)

    def _look(self) -> None:
        while self._goes_on():
            for sid, namespace in self._seats.lines():
                self._sockets.emit("beat", {}, namespace=namespace, to=sid, callback=partial(self._answered, sid))
            self._sockets.sleep(BEAT)
            for case in self._seats.sweep():
                self.tell(case)

    def _goes_on(self) -> bool:
        """Asked twice at the end, since somebody may come just then and find us still running."""
        self._is_running = True
        if not self._seats.is_watched():
            self._is_running = False
            self._is_running = self._seats.is_watched()
        return self._is_running

    def _answered(self, sid: str, *_said: object) -> None:
        if case := self._seats.heard(sid):
            self.tell(case)
        self.share(self._seats.held(sid))


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

"""One server of the crowd's measurement: `python -m bench.crowd_server pushed|stored|tight|stock`; prints its port.

`pushed`: what is said goes to the broadcaster, and to nobody's database, as with the peer. `stored`: each is a use case through the door,
projected, committed and then told; `tight` is the same with a bound that slow clients reach within seconds. `stock`: Flask-SocketIO as it
comes, on gevent. GET /events answers the stored stream as pages ask it.
"""

from __future__ import annotations

from core.kernel.waiting import patch_process

patch_process()

import sys  # noqa: E402  (the patches come first)
import tempfile  # noqa: E402
from dataclasses import dataclass  # noqa: E402
from typing import Any  # noqa: E402

from flask import Flask, request  # noqa: E402
from flask_socketio import Namespace, SocketIO, join_room  # noqa: E402
from gevent import spawn  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402

from app.factory import open_sockets  # noqa: E402
from core.kernel import clock, streams  # noqa: E402
from core.kernel.actor import SYSTEM_ACTOR  # noqa: E402
from core.kernel.db import Base, open_engine  # noqa: E402
from core.kernel.events import Event  # noqa: E402
from core.kernel.ids import CaseId  # noqa: E402
from core.kernel.memory import settle  # noqa: E402
from core.kernel.signing import Ed25519Signer  # noqa: E402
from core.kernel.streams import Projection, StreamEntry  # noqa: E402
from core.kernel.work import Door  # noqa: E402
from core.web import outgoing  # noqa: E402
from core.web.broadcast import PAGE, Broadcaster, channel, message  # noqa: E402

CASE, AUDIENCE = "T2026-000001", "public"
PADDING = "x" * 250


@dataclass(frozen=True, kw_only=True)
class Measured(Event):
    """Something said."""

    KIND = "bench.measured"

    number: int


class Hall(Namespace):  # type: ignore[misc]
    """Who asks may enter and speak; who may is not what is measured here."""

    def __init__(self, say: Any, last: Any) -> None:
        super().__init__("/opening")
        self.say, self.last = say, last

    def on_join(self, _message: Any) -> dict[str, object]:
        join_room(channel(CASE, AUDIENCE))
        return {"ok": True, "seq": self.last()}

    def on_say(self, first: int, count: int) -> None:
        for n in range(first, first + count):
            spawn(self.say, n)  # in its turn; what is stored is numbered as it is committed


def main() -> None:
    """Serves until it is killed."""
    mode = sys.argv[1]
    if mode == "tight":
        outgoing.BOUND, outgoing.IN_KERNEL = 64 * 1024, 16 * 1024
    app = Flask("bench")
    sockets = SocketIO(app, async_mode="gevent") if mode == "stock" else open_sockets(app)
    broadcaster = Broadcaster(sockets, ["opening"])
    engine = open_engine(f"sqlite:///{tempfile.mkdtemp()}/bench.db")
    Base.metadata.create_all(engine)
    show = {"bench.measured": lambda event: [Projection(AUDIENCE, "bench", {"pad": PADDING})]}
    door = Door(engine, Ed25519Signer.generate(), projections=show, publish=lambda commit: broadcaster.publish(list(commit.entries)))

    def stored(n: int) -> None:
        door.perform(SYSTEM_ACTOR, lambda work: work.record(Measured(case=CaseId(CASE), number=n)))

    def pushed(n: int) -> None:
        broadcaster.publish([StreamEntry(CASE, AUDIENCE, n, "bench", clock.now(), {"pad": PADDING})])

    def last() -> int:
        return door.read(lambda session: streams.last(session, CASE, AUDIENCE))

    @app.get("/events")
    def events() -> dict[str, object]:
        since = int(request.args["since"])
        found = door.read(lambda session: streams.since(session, CASE, AUDIENCE, since, PAGE))
        return {"entries": [message(entry) for entry in found], "seq": last()}

    sockets.on_namespace(Hall(stored if mode in ("stored", "tight") else pushed, last))
    server = WSGIServer(("127.0.0.1", 0), app, log=None, backlog=4096)
    server.start()
    settle()
    print(server.server_port, flush=True)
    server.serve_forever()


main()

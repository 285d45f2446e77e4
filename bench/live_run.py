"""One server of the live measurement, in a process of its own: `python -m bench.live_run MODE SECONDS RATE`.

It prints its port; after POST /go it commits RATE events a second for SECONDS and tells the room of each; GET /cpu gives its CPU seconds.
`ours`: a use case through the door, projected, published by the broadcaster. `gevent` and `threading`: stock Flask-SocketIO with its
defaults, one SQLAlchemy transaction for each event and `emit` after it.
"""

from __future__ import annotations

import resource
import socket
import sys
import tempfile
import time
from typing import Any

MODE, SECONDS, RATE = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
if MODE != "threading":
    from gevent import monkey

    monkey.patch_all()

from dataclasses import dataclass  # noqa: E402  (the patches come first)
from threading import Thread  # noqa: E402

from flask import Flask  # noqa: E402
from flask_socketio import Namespace, SocketIO, join_room  # noqa: E402
from sqlalchemy import insert  # noqa: E402

from app.factory import open_sockets  # noqa: E402
from core.kernel.actor import SYSTEM_ACTOR  # noqa: E402
from core.kernel.db import Base, open_engine  # noqa: E402
from core.kernel.events import Event  # noqa: E402
from core.kernel.ids import CaseId  # noqa: E402
from core.kernel.signing import Ed25519Signer  # noqa: E402
from core.kernel.streams import Projection, StreamRow  # noqa: E402
from core.kernel.work import Commit, Door  # noqa: E402
from core.web.broadcast import Broadcaster, channel  # noqa: E402

CASE = "T2026-000001"
PADDING = "x" * 250


@dataclass(frozen=True, kw_only=True)
class Measured(Event):
    """An event that carries the moment at which it was asked for."""

    KIND = "bench.measured"

    number: int
    asked: str


class Listening(Namespace):  # type: ignore[misc]
    """Joins whoever asks; who may is not what is measured here."""

    def on_join(self, _message: Any) -> dict[str, bool]:
        join_room(channel(CASE, "public"))
        return {"ok": True}


def main() -> None:
    """Serves until it is killed."""
    app = Flask("bench")
    sockets = open_sockets(app) if MODE == "ours" else SocketIO(app, async_mode=MODE)
    sockets.on_namespace(Listening("/opening"))
    engine = open_engine(f"sqlite:///{tempfile.mkdtemp()}/bench.db")
    Base.metadata.create_all(engine)
    tell = _ours(sockets, engine) if MODE == "ours" else _stock(sockets, engine)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    before: list[float] = []

    @app.post("/go")
    def go() -> dict[str, bool]:
        before.append(_cpu())
        Thread(target=_drive, args=(tell,), daemon=True).start()
        return {"ok": True}

    @app.get("/cpu")
    def cpu() -> dict[str, float]:
        return {"cpu": _cpu() - before[0]}

    print(port, flush=True)
    sockets.run(app, port=port, log_output=False, **({"allow_unsafe_werkzeug": True} if MODE == "threading" else {}))


def _ours(sockets: SocketIO, engine: Any) -> Any:
    broadcaster = Broadcaster(sockets, ["opening"])

    def publish(commit: Commit) -> None:
        broadcaster.publish(list(commit.entries))

    show = {"bench.measured": lambda event: [Projection("public", "bench", {"n": event.number, "asked": event.asked, "pad": PADDING})]}
    door = Door(engine, Ed25519Signer.generate(), projections=show, publish=publish)
    return lambda n, asked: door.perform(SYSTEM_ACTOR, lambda work: work.record(Measured(case=CaseId(CASE), number=n, asked=asked)))


def _stock(sockets: SocketIO, engine: Any) -> Any:
    def tell(n: int, asked: str) -> None:
        data = {"n": n, "asked": asked, "pad": PADDING}
        row = {"case_id": CASE, "audience": "public", "seq": n, "kind": "bench", "at": _now(), "data": data}
        with engine.begin() as connection:
            connection.execute(insert(StreamRow), [row])
        sockets.emit("entry", {"seq": n, "kind": "bench", "data": data}, namespace="/opening", to=channel(CASE, "public"))

    return tell


def _now() -> Any:
    from core.kernel import clock

    return clock.now()


def _drive(tell: Any) -> None:
    start = time.monotonic()
    for n in range(1, int(SECONDS * RATE) + 1):
        time.sleep(max(0.0, start + n / RATE - time.monotonic()))
        tell(n, f"{time.monotonic():.6f}")


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


main()

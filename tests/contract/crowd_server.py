"""A server as the protocols' own test suites ask for: `python -m tests.contract.crowd_server stock|crowd PING` prints its port.

At /engine.io/ it echoes; at /socket.io/ it answers as the suite of Socket.IO wants, in the namespaces `/` and `/custom`, and has rooms:
`enter` joins one, `say` tells it something, `say-bytes` tells it bytes, `fill` tells it many things at once.
"""

from core.kernel.waiting import patch_process

patch_process()

import sys  # noqa: E402  (the patches come first)
from typing import Any  # noqa: E402

import engineio  # noqa: E402
import socketio  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402

from core.web.crowd import Crowd  # noqa: E402
from core.web.websockets import install  # noqa: E402

PING = {"ping_interval": int(sys.argv[2]), "ping_timeout": 3 * int(sys.argv[2])}


class Nowhere:
    """An Engine.IO server without rooms."""

    def flush(self) -> None:
        pass

    def forget(self) -> None:
        pass


def echoing(mode: str) -> engineio.Server:
    server = engineio.Server(async_mode="gevent", cors_allowed_origins="*", async_handlers=False, **PING)
    server.on("message", server.send)
    if mode == "crowd":
        install(server, Nowhere())
    return server


class Suite(socketio.Namespace):  # type: ignore[misc]
    """What the Socket.IO suite expects, and rooms."""

    def on_connect(self, sid: str, _environ: Any, auth: Any = None) -> None:
        self.server.start_background_task(self.emit, "auth", auth or {}, to=sid)  # after the answer, as the suite expects

    def on_message(self, sid: str, *data: Any) -> None:
        self.emit("message-back", data, to=sid)

    def trigger_event(self, event: str, *args: Any) -> Any:
        if event == "message-with-ack":
            return args[1:]
        return super().trigger_event(event, *args)

    def on_enter(self, sid: str, room: str) -> str:
        self.enter_room(sid, room)
        return "in"

    def on_leave(self, sid: str, room: str) -> str:
        self.leave_room(sid, room)
        return "out"

    def on_say(self, _sid: str, room: str | None, what: Any) -> None:
        self.emit("said", what, room=room)

    def on_others(self, sid: str, room: str, what: Any) -> None:
        self.emit("said", what, room=room, skip_sid=sid)

    def on_twice(self, sid: str, one: str, other: str) -> str:
        """Two rooms in turn and an answer, all in one turn of the loop."""
        for n in range(6):
            self.emit("said", n, room=(one, other)[n % 2])
        self.emit("own", 6, to=sid)
        self.emit("said", 7, room=one)
        return "done"

    def on_fill(self, _sid: str, room: str, count: int, size: int) -> str:
        for n in range(count):
            self.emit("said", {"n": n, "pad": "x" * size}, room=room)
            if n % 8 == 7:
                self.server.sleep(0)
        return "filled"


def talking(mode: str) -> socketio.Server:
    manager = Crowd() if mode == "crowd" else None
    server = socketio.Server(async_mode="gevent", cors_allowed_origins="*", async_handlers=False, client_manager=manager, **PING)
    for name in ("/", "/custom"):
        server.register_namespace(Suite(name))
    if manager is not None:
        install(server.eio, manager)
    return server


def main() -> None:
    """Serves until it is killed."""
    mode = sys.argv[1]
    app = engineio.WSGIApp(echoing(mode), socketio.WSGIApp(talking(mode)), engineio_path="engine.io")
    server = WSGIServer(("127.0.0.1", 0), app, log=None)
    server.start()
    print(server.server_port, flush=True)
    server.serve_forever()


main()

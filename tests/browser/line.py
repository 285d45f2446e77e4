"""A site's line to the platform, which a test can cut without closing anything, lose answers on, and mend."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Line:
    """Forwards a port of its own to another one. Cut, it passes no byte and tells nobody; mended, the connections of before are gone."""

    def __init__(self, port: int) -> None:
        self.to = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._asks, self._answers = threading.Event(), threading.Event()  # set: bytes pass to the platform, and back
        self._asks.set()
        self._answers.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """From now on nothing passes."""
        self._asks.clear()
        self._answers.clear()

    def lose_answers(self) -> None:
        """What is asked arrives, and no answer comes back."""
        self._answers.clear()

    def mend(self) -> None:
        """The line is there again; whoever held on to the old one is told that it is gone."""
        old, self._pairs = self._pairs, []
        for pair in old:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
        self._asks.set()
        self._answers.set()

    def close(self) -> None:
        """The end of the test."""
        self._listening.close()
        self.mend()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                self._pairs.append((near, far))
                threading.Thread(target=self._pass, args=(near, far, self._asks), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, self._answers), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, gate: threading.Event) -> None:
        with suppress(OSError):
            while part := one.recv(65_536):
                gate.wait()
                other.sendall(part)
            gate.wait()
            other.shutdown(socket.SHUT_WR)

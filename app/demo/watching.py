"""What somebody who watches does: keep a live connection, miss nothing, see nothing twice, and notice what comes too early."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

import socketio

from app.demo.client import Client, Refused, wait_for
from app.demo.person import Part, Person


class Watcher:
    """One person's ear in one live room of a case; entries are kept per audience, in order, each number once."""

    def __init__(self, client: Client, room: str, case: str) -> None:
        self.client, self.room, self.case = client, room, case
        self.entries: dict[str, list[dict[str, Any]]] = {}
        self.audience, self.pushed, self.fetched = "", 0, 0
        self._lock = threading.RLock()
        self._joined = threading.Event()
        self._socket = socketio.Client(reconnection_delay=0.2, reconnection_delay_max=1, request_timeout=20)
        self._socket.on("connect", lambda: self._socket.start_background_task(self._join), namespace=f"/{room}")
        self._socket.on("entry", self._hear, namespace=f"/{room}")
        wait_for(self._connect, f"no line to the room {room}")
        self._joined.wait(30)

    def _connect(self) -> bool:
        """Whether the line stands; once it has, the client sees to it by itself."""
        headers, spaces = {"Cookie": self.client.cookies}, [f"/{self.room}"]
        try:
            self._socket.connect(self.client.origin, headers=headers, transports=["websocket"], namespaces=spaces, wait_timeout=30)
        except socketio.exceptions.ConnectionError:
            return False  # the server is away
        return True

    def _join(self) -> None:
        try:
            answer = self._socket.call("join", {"case": self.case}, namespace=f"/{self.room}", timeout=20)
        except Exception:  # the server is away: the next connection joins again
            return
        if answer and answer.get("ok"):
            self.audience = answer["audience"]
            self.catch_up()
        self._joined.set()

    def _hear(self, entry: dict[str, Any]) -> None:
        with self._lock:
            heard = self.entries.setdefault(self.audience, [])
            last = heard[-1]["seq"] if heard else 0
            if entry["seq"] == last + 1:
                heard.append(entry)
                self.pushed += 1
                return
        if entry["seq"] > last + 1:
            self.catch_up()

    def catch_up(self) -> None:
        """Fetches what is missing behind the last number, over HTTP."""
        with self._lock:
            while True:
                heard = self.entries.get(self.audience, [])
                since = heard[-1]["seq"] if heard else 0
                try:
                    page = self.client.get(f"/cases/{self.case}/events", since=since, room=self.room)
                except Refused:
                    return
                self.audience = page["audience"]
                heard = self.entries.setdefault(self.audience, [])
                last = heard[-1]["seq"] if heard else 0
                fresh = [entry for entry in page["entries"] if entry["seq"] > last]
                heard.extend(fresh)
                self.fetched += len(fresh)
                if not fresh or heard[-1]["seq"] >= page["seq"]:
                    return

    def report(self, early: Mapping[str, list[str]]) -> dict[str, Any]:
        """What was heard; `early`: kind that lifts a secret → texts that must not be heard before it. Raises AssertionError."""
        self.catch_up()
        for audience, heard in self.entries.items():
            numbers = [entry["seq"] for entry in heard]
            if numbers != list(range(1, len(numbers) + 1)):
                raise AssertionError(f"{self.room}/{audience}: numbers {numbers}")
            self._look_for_leaks(audience, heard, early)
        counts = {audience: len(heard) for audience, heard in self.entries.items()}
        return {"heard": counts, "pushed": self.pushed, "fetched": self.fetched}

    def _look_for_leaks(self, audience: str, heard: list[dict[str, Any]], early: Mapping[str, list[str]]) -> None:
        for lifting, texts in early.items():
            for entry in heard:
                if entry["kind"] == lifting or (lifting == "opening.request" and entry["kind"] == "technical.lock"):
                    break
                said = json.dumps(entry, ensure_ascii=False)
                if leaked := next((text for text in texts if text in said), None):
                    raise AssertionError(f"{self.room}/{audience}: {leaked!r} in {entry['kind']} before {lifting}")

    def close(self) -> None:
        """Hangs up."""
        self._socket.disconnect()


class Watching(Person):
    """Verbs of whoever watches a live room."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.watchers: dict[str, Watcher] = {}

    def watch(self, room: str, case: str) -> str:
        """Begins to listen."""
        self.watchers[room] = Watcher(self.client, room, case)
        return self.watchers[room].audience

    def heard(self, room: str, early: Mapping[str, list[str]]) -> dict[str, Any]:
        """What was heard in a room, after everything is there; raises AssertionError for a gap or a leak."""
        return self.watchers[room].report(early)

    def leave(self) -> None:
        """Hangs up everywhere."""
        for watcher in self.watchers.values():
            watcher.close()

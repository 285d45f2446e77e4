"""The cast as the script sees it: each person a process behind a wire; several can be asked at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from app.demo.actor import live
from app.demo.person import Part

Line = tuple["Performer", str, Mapping[str, Any]]


class ActorFault(Exception):
    """An actor could not do what the script asked."""


class Performer:
    """One actor's wire."""

    def __init__(self, part: Part, wire: Connection, process: BaseProcess) -> None:
        self.part, self._wire, self._process = part, wire, process
        self.person = self.org = ""

    @property
    def name(self) -> str:
        """What people call them."""
        return self.part.name

    def begin(self, verb: str, /, **arguments: Any) -> None:
        """Asks without waiting; `end` has the answer."""
        self._wire.send((verb, arguments))

    def end(self) -> Any:
        """The answer to what was begun; raises ActorFault."""
        try:
            done, answer = self._wire.recv()
        except EOFError:
            raise ActorFault(f"{self.part.login}: the process has ended") from None
        if not done:
            raise ActorFault(answer)
        return answer

    def do(self, verb: str, /, **arguments: Any) -> Any:
        """Asks and waits."""
        self.begin(verb, **arguments)
        return self.end()

    def act(self, path: str, kind: str, case: str, lot: str = "", body: Mapping[str, Any] | None = None, **how: Any) -> Any:
        """One signed act."""
        return self.do("act", path="/api/v1" + path, kind=kind, case=case, lot=lot, body=body, **how)

    def get(self, path: str, **query: Any) -> Any:
        """One question."""
        return self.do("get", path="/api/v1" + path, **query)

    def send(self, path: str, body: Mapping[str, Any] | None = None, verb: str = "POST") -> Any:
        """Something unsigned."""
        return self.do("send", verb=verb, path="/api/v1" + path, body=body or {})

    def cut(self) -> None:
        """Cuts the wire: the process ends when it is done with its line."""
        self._wire.close()

    def gone(self) -> None:
        """Waits until the process has ended."""
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()


def raise_cast(parts: Iterable[Part]) -> dict[str, Performer]:
    """A process for everybody, by login name; they are forked from one that has everything imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["app.demo.actor"])
    cast = {}
    for part in parts:
        ours, theirs = context.Pipe()
        process = context.Process(target=live, args=(part, theirs), name=part.login, daemon=True)
        process.start()
        theirs.close()
        cast[part.login] = Performer(part, ours, process)
    return cast


def together(lines: Iterable[Line]) -> list[Any]:
    """Everybody at the same time; answers in the order asked. Waits for all before a failure is told."""
    asked = list(lines)
    for who, verb, arguments in asked:
        who.begin(verb, **arguments)
    answers: list[Any] = []
    faults: list[ActorFault] = []
    for who, _, _ in asked:
        try:
            answers.append(who.end())
        except ActorFault as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return answers


def dismiss(cast: Mapping[str, Performer]) -> None:
    """Everybody goes home."""
    for performer in cast.values():
        performer.cut()
    for performer in cast.values():
        performer.gone()

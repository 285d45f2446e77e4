"""The events of a package, taken apart: what each says, who signed it, and where it stands in its chain and in the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.verify.layout import SEQ
from app.verify.package import Package
from app.verify.verdict import Broken, inside
from core.kernel import merkle
from core.kernel.encoding import sha256
from core.kernel.evidence import LoggedEvent, Placement, read_event, read_placement
from core.kernel.signing import Statement, read_statement

EVENTS, DEPOSITS, PLATFORM, ARCHIVED, RATES, RELIEFS = "events", "deposits", "platform", "archived", "rates", "reliefs"
POOL = "pool"  # beside the catalogue of sites: the agreements under which they are lent
RECORDINGS = "recordings"
BOOKS, SUSPENSE = "books", "suspense"  # beside the batches of the collecting account


@dataclass(frozen=True)
class Entry:
    """One event with its proof; nothing is believed of it before the checks of `keys` and `logs` have passed."""

    member: str
    logged: LoggedEvent
    statement: Statement
    placement: Placement

    @property
    def kind(self) -> str:
        """The statement's type."""
        return self.statement.type

    @property
    def seq(self) -> int:
        """Its number in its chain."""
        return self.logged.case_seq

    @property
    def at(self) -> datetime:
        """When the platform received it."""
        return self.logged.received_at

    @property
    def lot(self) -> str:
        """The number of its lot inside the case, "" where it is about all."""
        return self.statement.lot

    @property
    def actor(self) -> str:
        """Who speaks."""
        return self.statement.actor.id

    @property
    def role(self) -> str:
        """In which role."""
        return self.statement.actor.role

    @property
    def leaf(self) -> int:
        """The record of the log that its batch is."""
        return self.placement.leaf_index

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the payload: how other statements name it."""
        return sha256(self.statement.payload).hex()

    # Reading the body: raises Broken naming this event

    @property
    def body(self) -> Mapping[str, Any]:
        """What it says."""
        return self.statement.body

    def text(self, name: str) -> str:
        """A text of the body."""
        return str(self._said(name, str))

    def count(self, name: str) -> int:
        """A whole number of the body."""
        value = self._said(name, int)
        if isinstance(value, bool):
            raise Broken(self.member, "malformed", field=name)
        return int(value)

    def texts(self, name: str) -> list[str]:
        """A list of texts of the body."""
        found = list(self._said(name, list | tuple))
        if not all(isinstance(one, str) for one in found):
            raise Broken(self.member, "malformed", field=name)
        return found

    def part(self, name: str) -> Mapping[str, Any]:
        """An object of the body."""
        found: Mapping[str, Any] = self._said(name, Mapping)
        return found

    def parts(self, name: str) -> list[Mapping[str, Any]]:
        """A list of objects of the body."""
        found = list(self._said(name, list | tuple))
        if not all(isinstance(one, Mapping) for one in found):
            raise Broken(self.member, "malformed", field=name)
        return found

    def each(self, name: str) -> list[Entry]:
        """This event once for every object of a list of its body, that object as its body: what was said of many together, one by one."""
        return [replace(self, statement=replace(self.statement, body=one)) for one in self.parts(name)]

    def require(self, holds: bool, what: str, /, **facts: object) -> None:
        """Raises Broken over this event unless something holds."""
        if not holds:
            raise Broken(self.member, what, **facts)

    def _said(self, name: str, kind: Any) -> Any:
        value = self.body.get(name)
        if not isinstance(value, kind):
            raise Broken(self.member, "malformed", field=name)
        return value


def chains(package: Package) -> dict[str, list[Entry]]:
    """Folder → its events in order: the case's own, the platform's few, `deposits/<lot>` for each lot, the
    archive's, the recordings', that of interest rates, that of reliefs, those of the books, of suspense
    and of the pool's agreements. Raises Broken."""
    places = tuple(f"{place}/" for place in (EVENTS, DEPOSITS, PLATFORM, ARCHIVED, RECORDINGS, RATES, RELIEFS, BOOKS, SUSPENSE, POOL))
    folders = dict.fromkeys(_folder(name) for name in package.members if name.startswith(places))
    found = {folder: list(_entries(package, folder)) for folder in folders}
    if not found.get(EVENTS):
        raise Broken(f"{EVENTS}/", "missing")
    return found


def _folder(member: str) -> str:
    return member.rpartition("/")[0]


def _entries(package: Package, folder: str) -> Iterator[Entry]:
    for name in package.names(f"{folder}/", ".json"):
        if name.endswith(".proof.json") or _folder(name) != folder:
            continue
        proof = f"{name.removesuffix('.json')}.proof.json"
        placement = package.json(proof)
        data = package.read(name)
        with inside(name):
            logged = read_event(data)
            statement = read_statement(logged.envelope.payload)
        with inside(proof):
            placed = read_placement(placement)
        if name != f"{folder}/{SEQ.format(logged.case_seq)}.json":
            raise Broken(name, "number_differs", case_seq=logged.case_seq)
        if logged.case != statement.case:
            raise Broken(name, "case_differs", case=statement.case)
        yield Entry(name, logged, statement, placed)


def check_chain(folder: str, entries: list[Entry], case: str) -> None:
    """Numbers from 0 on without a gap, each naming the commitment of the one before, later ones in no earlier batch; raises Broken."""
    prev, leaf = "", 0
    for number, entry in enumerate(entries):
        entry.require(entry.logged.case == case, "case_differs", case=entry.logged.case)
        if entry.seq != number:
            raise Broken(f"{folder}/{SEQ.format(number)}.json", "missing")
        entry.require(entry.logged.prev == prev, "chain_broken")
        entry.require(entry.leaf >= leaf, "batch_out_of_order")
        prev, leaf = merkle.commit(entry.placement.salt, entry.logged.data).hex(), entry.leaf

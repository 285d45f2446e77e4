"""Worlds with which many tests begin: each is built once in a session, and every test has a copy of it on a copy of its database."""

from __future__ import annotations

import copy
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from app import tables
from core.kernel import clock
from core.kernel.db import open_engine
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from tests import postgres

Build = Callable[..., Any]  # of a door, the file of its clock and, where it goes on from a world, that one
PLATFORM_SEED = bytes(range(32))


@dataclass(frozen=True)
class Beginning:
    """A world by name; two tests that name the same one begin with the same. `after`: the world whose copy it goes on from."""

    name: str
    build: Build
    after: Beginning | None = None

    def then(self, name: str, go_on: Callable[[Any], Any]) -> Beginning:
        """What this world becomes."""
        return Beginning(name, lambda _door, _clock_file, world: go_on(world), self)


@dataclass
class Built:
    """A world as it was built: `template` is its database, a file or a PostgreSQL database that nobody is connected to."""

    template: str
    world: Any
    door: Door
    clock_file: Path
    offset: timedelta
    at: datetime

    def set_clock(self, clock_file: Path) -> None:
        """Lets a copy's clock stand where it stood when the world was ready, however long ago that was."""
        clock.write_offset(clock_file, self.offset - (clock.now() - self.at))

    def copied(self, door: Door, clock_file: Path) -> Any:
        """The world behind another door, on another clock."""
        return moved(self.world, {id(self.door): door, id(self.clock_file): clock_file})


@dataclass
class Beginnings:
    """What was built so far in this session."""

    folder: Path
    projections: Mapping[str, Any]
    empty: Callable[[str], str]
    server: Callable[[], postgres.Server]
    built: dict[tuple[str, str], Built] = field(default_factory=dict)

    def of(self, kind: str, beginning: Beginning) -> Built:
        """The world of that name on that kind of database."""
        if (kind, beginning.name) not in self.built:
            made = self._build(beginning) if kind == "sqlite" else self._brought_over(beginning)
            self.built[kind, beginning.name] = made
        return self.built[kind, beginning.name]

    def _brought_over(self, beginning: Beginning) -> Built:
        """On PostgreSQL, row by row, what was built on SQLite: the way there is walked on both by tests of its own."""
        built = self.of("sqlite", beginning)
        name, address = self.fresh("postgresql", self.empty("postgresql"), self.folder)
        source, target = open_engine(f"sqlite:///{built.template}"), open_engine(address)
        with source.connect() as there, target.begin() as here:
            here.exec_driver_sql("SET session_replication_role = replica")  # rows as they are: no trigger, and in any order
            for table in tables.metadata.tables.values():
                if rows := [dict(row) for row in there.execute(select(table)).mappings()]:
                    here.execute(insert(table), rows)
                    if (counted := table.autoincrement_column) is not None:
                        counter = func.pg_get_serial_sequence(table.name, counted.name)
                        here.execute(select(func.setval(counter, max(row[counted.name] for row in rows))))
        for engine in (source, target):
            engine.dispose()
        return replace(built, template=name)

    def _build(self, beginning: Beginning) -> Built:
        home = self.folder / beginning.name
        home.mkdir()
        clock_file = home / "clock"
        before = self.of("sqlite", beginning.after) if beginning.after else None
        if before:
            before.set_clock(clock_file)
        template, address = self.fresh("sqlite", before.template if before else self.empty("sqlite"), home)
        engine = open_engine(address)
        door = Door(engine, Ed25519Signer.from_seed(PLATFORM_SEED), projections=self.projections, clock_file=clock_file, readers=2)
        world = beginning.build(door, clock_file, *([before.copied(door, clock_file)] if before else ()))
        built = Built(template, world, door, clock_file, clock.read_offset(clock_file), clock.now())
        door.close()
        engine.dispose()
        _all_in_one_file(template)
        return built

    def fresh(self, kind: str, template: str, home: Path) -> tuple[str, str]:
        """A copy of a template: its name, and its address."""
        if kind == "sqlite":
            path = home / "gongheng.db"
            shutil.copy(template, path)
            return str(path), f"sqlite:///{path}"
        name = self.server().copy(template)
        return name, self.server().url(name)


def _all_in_one_file(path: str) -> None:
    """Brings what stands in the write-ahead log into the file; a reader of the door may take a moment to go."""
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy, path


def moved(thing: Any, places: Mapping[int, Any], seen: dict[int, Any] | None = None) -> Any:
    """A copy of a builder's world in which the objects of `places` are others; what no builder made stays the very same object."""
    seen = {} if seen is None else seen
    if id(thing) in places:
        return places[id(thing)]
    if id(thing) in seen:
        return seen[id(thing)]
    if isinstance(thing, list | tuple):
        held = [moved(one, places, seen) for one in thing]
        return held if isinstance(thing, list) else tuple(held)
    if isinstance(thing, dict):
        return {name: moved(one, places, seen) for name, one in thing.items()}
    if not type(thing).__module__.startswith("tests.builders"):
        return thing
    made = seen[id(thing)] = copy.copy(thing)
    for name, value in vars(thing).items():
        object.__setattr__(made, name, moved(value, places, seen))
    return made

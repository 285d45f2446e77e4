"""What every test may ask for: a fresh database, its settings, its clock and its door."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import pytest
from sqlalchemy.engine import Engine

import deposits.domain.audience
import evaluation.domain.audience
import trading.domain.audience
from app import tables
from core.kernel import db
from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.db import open_engine
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Commit, Door, Work
from core.settings import Settings, load
from tests import applications, postgres
from tests.builders.beginnings import PLATFORM_SEED, Beginning, Beginnings, Built
from tests.longest import LONGEST

T = TypeVar("T")
hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("busy")  # no test asserts a time
PROJECTIONS = {**deposits.domain.audience.PROJECTIONS, **trading.domain.audience.PROJECTIONS, **evaluation.domain.audience.PROJECTIONS}
BOTH = ("services", "contract")  # their tests hold on both databases


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs what touches a database on SQLite, and in the rooms of `BOTH` on PostgreSQL too; the nearest of the marks `sqlite_alone` and
    `on_both` says otherwise, and `parametrize("database", …)` overrides."""
    chosen = any("database" in str(mark.args[0]) for mark in metafunc.definition.iter_markers("parametrize"))
    if "database" in metafunc.fixturenames and not chosen:
        named = [mark.name for mark in metafunc.definition.iter_markers() if mark.name in ("sqlite_alone", "on_both")]
        both = metafunc.definition.path.relative_to(Path(__file__).parent).parts[0] in BOTH
        kinds: list[Any] = ["sqlite"]
        if named[0] == "on_both" if named else both:
            kinds.append(pytest.param("postgresql", marks=pytest.mark.postgres))
        metafunc.parametrize("database", kinds, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files that take longest first; the others, and the tests of a file, stay as they come."""
    here = Path(__file__).parent
    items.sort(key=lambda item: -LONGEST.get(item.path.relative_to(here).as_posix(), 0))


@pytest.fixture(scope="session", autouse=True)
def unsynced() -> Iterator[None]:
    """Nothing is forced to the disk, as with the tests' PostgreSQL: what they wrote may be lost with the machine, not by a kill."""
    assert "synchronous=FULL" in db.SQLITE
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "SQLITE", (*db.SQLITE, "synchronous=OFF"))
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Tests make hundreds of applications of the same templates and routes."""
    with applications.shared():
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and no row."""
    path = tmp_path_factory.mktemp("template") / "gongheng.db"
    engine = open_engine(f"sqlite:///{path}")
    tables.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server for the session."""
    with postgres.server() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> str:
    """A PostgreSQL database with every table and no row."""
    postgres_server.run("CREATE DATABASE template_gongheng")
    engine = open_engine(postgres_server.url("template_gongheng"))
    tables.metadata.create_all(engine)
    engine.dispose()
    return "template_gongheng"


@pytest.fixture(scope="session")
def beginnings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Beginnings:
    """The worlds that this session has built for its tests to begin with."""

    def empty(kind: str) -> str:
        return str(request.getfixturevalue(f"{kind.removesuffix('ql')}_template"))

    return Beginnings(tmp_path_factory.mktemp("beginnings"), PROJECTIONS, empty, lambda: request.getfixturevalue("postgres_server"))


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning | None:
    """The world with which a test begins: the one its mark, or its module's, names."""
    mark = request.node.get_closest_marker("begins")
    return mark.args[0] if mark else None


@pytest.fixture
def built(request: pytest.FixtureRequest, beginning: Beginning | None, database: str) -> Built | None:
    """The beginning as it was built, for the database at hand."""
    kind = "sqlite" if database.startswith("sqlite") else "postgresql"
    return None if beginning is None else request.getfixturevalue("beginnings").of(kind, beginning)


@pytest.fixture
def world(built: Built, door: Door, clock_file: Path) -> Any:
    """The world of `beginning`, the test's own."""
    return built.copied(door, clock_file)


@pytest.fixture
def room(world: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The room of that world, whose bids are what the test says of them."""
    return world.told(monkeypatch)


@pytest.fixture
def database(request: pytest.FixtureRequest, beginning: Beginning | None, beginnings: Beginnings, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with every table and no row, or those of the beginning."""
    kind = getattr(request, "param", "sqlite")
    if beginning is None:
        template = beginnings.empty(kind)
    else:
        built = beginnings.of(kind, beginning)
        template = built.template
        built.set_clock(tmp_path / "clock")
    name, address = beginnings.fresh(kind, template, tmp_path)
    yield address
    if kind != "sqlite":
        beginnings.server().drop(name)


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    """The file of the shared clock offset; write it with `clock.write_offset`."""
    return tmp_path / "clock"


@pytest.fixture
def settings(database: str, tmp_path: Path, clock_file: Path) -> Settings:
    """The settings of a demonstration on the fresh database, with its files in the test's own folder."""
    return load(
        {
            "GONGHENG_DEMONSTRATION": "yes",
            "GONGHENG_DATA_DIR": str(tmp_path),
            "GONGHENG_DATABASE_URL": database,
            "GONGHENG_CLOCK_FILE": str(clock_file),
        }
    )


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """An engine on the fresh database."""
    made = open_engine(database)
    yield made
    made.dispose()


@pytest.fixture
def platform_key() -> Ed25519Signer:
    """The key that signs what the platform says."""
    return Ed25519Signer.from_seed(PLATFORM_SEED)


@pytest.fixture
def projections() -> dict[str, Any]:
    """What each audience learns of each kind of event: the tables of all packages."""
    return dict(PROJECTIONS)


@pytest.fixture
def commits() -> list[Commit]:
    """What the door has published, in order."""
    return []


@pytest.fixture
def door(
    engine: Engine, platform_key: Ed25519Signer, projections: dict[str, Any], clock_file: Path, commits: list[Commit]
) -> Iterator[Door]:
    """An open door on the fresh database."""
    opened = Door(engine, platform_key, projections=projections, publish=commits.append, clock_file=clock_file, readers=2)
    yield opened
    opened.close()


@pytest.fixture
def perform(door: Door) -> Callable[..., Any]:
    """`perform(use_case, actor=SYSTEM_ACTOR)` on the door."""

    def through(use_case: Callable[[Work], T], actor: Actor = SYSTEM_ACTOR) -> T:
        return door.perform(actor, use_case)

    return through


@pytest.fixture
def app(settings: Settings, door: Door) -> Any:
    """The whole application on the fresh database, behind the test's own door; its clock stands still."""
    from app.factory import create_app

    return create_app(settings, door)


@pytest.fixture
def open_app(settings: Settings, door: Door) -> Any:
    """The same without its form token, which has tests of its own."""
    from tests.builders.trading_web import application

    return application(settings, door)

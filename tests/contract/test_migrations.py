"""Migrations: they lead an empty database to the very tables that the models describe, on both databases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, inspect, text
from sqlalchemy.exc import IntegrityError

import app.tables
import migrations
from core.kernel.db import open_engine

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    " UNION SELECT attrelid::regclass || '.' || attname FROM pg_attribute WHERE attstorage = 'e'",  # and what is stored as it is
}


@pytest.fixture
def empty(request, database, tmp_path):
    """The address of a database without any table, of the same kind as `database`."""
    if database.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = server.copy("template0")
    yield server.url(name)
    server.drop(name)


def triggers(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        found = set(connection.execute(text(TRIGGERS[engine.dialect.name])).scalars())
    engine.dispose()
    return found


def checks(url):
    engine = open_engine(url)
    looked = inspect(engine)
    found = {(table, check["name"]) for table in looked.get_table_names() for check in looked.get_check_constraints(table)}
    engine.dispose()
    return found


def test_migrations_lead_to_what_the_models_describe(database, empty):
    migrations.upgrade(empty)
    engine = open_engine(empty)
    with engine.connect() as connection:
        assert migrations.current(connection) == migrations.head()
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": app.tables.metadata})
        assert compare_metadata(context, app.tables.metadata) == []
    engine.dispose()
    assert triggers(empty) == triggers(database)
    assert checks(empty) == checks(database)
    migrations.upgrade(empty)  # again: nothing to do


def test_there_is_one_newest_revision_and_it_stands_in_the_head_file():
    folder = Path(migrations.__file__).parent
    assert ScriptDirectory(str(folder)).get_heads() == [(folder / "HEAD").read_text(encoding="ascii").strip()]


def fill(connection, table, **known):
    """Inserts a row; what is not given is made to fit its column. SQLite keeps an id as its hex digits."""
    values = {"id": uuid4()} | known
    for column in inspect(connection).get_columns(table):
        if column["name"] not in values and not column["nullable"]:
            kind = column["type"].python_type
            values[column["name"]] = kind(2000, 1, 1) if kind is datetime else kind()
    if connection.dialect.name == "sqlite":
        values = {name: value.hex if isinstance(value, UUID) else value for name, value in values.items()}
    connection.execute(Table(table, MetaData(), autoload_with=connection, resolve_fks=False).insert().values(**values))


def test_regimes_registered_under_their_earlier_words_get_the_new_ones(database, empty):
    migrations.upgrade(empty, "0001")
    engine, org, project = open_engine(empty), uuid4(), uuid4()
    with engine.begin() as connection:
        fill(connection, "organisation", id=org)
        parties = {"agency_org": org, "tenderer_org": org}
        fill(connection, "project", id=project, regime="works", state="registered", category="goods", number="T2026-000001", **parties)
        fill(connection, "lot", project_id=project, regime="procurement", state="registered", escrow="none", number="T2026-000001-1")
    migrations.upgrade(empty)
    with engine.begin() as connection:
        found = [connection.execute(text(f"SELECT regime FROM {table}")).scalar_one() for table in ("project", "lot")]
        assert found == ["construction", "government_procurement"]
        with pytest.raises(IntegrityError):
            connection.execute(text("UPDATE project SET regime = 'works'"))
    engine.dispose()

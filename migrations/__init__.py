"""The database's shape over time: one numbered revision after the other, run on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

HERE = Path(__file__).resolve().parent


def config(url: str) -> Config:
    """Alembic's configuration for a database, without an ini file, so that it works wherever the package is installed."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.set_main_option("path_separator", "os")
    made.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    made.attributes["url"] = url
    return made


def head() -> str:
    """The newest revision that this code knows, "" before the first."""
    return ScriptDirectory(str(HERE)).get_current_head() or ""


def current(connection: Connection) -> str:
    """The revision at which a database stands, "" for an empty one."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(url: str, revision: str = "head") -> None:
    """Brings a database to a revision; does nothing when it is there."""
    command.upgrade(config(url), revision)


def revise(url: str, number: str, message: str) -> None:
    """Writes the next revision from the difference between a database that stands at the newest one and the models."""
    command.revision(config(url), message, autogenerate=True, rev_id=number)
    (HERE / "HEAD").write_text(f"{number}\n", encoding="ascii")

"""How Alembic reaches the database: through our own engine, in one transaction a run, on both databases."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

import app.tables  # noqa: F401  (fills the metadata)
from core.kernel.db import Base, connect_writer, open_engine
from core.settings import load


def run() -> None:
    """Runs what Alembic was asked for on the database of the command, or of the environment."""
    url = context.config.attributes.get("url") or load().database_url
    engine = open_engine(url)
    try:
        with connect_writer(engine) as connection:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                compare_type=True,
                render_as_batch=connection.dialect.name == "sqlite",
                transactional_ddl=True,  # our SQLite connections say BEGIN themselves
                render_item=_render,
            )
            with context.begin_transaction():
                if connection.dialect.name == "postgresql":
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7224)")  # of two that start at once, one migrates
                context.run_migrations()
    finally:
        engine.dispose()


def _render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Our own column types are written with their module; everything else as Alembic writes it."""
    if kind == "type" and type(item).__module__ == "core.kernel.db":
        autogen.imports.add("from core.kernel import db")
        return f"db.{type(item).__name__}()"
    return False


if not context.is_offline_mode():
    run()
else:
    raise SystemExit("migrations run on a database, not into a file")

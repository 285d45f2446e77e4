"""Triggers that make a table append-only in the database itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL
from sqlalchemy.event import listen

from core.kernel.db import Base, table


def append_only(dialect: str, name: str) -> list[str]:
    """The statements by which no row of this table is ever changed or deleted."""
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        return [f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} {refuse}" for verb in ("DELETE", "UPDATE")]
    function = (
        f"CREATE OR REPLACE FUNCTION {name}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{name} is append-only'; END $$"
    )
    call = f"EXECUTE FUNCTION {name}_append_only()"
    return [
        function,
        f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW {call}",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT {call}",
    ]


def freeze(model: type[Base]) -> None:
    """Has the triggers made with the table."""
    for dialect in ("sqlite", "postgresql"):
        for statement in append_only(dialect, model.__tablename__):
            ddl: Any = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap
            listen(table(model), "after_create", ddl.execute_if(dialect=dialect))

"""Changing which values a column of states may hold: a CHECK constraint, on both databases, whatever points to the table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection


def choose(table: str, column: str, name: str, values: Iterable[str], renamed: Mapping[str, str] | None = None) -> None:
    """From now on `column` holds one of `values`, the enum `name` of `state_column`; `renamed`: old value → new one, in its rows."""
    bind = op.get_bind()
    constraint = f"ck_{table}_{name}"
    condition = f"{column} IN ({', '.join(repr(value) for value in values)})"
    if bind.dialect.name == "sqlite":
        _rewrite(bind, table, constraint, condition)
    else:
        op.drop_constraint(op.f(constraint), table, type_="check")
    place = sa.table(table, sa.column(column))
    for old, new in (renamed or {}).items():
        bind.execute(sa.update(place).where(place.c[column] == old).values({column: new}))
    if bind.dialect.name != "sqlite":
        op.create_check_constraint(op.f(constraint), table, condition)


def _rewrite(bind: Connection, table: str, constraint: str, condition: str) -> None:
    """Changes the constraint in the table's own text, which SQLite's manual recommends for what touches no stored row (ALTER TABLE, § 7);
    a copy of the table would lose its other constraints, and break the references to it."""
    sql = str(bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one())
    made, found = re.subn(rf"CONSTRAINT {constraint} CHECK \([^()]*\([^()]*\)\)", f"CONSTRAINT {constraint} CHECK ({condition})", sql)
    if found != 1:
        raise ValueError(f"{table} has no constraint {constraint}")
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    bind.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (made, table))
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")

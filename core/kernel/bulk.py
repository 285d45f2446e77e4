"""Many rows at once: written, changed and found by few statements, past what SQLAlchemy's own way spends on each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Dialect, LargeBinary, Table, any_, func, literal, select
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import NULLTYPE

from core.kernel.db import COMPACT, Base, Fen, table
from core.kernel.money import Money
from core.kernel.unanswered import UNANSWERED

UNLESS_THERE = " ON CONFLICT DO NOTHING"


def insert_many(connection: Connection, model: type[Base], rows: Sequence[Mapping[str, Any]], unless_there: bool = False) -> None:
    """Inserts rows that all name the same columns, at a fraction of what SQLAlchemy's own way spends on each row: its types' conversions
    are looked up once, and PostgreSQL gets one statement with an array for each column, which it works on while the caller goes on
    (`unanswered`). What the columns' types refuse is refused. `unless_there`: a row whose key is there already is left out."""
    if rows:
        statement, values = _insertion(connection.dialect, model, rows)
        connection.exec_driver_sql(statement + UNLESS_THERE * unless_there, values, UNANSWERED)


def insert_missing(connection: Connection, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """The same but for rows whose key is there already; waits, and returns how many were inserted."""
    if not rows:
        return 0
    statement, values = _insertion(connection.dialect, model, rows)
    return connection.exec_driver_sql(statement + UNLESS_THERE, values, {"preserve_rowcount": True}).rowcount


def _insertion(dialect: Dialect, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> tuple[str, Any]:
    names = tuple(rows[0])
    statement, processors = _bulk(dialect, table(model), names)
    columns = [_converted(process, [row[name] for row in rows]) for name, process in zip(names, processors, strict=True)]
    return statement, tuple(map(_array, columns)) if dialect.name == "postgresql" else list(zip(*columns, strict=True))


def _array(values: list[Any]) -> str:
    """A column as PostgreSQL writes arrays, which its driver would put together value by value at a multiple of the cost.

    A text is always in quotes, with its quotes and backslashes marked, so that nothing in it can end it (PostgreSQL, "Arrays", 8.15.6).
    """
    known = [value for value in values if value is not None]
    kind = type(known[0]) if known else str
    if len(known) < len(values):
        form = _ARRAYS[kind]
        written = ",".join(["NULL" if value is None else form(value) for value in values])
    elif kind is str:
        written = _texts_in_array(values)
    elif kind is int:
        written = repr(values)[1:-1]
    else:
        written = ",".join(map(_ARRAYS[kind], values))
    return f"{{{written}}}"


def _texts_in_array(values: list[str]) -> str:
    together = "\n".join(values)
    if "\\" in together or '"' in together:
        return ",".join(map(_text_in_array, values))
    return '"' + '","'.join(values) + '"'


def _text_in_array(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


_ARRAYS: dict[type, Callable[[Any], str]] = {
    str: _text_in_array,
    int: int.__repr__,
    bool: "ft".__getitem__,
    UUID: attrgetter("hex"),
    bytes: lambda value: f'"\\\\x{value.hex()}"',
    datetime: datetime.isoformat,
    Decimal: str,
}
"""By what the driver would be given: one type for each column."""


def _converted(process: Callable[[Any], Any] | None, values: list[Any]) -> list[Any]:
    """A column for the driver. Moments and states, of which a page of rows has few, are converted once each."""
    if process is None:
        return values
    if not isinstance(values[0], datetime | Enum):
        return [process(value) for value in values]
    known = {value: process(value) for value in set(values)}
    return [known[value] for value in values]


def _processor(column: Column[Any] | InstrumentedAttribute[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a column's values the driver's; amounts, of which there are most, without SQLAlchemy's detour."""
    if isinstance(column.type, Fen):
        return _fen
    if isinstance(column.type, LargeBinary):
        return None  # bytes are bytes, without the driver's wrapper
    process: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return process


def _fen(amount: Money | None) -> int | None:
    return None if amount is None else amount.fen


def update_many(connection: Connection, model: type[Base], key: str | tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> None:
    """Changes rows that all name the same columns, found by their `key`, or keys; otherwise as `insert_many`."""
    if not rows:
        return
    into, names = table(model), tuple(rows[0])
    dialect = connection.dialect
    processors = [_processor(into.c[name], dialect) for name in names]
    columns = [_converted(process, [row[name] for row in rows]) for name, process in zip(names, processors, strict=True)]
    keys = (key,) if isinstance(key, str) else key
    changed = [name for name in names if name not in keys]
    if dialect.name == "postgresql":
        arrays = ", ".join(f"%t::{into.c[name].type.compile(dialect)}[]" for name in names)
        sets = ", ".join(f"{name} = new.{name}" for name in changed)
        source = f"unnest({arrays}) AS new ({', '.join(names)})"
        same = " AND ".join(f"{into.name}.{name} = new.{name}" for name in keys)
        connection.exec_driver_sql(f"UPDATE {into.name} SET {sets} FROM {source} WHERE {same}", tuple(map(_array, columns)), UNANSWERED)  # noqa: S608 - our columns
    else:
        order = [names.index(name) for name in (*changed, *keys)]
        values = list(zip(*(columns[place] for place in order), strict=True))
        sets, same = ", ".join(f"{name} = ?" for name in changed), " AND ".join(f"{name} = ?" for name in keys)
        connection.exec_driver_sql(f"UPDATE {into.name} SET {sets} WHERE {same}", values)  # noqa: S608 - our columns


_BULK: dict[tuple[str, str, tuple[str, ...]], tuple[str, list[Any]]] = {}


def _bulk(dialect: Dialect, into: Table, names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """The statement that inserts these columns, and what turns a value of each into the driver's."""
    key = dialect.name, into.name, names
    if key not in _BULK:
        columns = [into.c[name] for name in names]
        quoted = [dialect.identifier_preparer.quote(column.name) for column in columns]
        processors = [_processor(column, dialect) for column in columns]
        if dialect.name == "postgresql":
            arrays = ", ".join(f"%t::{column.type.compile(dialect)}[]" for column in columns)
            source = f"SELECT * FROM unnest({arrays})"  # noqa: S608 - types of our own columns
        else:
            source = f"VALUES ({', '.join('?' * len(columns))})"
        _BULK[key] = f"INSERT INTO {into.name} ({', '.join(quoted)}) {source}", processors
    return _BULK[key]


def among(connection: Connection, column: InstrumentedAttribute[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column IN values` with one parameter, however many the values are: SQLAlchemy writes and numbers hundreds anew each time."""
    dialect = connection.dialect
    process = _processor(column, dialect)
    plain = list(values) if process is None else [process(value) for value in values]
    if dialect.name == "postgresql":
        # without a type of its own, so that PostgreSQL reads the array once and not for each row
        return column == any_(cast_to(literal(_array(plain), NULLTYPE), postgresql.ARRAY(column.type)))
    return column.in_(select(func.json_each(COMPACT.encode(plain)).table_valued("value").c.value))


def find_many(connection: Connection, model: type[Base], by: Mapping[str, Sequence[str]], names: Sequence[str]) -> list[tuple[Any, ...]]:
    """These columns of the rows that `by` finds: for each of several columns of texts what it holds, the first of each for the first row.
    What the driver gives is given: for columns of texts and whole numbers."""
    into, keys = table(model), tuple(by)
    wanted = ", ".join(f"{into.name}.{name}" for name in names)
    if connection.dialect.name == "postgresql":
        arrays = ", ".join("%t::VARCHAR[]" for _ in keys)
        same = " AND ".join(f"{into.name}.{key} = sought.{key}" for key in keys)
        statement = f"SELECT {wanted} FROM unnest({arrays}) AS sought ({', '.join(keys)}) JOIN {into.name} ON {same}"  # noqa: S608 - our columns
        return [tuple(row) for row in connection.exec_driver_sql(statement, tuple(_array(list(values)) for values in by.values()))]
    same = " AND ".join(f"{into.name}.{key} = sought.value ->> {place}" for place, key in enumerate(keys))
    statement = f"SELECT {wanted} FROM json_each(?) AS sought CROSS JOIN {into.name} ON {same}"  # noqa: S608 - our columns
    return [tuple(row) for row in connection.exec_driver_sql(statement, (COMPACT.encode(list(zip(*by.values(), strict=True))),))]

"""Statements whose answers nobody reads: PostgreSQL works on them while this process goes on (libpq's pipeline mode)."""

from __future__ import annotations

import os
import socket
from contextlib import AbstractContextManager, suppress
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy.engine import Connection, Dialect

UNANSWERED = {"unanswered": True}
"""The execution option of a statement that is sent and not waited for. What PostgreSQL refuses of it is raised by the next statement that
waits, and at the latest by `settle`; its count of rows is never known. SQLite, which works in this very process, heeds it not."""

ROOM = 1 << 20  # bytes
_OPEN: WeakKeyDictionary[psycopg.Connection[Any], AbstractContextManager[object]] = WeakKeyDictionary()


def teach(dialect: Dialect) -> None:
    """Has a dialect of psycopg heed the option."""
    of: Any = dialect
    of.do_execute, of.do_executemany, of.do_execute_no_params = _execute, _executemany, _execute_no_params
    of.do_rollback, of.do_rollback_to_savepoint = _rollback, _rollback_to_savepoint


def prepare(connection: psycopg.Connection[Any], _record: object) -> None:
    """Makes room for what is sent and not waited for: a socket within the machine holds 200 kB, which a page of rows fills."""
    line = socket.socket(fileno=os.dup(connection.fileno()))
    with line:
        if line.family == socket.AF_UNIX:  # the others grow by themselves
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)


def settle(connection: Connection) -> None:
    """Waits for whatever was sent and not waited for; raises what was refused of it, as the statement itself would have."""
    if connection.dialect.name == "postgresql" and _driver(connection.connection) in _OPEN:
        connection.exec_driver_sql("SELECT 1")


def _execute(cursor: psycopg.Cursor[Any], statement: Any, parameters: Any, context: Any = None) -> None:
    if context is not None and "unanswered" in context.execution_options:
        _open(cursor.connection)
    else:
        _close(cursor.connection)
    cursor.execute(statement, parameters)


def _executemany(cursor: psycopg.Cursor[Any], statement: Any, parameters: Any, context: Any = None) -> None:
    _close(cursor.connection)
    cursor.executemany(statement, parameters)


def _execute_no_params(cursor: psycopg.Cursor[Any], statement: Any, context: Any = None) -> None:
    _execute(cursor, statement, None, context)


def _rollback(connection: Any) -> None:
    _forget(connection)
    connection.rollback()


def _rollback_to_savepoint(connection: Connection, name: str) -> None:
    _forget(connection.connection)
    connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {name}")


def _forget(connection: Any) -> None:
    with suppress(psycopg.Error):  # it is undone, whatever was refused of it
        _close(_driver(connection))


def _driver(connection: Any) -> Any:
    return getattr(connection, "dbapi_connection", connection)  # SQLAlchemy hands its pool's wrapper to the one, the driver's to the other


def _open(connection: psycopg.Connection[Any]) -> None:
    if connection not in _OPEN:
        pipeline = connection.pipeline()
        pipeline.__enter__()
        _OPEN[connection] = pipeline


def _close(connection: psycopg.Connection[Any]) -> None:
    if (pipeline := _OPEN.pop(connection, None)) is not None:
        pipeline.__exit__(None, None, None)  # waits

"""The database's edge: the base of every table, column types, row locks, and engines on which a dead transaction is known to be dead."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NewType, TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    create_engine,
    literal_column,
    select,
    text,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, ExceptionContext
from sqlalchemy.event import listen, listens_for
from sqlalchemy.orm import DeclarativeBase, MappedColumn, Session, mapped_column
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeEngine

from core.kernel import ids, unanswered
from core.kernel.errors import NotFound
from core.kernel.jcs import JSON
from core.kernel.money import Money

# Column types


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without its zone: {value!r}")
        moved = value.astimezone(UTC)
        return moved.replace(tzinfo=None) if dialect.name == "sqlite" else moved

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class DecimalText(TypeDecorator[Decimal]):
    """An exact Decimal: NUMERIC on PostgreSQL, text on SQLite (which has floats only, so there: never order or sum by it in SQL)."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = String(64) if dialect.name == "sqlite" else Numeric(asdecimal=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is not None and not isinstance(value, Decimal):
            raise TypeError(f"not a Decimal: {value!r}")
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, _dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class JsonText(TypeDecorator[JSON]):
    """A JSON value as text; floats are refused on the way in, so that no amount or score ever passes through one."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: JSON, _dialect: Dialect) -> str | None:
        return None if value is None else dump_json(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> JSON:
        if value is None:
            return None
        loaded: JSON = json.loads(value)
        return loaded


class Fen(TypeDecorator[Money]):
    """An amount of money as whole fen; every column of this type gets its CHECK (>= 0)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, _dialect: Dialect) -> int | None:
        return None if value is None else value.fen

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Money | None:
        return None if value is None else Money(int(value))


@listens_for(Column, "after_parent_attach")
def _check_fen(column: Column[Any], table: Any) -> None:
    if isinstance(column.type, Fen) and isinstance(table, Table):
        check = CheckConstraint(column >= literal_column("0"), name=f"{column.name}_not_negative", _type_bound=True)
        table.append_constraint(check)  # bound to the type: a copy of the table, and a migration, make it anew from the column


def dump_json(value: JSON) -> str:
    """Compact JSON text with sorted keys; raises TypeError for a float or a foreign type."""
    if value == {}:  # all that most audiences are told
        return "{}"
    _refuse_floats(value)
    return COMPACT.encode(value)


COMPACT = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"a float in JSON: {value!r}")
    if isinstance(value, dict):
        for member in value.values():
            if type(member) is not str:  # the most are, and need no call
                _refuse_floats(member)
    elif isinstance(value, list | tuple):
        for member in value:
            _refuse_floats(member)


def state_column(states: type[Enum], **options: Any) -> MappedColumn[Any]:
    """A column that holds the value of one member of `states`, and a CHECK that it holds no other."""
    name = "".join("_" + letter.lower() if letter.isupper() else letter for letter in states.__name__).lstrip("_")
    values = [str(state.value) for state in states]
    kind = EnumType(states, native_enum=False, create_constraint=True, length=40, name=name, values_callable=lambda _: values)
    return mapped_column(kind, **options)


_IDS: dict[Any, type[Uuid[UUID]]] = {kind: Uuid for kind in vars(ids).values() if isinstance(kind, NewType) and kind.__supertype__ is UUID}


class Base(DeclarativeBase):
    """The base of every table of the platform."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime,
        Decimal: DecimalText,
        Money: Fen,
        UUID: Uuid,
        bytes: LargeBinary,
        **_IDS,
    }


def table(model: type[Base]) -> Table:
    """A model's table, for statements that pass by the ORM."""
    return cast(Table, model.__table__)


def insert_new(connection: Connection, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Inserts the rows that are not there yet, and waits for who is inserting the same; returns how many were, for one row exactly."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(table(model)).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return connection.execute(statement, rows[0] if len(rows) == 1 else rows).rowcount


# Row locks

M = TypeVar("M", bound=Base)


def lock(session: Session, model: type[M], *where: ColumnElement[bool], shared: bool = False) -> M:
    """The one row, locked until the group commits, as it stands now; raises NotFound("<table>.not_found").

    PostgreSQL: FOR NO KEY UPDATE, so that inserting a child waits for no parent; `shared`: FOR SHARE, which crosses with no exclusive
    lock but with other shared ones. SQLite has one writer, so there looking is locking.
    """
    query = select(model).where(*where).with_for_update(read=shared, key_share=not shared)
    row = session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if row is None:
        raise NotFound(f"{model.__tablename__}.not_found")
    return row


def lock_patiently(session: Session, model: type[M], *where: ColumnElement[bool], ms: int = 2_000) -> M:
    """As `lock`, waiting up to `ms` where the door would have given up at once and tried the use case again.

    For a row that everybody needs at their end and nobody holds while waiting for another: then waiting can make no knot.
    """
    if session.connection().dialect.name != "postgresql":
        return lock(session, model, *where)
    usual = session.execute(text("SELECT current_setting('lock_timeout')")).scalar_one()
    wait = text("SELECT set_config('lock_timeout', :wait, true)")
    session.execute(wait, {"wait": f"{ms}ms"})
    row = lock(session, model, *where)
    session.execute(wait, {"wait": usual})
    return row


def lock_free(session: Session, model: type[M], *where: ColumnElement[bool], limit: int = 1) -> list[M]:
    """At most `limit` rows that nobody else has locked, locked now (FOR UPDATE SKIP LOCKED): how several workers share a queue."""
    query = select(model).where(*where).limit(limit).with_for_update(key_share=True, skip_locked=True)
    return list(session.execute(query, execution_options={"populate_existing": True}).scalars())


def database_clock(session: Session | Connection) -> datetime:
    """The database's clock at this very call, aware UTC: PostgreSQL's `clock_timestamp()`; for an embedded SQLite this process's own."""
    connection = session.connection() if isinstance(session, Session) else session
    if connection.dialect.name != "postgresql":
        return datetime.now(UTC)
    told: datetime = connection.execute(_CLOCK).scalar_one()
    return told.astimezone(UTC)


_CLOCK = text("SELECT clock_timestamp()")
SQLITE = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "cache_size=-16000", "wal_autocheckpoint=16000")
"""What every connection is told first. 16 MB of its pages stay in memory, and the log of writes is worked off every 64 MB: of a page that
many transactions change only the last state is copied. What is committed is on disk before that, in the log."""


# Engines


def open_engine(url: str, **options: Any) -> Engine:
    """An engine for SQLite or for PostgreSQL through psycopg, with SQLAlchemy's own `options`; opens no connection yet."""
    options.setdefault("poolclass", NullPool)  # each thread keeps its connection for life; a pool's lock would be gevent's
    engine = create_engine(url, **options, hide_parameters=True)  # what is in a statement must not get into a log line
    dialect: Any = engine.dialect  # its own way compiles each of these anew: a tenth of a use case's time
    dialect.do_savepoint = lambda connection, name: connection.exec_driver_sql(f"SAVEPOINT {name}")
    dialect.do_rollback_to_savepoint = lambda connection, name: connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {name}")
    dialect.do_release_savepoint = lambda connection, name: connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")
    if dialect.name == "sqlite":
        listen(engine, "connect", _prepare_sqlite)
        listen(engine, "begin", _begin_sqlite)
        listen(engine, "handle_error", _notice_rollback)
    else:
        unanswered.teach(dialect)
        listen(engine, "connect", unanswered.prepare)
    return engine


def connect_writer(engine: Engine) -> Connection:
    """A connection whose every transaction may write from its first statement on."""
    return engine.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE")


def connect_reader(engine: Engine) -> Connection:
    """A connection that sees one state of the database per transaction and cannot change it."""
    if engine.dialect.name == "sqlite":
        connection = engine.connect()
        raw: Any = connection.connection
        raw.execute("PRAGMA query_only=ON")
        connection.detach()  # never back to the pool, where a writer might get it
        return connection
    return engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _prepare_sqlite(dbapi: Any, _record: object) -> None:
    dbapi.isolation_level = None  # sqlite3 stops guessing where transactions begin; `_begin_sqlite` says it
    for pragma in SQLITE:
        dbapi.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


def _notice_rollback(context: ExceptionContext) -> None:
    """SQLite rolls back by itself when the disk is full; what follows would then commit statement by statement.

    So a transaction that SQLAlchemy believes in and the driver does not is called a lost connection: `Connection.invalidated` is then the
    one test for a dead transaction on both databases.
    """
    connection = context.connection
    if connection is not None and connection.in_transaction():
        raw: Any = connection.connection
        if not raw.in_transaction:
            context.is_disconnect, context.invalidate_pool_on_disconnect = True, False

"""The tables of the evidence: events and the heads of their chains, batches, the log's tree and its checkpoints; none forgets a row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, BigInteger, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.event import listen
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base


class CaseHead(Base):
    """The last event of a case's chain, and the platform's last statement in that case."""

    __tablename__ = "case_head"

    case_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_seq: Mapped[int] = mapped_column(Integer)  # -1 before event 0
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))  # empty before event 0
    platform_prev: Mapped[str] = mapped_column(String(64))  # hex SHA-256 of the payload, "" before the first


class EventRow(Base):
    """An event as it stands in the chain of its case. No foreign key to the case: inserting would wait for that row's lock."""

    __tablename__ = "event"

    case_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(128))  # what finds it again, "" for nothing
    at: Mapped[datetime]
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    data: Mapped[bytes]
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))
    leaf_index: Mapped[int | None] = mapped_column(BigInteger)  # its batch; NULL until it has one
    place: Mapped[int | None] = mapped_column(Integer)  # its record in the batch

    __table_args__ = (
        Index("ix_event_kind_subject", "case_id", "kind", "subject"),
        Index(
            "ix_event_unbatched",
            "at",
            sqlite_where=text("leaf_index IS NULL"),
            postgresql_where=text("leaf_index IS NULL"),
        ),
        Index("ix_event_leaf_index", "leaf_index", "place", unique=True),
    )


class BatchRow(Base):
    """One minute's batch tree: record `leaf_index` of the log. `salt` is secret: it tells commitments from dummies."""

    __tablename__ = "batch"

    leaf_index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime]


class LogNode(Base):
    """A complete subtree of the log: level 0 holds the hashes of its records."""

    __tablename__ = "log_node"

    level: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    idx: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class CheckpointRow(Base):
    """The log's signed word on its first `size` records, and what witnesses and the time stamp authority have added since."""

    __tablename__ = "checkpoint"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    note: Mapped[str] = mapped_column(Text)  # as the log signed it
    reason: Mapped[str] = mapped_column(String(64))  # "" for the minute's, else the ceremony that forced it
    at: Mapped[datetime]
    cosignatures: Mapped[str] = mapped_column(Text)  # signature lines, one per witness, in the order they came
    tsr: Mapped[bytes | None] = mapped_column(LargeBinary)  # RFC 3161 token over the note's text


def append_only(dialect: str) -> list[str]:
    """The statements that make the evidence append-only: evidence of an honest operator, no proof against a dishonest one.

    An event may be given its place once; a checkpoint may gain cosignatures and a token.
    """
    return [statement for table in _FROZEN for statement in _triggers(dialect, table)]


_FROZEN = {
    "event": ("case_id", "case_seq", "kind", "subject", "at", "salt", "data", "commitment"),
    "batch": ("leaf_index", "salt", "root", "at"),
    "log_node": ("level", "idx", "hash"),
    "checkpoint": ("size", "root", "note", "reason", "at"),
}
_ONCE = {"event": ("leaf_index", "place"), "checkpoint": ("tsr",)}  # from NULL to a value, then frozen


def _triggers(dialect: str, table: str) -> list[str]:
    different = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    changed = [f"OLD.{column} {different} NEW.{column}" for column in _FROZEN[table]]
    changed += [f"(OLD.{column} IS NOT NULL AND OLD.{column} {different} NEW.{column})" for column in _ONCE.get(table, ())]
    when = " OR ".join(changed)
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        return [
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {when} {refuse}",
        ]
    function = (
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    call = f"EXECUTE FUNCTION {table}_append_only()"
    return [
        function,
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when}) {call}",
    ]


AS_IT_IS = "ALTER TABLE event ALTER COLUMN data SET STORAGE EXTERNAL"
"""PostgreSQL stores signed statements without trying to press them: they are base64, and of its 10 s
of work on 100,000 payments 0.8 went on it (`bench.matching`)."""


for _dialect in ("sqlite", "postgresql"):
    for _table in _FROZEN:
        for _statement in _triggers(_dialect, _table):
            _ddl: Any = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap
            listen(Base.metadata.tables[_table], "after_create", _ddl.execute_if(dialect=_dialect))
_plain: Any = DDL(AS_IT_IS)  # type: ignore[no-untyped-call]  # as above
listen(Base.metadata.tables["event"], "after_create", _plain.execute_if(dialect="postgresql"))

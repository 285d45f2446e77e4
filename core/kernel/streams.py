"""What each audience of a case may watch: its own entries, numbered without gaps, in the order in which they were committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, String, select, tuple_
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.kernel.bulk import find_many, insert_many, update_many
from core.kernel.db import Base, JsonText
from core.kernel.events import Event
from core.kernel.jcs import JSON


@dataclass(frozen=True, slots=True)
class Projection:
    """What one audience learns of an event; nothing else of it reaches them."""

    audience: str
    kind: str
    data: Mapping[str, JSON]


Projections = Mapping[str, Callable[[Event], Iterable[Projection]]]
"""By kind of event; a kind without a row is seen by nobody."""


@dataclass(frozen=True, slots=True)
class StreamEntry:
    """A numbered message to one audience of a case."""

    case_id: str
    audience: str
    seq: int
    kind: str
    at: datetime
    data: Mapping[str, JSON]


class StreamHead(Base):
    """The last number that an audience of a case has been given; moved only by who holds the lock on the case's head."""

    __tablename__ = "stream_head"

    case_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    audience: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)


class StreamRow(Base):
    """A stored message: who comes late, or has missed one, reads it here."""

    __tablename__ = "stream_entry"

    case_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    audience: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    data: Mapped[Mapping[str, JSON]] = mapped_column(JsonText)


def since(session: Session, case: str, audience: str, n: int, limit: int = 200) -> list[StreamEntry]:
    """At most `limit` entries of one audience after number `n`, oldest first."""
    query = (
        select(StreamRow.seq, StreamRow.kind, StreamRow.at, StreamRow.data)
        .where(StreamRow.case_id == case, StreamRow.audience == audience, StreamRow.seq > n)
        .order_by(StreamRow.seq)
        .limit(limit)
    )
    return [StreamEntry(case, audience, *row) for row in session.execute(query)]


def last(session: Session, case: str, audience: str) -> int:
    """The last number that an audience of a case has been given, 0 for none."""
    query = select(StreamHead.seq).where(StreamHead.case_id == case, StreamHead.audience == audience)
    return session.execute(query).scalar_one_or_none() or 0


def heads(session: Session, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The last numbers of some streams, each a case and an audience; one that has none is left out."""
    found: dict[tuple[str, str], int] = {}
    for at in range(0, len(wanted), 400):
        query = select(StreamHead.case_id, StreamHead.audience, StreamHead.seq)
        query = query.where(tuple_(StreamHead.case_id, StreamHead.audience).in_(wanted[at : at + 400]))
        found |= {(case, audience): seq for case, audience, seq in session.execute(query)}
    return found


def number(connection: Connection, shown: Sequence[tuple[str, datetime, Projection]]) -> list[StreamEntry]:
    """Numbers and stores what a group of use cases shows: (case, moment, projection) in order. The heads of their cases are locked."""
    if not shown:
        return []
    streams = {(case, projection.audience) for case, _, projection in shown}
    by = {"case_id": [case for case, _ in streams], "audience": [audience for _, audience in streams]}
    found = find_many(connection, StreamHead, by, ("case_id", "audience", "seq"))
    stored = {(case, audience): seq for case, audience, seq in found}
    heads, entries = dict(stored), []
    for case, at, projection in shown:
        stream = case, projection.audience
        heads[stream] = seq = heads.get(stream, 0) + 1
        entries.append(StreamEntry(case, projection.audience, seq, projection.kind, at, projection.data))
    if moved := [_head(stream, heads) for stream in sorted(streams) if stream in stored]:
        update_many(connection, StreamHead, ("case_id", "audience"), moved)
    if fresh := [_head(stream, heads) for stream in sorted(streams) if stream not in stored]:
        insert_many(connection, StreamHead, fresh)
    insert_many(connection, StreamRow, [_row(entry) for entry in entries])
    return entries


def _head(stream: tuple[str, str], heads: Mapping[tuple[str, str], int]) -> dict[str, object]:
    return {"case_id": stream[0], "audience": stream[1], "seq": heads[stream]}


def _row(entry: StreamEntry) -> dict[str, object]:
    return {
        "case_id": entry.case_id,
        "audience": entry.audience,
        "seq": entry.seq,
        "kind": entry.kind,
        "at": entry.at,
        "data": entry.data,
    }

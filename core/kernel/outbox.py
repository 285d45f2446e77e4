"""Messages that leave a transaction: stored with it, delivered after it, at least once, each under a key that makes twice harmless."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.bulk import insert_many
from core.kernel.db import Base, JsonText, database_clock, lock_free, table
from core.kernel.jcs import JSON
from core.kernel.sealedlog import SEALED

if TYPE_CHECKING:
    from core.kernel.work import Door, Work

log = logging.getLogger(__name__)

Payload: TypeAlias = Mapping[str, Any]
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=5)
LEASE = timedelta(minutes=2)  # how long a delivery outside the door may take before another worker tries it


class Message(Base):
    """A message to a topic's one subscriber; delivered when `done_at` stands."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(128))
    payload: Mapped[JSON] = mapped_column(JsonText)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    done_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("topic", "key"),
        Index("ix_outbox_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
    )


@dataclass(frozen=True, slots=True)
class Outside:
    """A subscriber that needs the network or much time: it runs outside the door and opens it itself where it must. `sealed`: its failures
    are told to the sealed log alone.

    It may run again after it succeeded (the process died before that was noted), so what it does outside must carry the message's key.
    """

    run: Callable[[Door, Payload], object]
    sealed: bool = False


Subscriber: TypeAlias = Callable[["Work", Payload], object] | Outside
Subscriptions: TypeAlias = Mapping[str, Subscriber]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a use case has asked to be sent."""

    topic: str
    key: str
    payload: Mapping[str, JSON]
    delay: timedelta = timedelta(0)


def dated(connection: Connection, outgoing: Iterable[Outgoing]) -> list[dict[str, Any]]:
    """The rows of messages, due by the database's clock; asked for before anything is sent that would be waited for with it."""
    sending = list(outgoing)
    if not sending:
        return []
    now = database_clock(connection)
    blank = {"attempts": 0, "last_error": ""}
    return [blank | {"topic": sent.topic, "key": sent.key, "payload": sent.payload, "due_at": now + sent.delay} for sent in sending]


def store(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Stores messages, each (topic, key) once and for ever: a second one is dropped. Returns the topics."""
    insert_many(connection, Message, rows, unless_there=True)
    return frozenset(row["topic"] for row in rows)


def due(session: Session, topics: Iterable[str], limit: int = 100) -> list[int]:
    """The ids of undelivered messages whose time has come, oldest first."""
    query = (
        select(Message.id)
        .where(Message.done_at.is_(None), Message.due_at <= database_clock(session), Message.topic.in_(sorted(topics)))
        .order_by(Message.id)
        .limit(limit)
    )
    return list(session.execute(query).scalars())


def deliver(door: Door, subscriptions: Subscriptions) -> int:
    """Delivers what is due, each message in a use case of its own; returns how many were delivered. A failure is tried again later."""
    delivered = 0
    while numbers := door.read(lambda session: due(session, subscriptions)):
        done = sum(_deliver_one(door, number, subscriptions) for number in numbers)
        delivered += done
        if not done:
            break
    return delivered


def _deliver_one(door: Door, number: int, subscriptions: Subscriptions) -> bool:
    try:
        outside = door.perform(SYSTEM_ACTOR, lambda work: _take(work, number, subscriptions))
        if outside is not None:
            handler, payload = outside
            handler.run(door, payload)
            door.perform(SYSTEM_ACTOR, lambda work: _finish(work, number))
    except Exception as failure:
        said = f"{type(failure).__name__}: {failure}"
        for topic in door.perform(SYSTEM_ACTOR, lambda work: _postpone(work, number, said)):
            # By topic alone: the numbers of messages count what is sent before the opening.
            _log_of(subscriptions[topic]).warning("a message of %s was not delivered: %s", topic, said)
        return False
    return True


def _take(work: Work, number: int, subscriptions: Subscriptions) -> tuple[Outside, Payload] | None:
    """Runs a subscriber of the inside and finishes the message; returns one of the outside with its payload, the message leased."""
    now = database_clock(work.session)
    for message in lock_free(work.session, Message, Message.id == number, Message.done_at.is_(None), Message.due_at <= now):
        subscriber, payload = subscriptions[message.topic], message.payload
        assert isinstance(payload, dict)
        if isinstance(subscriber, Outside):
            message.due_at = now + LEASE
            return subscriber, payload
        message.done_at = now
        subscriber(work, payload)
    return None


def _finish(work: Work, number: int) -> None:
    for message in lock_free(work.session, Message, Message.id == number):
        message.done_at = database_clock(work.session)


def take_back(connection: Connection) -> None:
    """Makes everything undelivered due now: what another process had leased, where that process is known to be dead."""
    message, now = table(Message), database_clock(connection)
    connection.execute(update(message).where(message.c.done_at.is_(None), message.c.due_at > now).values(due_at=now))


def _log_of(subscriber: Subscriber) -> logging.Logger:
    return SEALED if isinstance(subscriber, Outside) and subscriber.sealed else log


def _postpone(work: Work, number: int, said: str) -> list[str]:
    """Puts a message off; returns its topic, nothing when another worker has delivered it meanwhile."""
    topics = []
    for message in lock_free(work.session, Message, Message.id == number, Message.done_at.is_(None)):
        message.attempts += 1
        message.last_error = said[:500]
        message.due_at = database_clock(work.session) + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(message.attempts - 1, 20))
        topics.append(message.topic)
    return topics

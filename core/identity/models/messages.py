"""Tables of messages to people: the inbox, the ways outside with their deliveries, and what people chose."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.identity.domain.message import DeliveryState, Language, Medium, Topic
from core.kernel.db import Base, UtcDateTime, state_column

_UNREAD = text("read_at IS NULL AND is_shown")
_TROUBLE = text("is_open AND fault <> ''")


class InboxMessage(Base):
    """One person's message of one event: told once, however often the event is heard of. `is_shown`: it is in the inbox."""

    __tablename__ = "inbox_message"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_inbox_message_person", "person_id", "id"),
        Index("ix_inbox_message_unread", "person_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    topic: Mapped[Topic] = state_column(Topic)
    words: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(420))  # of a project and a lot of it
    link: Mapped[str] = mapped_column(String(200))
    is_shown: Mapped[bool]
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delivery(Base):
    """A message on one way outside. `fault` is a word for the operator, never an address; `waits_s` the quiet hours it slept through;
    `is_open`: an operator may see it."""

    __tablename__ = "message_delivery"
    __table_args__ = (
        UniqueConstraint("message_id", "medium"),
        CheckConstraint("medium <> 'inbox'", name="outside"),
        Index("ix_message_delivery_trouble", "changed_at", sqlite_where=_TROUBLE, postgresql_where=_TROUBLE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey("inbox_message.id"))
    medium: Mapped[Medium] = state_column(Medium)
    state: Mapped[DeliveryState] = state_column(DeliveryState)
    fault: Mapped[str] = mapped_column(String(64))
    waits_s: Mapped[int]
    is_open: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Contact(Base):
    """A person's address on one way, good once confirmed by the code that was sent there; of the code the digest is kept alone."""

    __tablename__ = "message_contact"
    __table_args__ = (CheckConstraint("medium <> 'inbox'", name="outside"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    medium: Mapped[Medium] = state_column(Medium, primary_key=True)
    address: Mapped[str] = mapped_column(String(200))  # "" until the first is confirmed
    asked: Mapped[str] = mapped_column(String(200))  # the address to be confirmed, "" for none
    code_sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    code_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Wish(Base):
    """By which ways a person has messages of a topic, where they chose otherwise than what holds unless chosen."""

    __tablename__ = "message_wish"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    topic: Mapped[Topic] = state_column(Topic, primary_key=True)
    medium: Mapped[Medium] = state_column(Medium, primary_key=True)
    wanted: Mapped[bool]


class Manner(Base):
    """How a person is written to: in which language, and not in which hours."""

    __tablename__ = "message_manner"
    __table_args__ = (CheckConstraint("quiet_begin BETWEEN 0 AND 23 AND quiet_end BETWEEN 0 AND 23", name="hours"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    language: Mapped[Language] = state_column(Language)
    quiet_begin: Mapped[int]
    quiet_end: Mapped[int]


class ChannelHealth(Base):
    """What the last probe of a way outside found. Probes keep the clock's beat, whether anything is sent or not."""

    __tablename__ = "message_channel"

    medium: Mapped[Medium] = state_column(Medium, primary_key=True)
    ok_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault: Mapped[str] = mapped_column(String(64))

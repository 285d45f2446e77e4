"""The committee's discussion: topics of the chair, messages of the members, each signed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base


class DiscussionTopic(Base):
    """A topic, by its number in the room."""

    __tablename__ = "discussion_topic"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seat: Mapped[str] = mapped_column(String(4))
    title: Mapped[str] = mapped_column(String(80))
    bid: Mapped[str] = mapped_column(String(20))
    criterion: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class DiscussionMessage(Base):
    """A message, by its number in the room; topic 0 is the general discussion."""

    __tablename__ = "discussion_message"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    topic: Mapped[int] = mapped_column(Integer)
    seat: Mapped[str] = mapped_column(String(4))
    text: Mapped[str] = mapped_column(String(1000))
    payload_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

"""Tables of the acts that people signed, each with the answer it got, and of the last one of each person in each case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime
from core.kernel.jcs import JSON


class SignedAct(Base):
    """An act that was accepted; the same payload sent again gets the same answer."""

    __tablename__ = "act"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(64))
    payload_sha256: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, JSON]] = mapped_column(JsonText)
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ActHead(Base):
    """The digest of a person's last payload in a case, "" before the first; the row on which that person's acts queue."""

    __tablename__ = "act_head"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    payload_sha256: Mapped[str] = mapped_column(String(64))

"""Doubted scores, the votes on them, and what was answered and noted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, state_column
from core.kernel.jcs import JSON
from evaluation.domain.doubt import State


class Doubt(Base):
    """A doubt of some scores that the member at `seat_id` gave one bid; `payload_sha256` is the digest of its statement."""

    __tablename__ = "score_doubt"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    raised_by: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    code: Mapped[str] = mapped_column(String(8))
    criteria: Mapped[JSON] = mapped_column(JsonText)
    side: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str] = mapped_column(String(500))
    payload_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[State] = state_column(State)
    raised_at: Mapped[datetime]
    found_at: Mapped[datetime | None]  # when the votes found it abnormal: from here on an answer is awaited
    explanation: Mapped[str] = mapped_column(String(2000), default="")
    answer_sha256: Mapped[str] = mapped_column(String(64), default="")  # of the explanation that is voted on
    silence: Mapped[str] = mapped_column(String(500), default="")  # the host's note
    note: Mapped[str] = mapped_column(String(500), default="")  # the chair's
    scores: Mapped[JSON] = mapped_column(JsonText)  # criterion → what counts instead
    ticks: Mapped[JSON] = mapped_column(JsonText)
    ended_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]


class DoubtVote(Base):
    """A member's vote on one of the two questions."""

    __tablename__ = "score_doubt_vote"

    doubt_id: Mapped[UUID] = mapped_column(ForeignKey("score_doubt.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(10), primary_key=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    yes: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]

"""Questions to bidders: members' proposals, what the chair asked, what was answered; and votes on prices that were asked about."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from evaluation.domain.question import State


class QuestionProposal(Base):
    """What a member would have the chair ask."""

    __tablename__ = "question_proposal"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    code: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime]


class BidQuestion(Base):
    """A question to the bidder behind a code name, and its answer; `payload_sha256` is the digest of the chair's statement."""

    __tablename__ = "bid_question"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    number: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(8))
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(2000))
    rule: Mapped[str] = mapped_column(String(20))
    correction: Mapped[str] = mapped_column(String(16))
    payload_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[State] = state_column(State, index=True)
    asked_at: Mapped[datetime]
    until: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(2000), default="")
    files: Mapped[JSON] = mapped_column(JsonText, default=list)
    accepts: Mapped[str] = mapped_column(String(3), default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("evaluation_id", "number"),)


class PriceVote(Base):
    """A member's vote on a bid whose price was asked about."""

    __tablename__ = "price_vote"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    stays: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]

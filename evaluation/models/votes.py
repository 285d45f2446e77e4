"""Votes of the committee: what is to be rejected, and whether competition is lacking."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText
from core.kernel.jcs import JSON


class RejectionVote(Base):
    """A member's votes on all bids put to the vote, as signed; a later `round` begins when a successor has taken a seat."""

    __tablename__ = "rejection_vote"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    votes: Mapped[JSON] = mapped_column(JsonText)
    at: Mapped[datetime]


class CompetitionVote(Base):
    """A member's vote whether competition is clearly lacking, at a stage."""

    __tablename__ = "competition_vote"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    stage: Mapped[str] = mapped_column(String(10), primary_key=True)
    lacking: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]

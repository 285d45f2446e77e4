"""What members would have weighed between a price and its evaluated price, how each voted, and what the majority made of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText
from core.kernel.jcs import JSON


class WeighingProposal(Base):
    """A proposal on one bid; `decision` NULL while it is voted on. Those of an earlier `round` fell with a member's replacement."""

    __tablename__ = "weighing_proposal"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    round: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    code: Mapped[str] = mapped_column(String(8))
    rule: Mapped[str] = mapped_column(String(40))
    figure: Mapped[str] = mapped_column(String(18))
    file: Mapped[str] = mapped_column(String(64))  # hex SHA-256 of the document that shows it
    page: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(2000))
    payload_sha256: Mapped[str] = mapped_column(String(64))
    decision: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # Decision.to_json
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("evaluation_id", "number"),)


class WeighingVote(Base):
    """A member's vote on a proposal, as signed."""

    __tablename__ = "weighing_vote"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("weighing_proposal.id"), primary_key=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    agrees: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]

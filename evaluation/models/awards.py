"""The award committee's sessions: members, ballots, the recomputable result."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, state_column
from core.kernel.jcs import JSON
from evaluation.domain.award_session import State as AwardState


class AwardSession(Base):
    """The award session of a lot (定标), under the plan that was fixed before the notice."""

    __tablename__ = "award_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), unique=True)
    state: Mapped[AwardState] = state_column(AwardState)
    plan: Mapped[JSON] = mapped_column(JsonText)
    plan_sha256: Mapped[str] = mapped_column(String(64))
    candidates: Mapped[JSON] = mapped_column(JsonText)  # organisation ids, unranked
    round: Mapped[int] = mapped_column(Integer, default=1)
    standing: Mapped[JSON] = mapped_column(JsonText)  # organisation ids that may be voted for in this round
    result: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class AwardMember(Base):
    """A member of the award committee; `number` is the order of the list that the tenderer signed."""

    __tablename__ = "award_member"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("award_session.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)

    __table_args__ = (UniqueConstraint("session_id", "number"),)


class Ballot(Base):
    """A signed ballot; nobody but its member sees it before the round is complete."""

    __tablename__ = "ballot"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("award_session.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    choice: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    reasons: Mapped[JSON] = mapped_column(JsonText)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

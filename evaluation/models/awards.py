"""The award committee's sessions: members, ballots and opinions, draws of lots, the recomputable result."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from evaluation.domain.award_session import State as AwardState
from trading.models.lots_drawn import LotsDraw, LotsSlip

_STANDING = text("voided_at IS NULL")


class AwardSession(Base):
    """An award session of a lot (定标), under the plan that was fixed before the notice. Rounds before `first_round` are void: a member
    fell out and the session began again. `listed`: who may sit in which post; `line`: the order in which listed people were drawn."""

    __tablename__ = "award_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    state: Mapped[AwardState] = state_column(AwardState)
    plan: Mapped[JSON] = mapped_column(JsonText)
    plan_sha256: Mapped[str] = mapped_column(String(64))
    candidates: Mapped[JSON] = mapped_column(JsonText)  # organisation ids, unranked
    listed: Mapped[JSON] = mapped_column(JsonText, server_default="{}")
    line: Mapped[JSON] = mapped_column(JsonText, server_default="[]")
    first_round: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    round: Mapped[int] = mapped_column(Integer, default=1)
    standing: Mapped[JSON] = mapped_column(JsonText)  # organisation ids that may be voted for in this round
    result: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]  # the committee was ordered to evaluate again; what was said then is kept

    __table_args__ = (
        Index("uq_award_session_standing", "lot_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
        Index("ix_award_session_lot", "lot_id"),
    )


class AwardMember(Base):
    """A member of the award committee; `number` is the order in which members came to sit, a successor has one of their own."""

    __tablename__ = "award_member"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("award_session.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    post: Mapped[str] = mapped_column(String(60), server_default="")
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_reason: Mapped[str] = mapped_column(String(500), server_default="")
    successor_number: Mapped[int] = mapped_column(Integer, server_default="0")  # 0: the seat is empty, or the others went on

    __table_args__ = (UniqueConstraint("session_id", "number"),)


class Ballot(Base):
    """A signed ballot, or an opinion before the chair's; nobody but its member sees it before the round is complete."""

    __tablename__ = "award_ballot"

    session_id: Mapped[UUID] = mapped_column(ForeignKey("award_session.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    choice: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))  # None: abstained, or a ballot that holds none
    said: Mapped[JSON] = mapped_column(JsonText, server_default="{}")  # points and opinion, where the method has them
    reasons: Mapped[JSON] = mapped_column(JsonText)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class AwardSlip(LotsSlip, Base):
    """A party's slip in a draw of lots of an award session."""

    __tablename__ = "award_slip"

    draw_id: Mapped[UUID] = mapped_column("lots_id", ForeignKey("award_lots.id"), primary_key=True)


class AwardLots(LotsDraw, Base):
    """A draw of lots in an award session: of its members, among those who are level, or for the winner."""

    __tablename__ = "award_lots"
    __table_args__ = (UniqueConstraint("session_id", "number"),)
    SLIP = AwardSlip

    session_id: Mapped[UUID] = mapped_column(ForeignKey("award_session.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    first_round: Mapped[int] = mapped_column(Integer)  # of the sitting that it belongs to
    order: Mapped[JSON] = mapped_column("drawn_order", JsonText)

"""Expert draws: parameters, the parties' slips, recusals, and the sealed mapping of pseudonyms."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, state_column
from core.kernel.jcs import JSON
from evaluation.domain.draw import State as DrawState

PARTY_CHECK = "party IN ('centre', 'supervisor', 'tenderer')"


class PreparedDraw(Base):
    """A request as the platform prepared it, with pseudonyms, waiting for the centre's signature."""

    __tablename__ = "prepared_draw"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    name: Mapped[str] = mapped_column(String(40))  # draw-1
    request: Mapped[JSON] = mapped_column(JsonText)
    calling: Mapped[JSON] = mapped_column(JsonText)  # Conditions.to_json: when, where (host first), how long an answer is waited for
    again: Mapped[JSON] = mapped_column(JsonText)  # Again.to_json
    prepared_at: Mapped[datetime]
    order_value: Mapped[str] = mapped_column(String(64), server_default="")  # what the request commits to where a provincial pool draws


class Draw(Base):
    """A draw that the centre has signed; its parameters never change afterwards."""

    __tablename__ = "expert_draw"

    id: Mapped[UUID] = mapped_column(ForeignKey("prepared_draw.id"), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    name: Mapped[str] = mapped_column(String(40))
    state: Mapped[DrawState] = state_column(DrawState)
    purpose: Mapped[str] = mapped_column(String(500))
    pool_hash: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(String(64), default="")
    picked: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # {stratum: [pseudonyms]}, recusals applied
    reserves: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    requested_at: Mapped[datetime]
    committed_at: Mapped[datetime | None]
    drawn_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("lot_id", "name"),)


class DrawSlip(Base):
    """A party's slip: sealed by its commitment, opened by its value."""

    __tablename__ = "draw_slip"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("expert_draw.id"), primary_key=True)
    party: Mapped[str] = mapped_column(String(20), primary_key=True)
    commit: Mapped[str] = mapped_column(String(64))
    shares: Mapped[JSON] = mapped_column(JsonText)  # [{role, recs, box, share_commit}], empty where an office has no key
    value: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (CheckConstraint(PARTY_CHECK, name="party"),)


class SlipRelease(Base):
    """An office's share of a silent party's slip."""

    __tablename__ = "slip_release"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("expert_draw.id"), primary_key=True)
    party: Mapped[str] = mapped_column(String(20), primary_key=True)
    office: Mapped[str] = mapped_column(String(20), primary_key=True)
    share: Mapped[str] = mapped_column(String(66))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint(PARTY_CHECK, name="party"),)


class DrawReply(Base):
    """A provincial pool's signed reply, as the centre handed it in; the first draws, further ones add who may follow."""

    __tablename__ = "draw_reply"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("expert_draw.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    file: Mapped[dict[str, JSON]] = mapped_column(JsonText)
    sha256: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime]


class DrawPseudonym(Base):
    """Who stands behind a pseudonym: kept apart, read by no page before the result."""

    __tablename__ = "draw_pseudonym"

    prepared_id: Mapped[UUID] = mapped_column(ForeignKey("prepared_draw.id"), primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(20), primary_key=True)
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("expert.id"))

    __table_args__ = (UniqueConstraint("prepared_id", "expert_id"),)


class DrawRecusal(Base):
    """A recusal found after the draw; `number` keeps the order, which decides who moves up."""

    __tablename__ = "draw_recusal"

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("expert_draw.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    pseudonym: Mapped[str] = mapped_column(String(20))
    successor: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("draw_id", "pseudonym"),)

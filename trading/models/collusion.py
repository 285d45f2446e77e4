"""Tables of collusion signals: what bids say of their making, each round's check, its cards, and what was decided on them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from trading.domain.collusion.card import Signal, Strength
from trading.domain.collusion.life import CardAction, CardState


class BidParticulars(Base):
    """The members of an opened envelope's `bid.json` that are not read out and that these checks read."""

    __tablename__ = "bid_particulars"

    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("bid_envelope.id"), primary_key=True)
    said: Mapped[JSON] = mapped_column(JsonText)


class CollusionCheck(Base):
    """The check of one opening; `looked_at` lists the files that were read, by bidder, and what could not be read."""

    __tablename__ = "collusion_check"
    __table_args__ = (UniqueConstraint("lot_id", "round"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    round: Mapped[int]
    method: Mapped[str] = mapped_column(String(40))
    tools: Mapped[JSON] = mapped_column(JsonText)
    looked_at: Mapped[JSON] = mapped_column(JsonText)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CollusionCard(Base):
    """A card. `ref` is drawn at random and names it where its digest would tell too much."""

    __tablename__ = "collusion_card"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("collusion_check.id"), index=True)
    ref: Mapped[str] = mapped_column(String(32), unique=True)
    signal: Mapped[Signal] = state_column(Signal)
    strength: Mapped[Strength] = state_column(Strength)
    state: Mapped[CardState] = state_column(CardState)
    content: Mapped[bytes]  # canonical JSON
    sha256: Mapped[str] = mapped_column(String(64), unique=True)


class CollusionDecision(Base):
    """What was decided on a card, and why; the last one stands."""

    __tablename__ = "collusion_decision"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    card_id: Mapped[UUID] = mapped_column(ForeignKey("collusion_card.id"), index=True)
    action: Mapped[CardAction] = state_column(CardAction)
    note: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = state_column(Role)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""Calls after a draw, the keys that were pressed, and the alarms about draws that were made again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, state_column
from evaluation.domain.calling import State as CallState
from evaluation.domain.redraw import Level

_RUNNING = text("state = 'placed'")


class DrawCall(Base):
    """One expert asked once to come: under the draw's pseudonym, to a site, until when."""

    __tablename__ = "draw_call"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)  # CALL-…: all that the expert is told
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("expert_draw.id"))
    pseudonym: Mapped[str] = mapped_column(String(20))
    site: Mapped[str] = mapped_column(String(60))
    state: Mapped[CallState] = state_column(CallState)
    cause: Mapped[str] = mapped_column(String(20), default="")
    way: Mapped[str] = mapped_column(String(10), default="")  # page, keypad, centre, clock, gateway, room
    placed_at: Mapped[datetime | None]
    reply_until: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("draw_id", "pseudonym"),
        Index("ix_draw_call_running", "reply_until", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
    )


class KeypadReply(Base):
    """A keypad answer that was taken, by the gateway's own id: the same again changes nothing."""

    __tablename__ = "keypad_reply"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("draw_call.id"))
    digit: Mapped[str] = mapped_column(String(1))
    at: Mapped[datetime]


class DrawAlarm(Base):
    """A draw that was made again, or was to be made again without a reason."""

    __tablename__ = "draw_alarm"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    name: Mapped[str] = mapped_column(String(40))
    level: Mapped[Level] = state_column(Level)
    why: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_draw_alarm_lot", "lot_id"),)

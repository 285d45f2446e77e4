"""Requests to write a signed sheet again, who decided on them, the sheets that were replaced; refusals to sign the report."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, state_column
from core.kernel.jcs import JSON
from evaluation.domain.unlock import State


class SheetUnlock(Base):
    """A member's request; `payload_sha256` is the digest of its statement, `sheet_sha256` that of the sheet it is about."""

    __tablename__ = "sheet_unlock"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    part: Mapped[str] = mapped_column(String(12))
    sheet_sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500))
    payload_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    deciders: Mapped[JSON] = mapped_column(JsonText)  # "centre" and seat codes
    state: Mapped[State] = state_column(State)
    asked_at: Mapped[datetime]


class UnlockDecision(Base):
    """What one of those who decide said; `decider` is "centre" or a seat code."""

    __tablename__ = "unlock_decision"

    unlock_id: Mapped[UUID] = mapped_column(ForeignKey("sheet_unlock.id"), primary_key=True)
    decider: Mapped[str] = mapped_column(String(12), primary_key=True)
    granted: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]


class ReplacedSheet(Base):
    """A signed sheet as it stood before it was reopened: kept, and counted no more."""

    __tablename__ = "replaced_sheet"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(12), primary_key=True)
    turn: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)  # 1, 2, …
    sheets: Mapped[JSON] = mapped_column(JsonText)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class ReportRefusal(Base):
    """A member who did not sign the report in time; `dissent` is what was handed over in writing, "" is agreement."""

    __tablename__ = "report_refusal"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    dissent: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime]

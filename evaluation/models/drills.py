"""Drills and the faults that were injected in them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from evaluation.domain.drill import Fault
from evaluation.domain.drill import State as DrillState


class Drill(Base):
    """A drill; its room is that of an invented lot."""

    __tablename__ = "drill"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    state: Mapped[DrillState] = state_column(DrillState)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(String(1000), default="", server_default="")  # what was said at the end


class DrillBid(Base):
    """A bid that was invented with a drill, behind its code name; no organisation has the id `org`."""

    __tablename__ = "drill_bid"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    org: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(40))
    price: Mapped[Decimal]
    sha256: Mapped[str] = mapped_column(String(64))  # of its paper
    size: Mapped[int]


class DrillFault(Base):
    """A fault that was injected, by its number in the drill; `lifted_at` is null while it lasts."""

    __tablename__ = "drill_fault"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("drill.evaluation_id"), primary_key=True)
    no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    fault: Mapped[Fault] = state_column(Fault)
    seat: Mapped[str] = mapped_column(String(4))
    site: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    payload_sha256: Mapped[str] = mapped_column(String(64), unique=True)

"""Tables of the days whose books were held against each other, and of what did not agree."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from core.kernel.money import Money
from deposits.domain.reconciliation import DifferenceCause, DifferenceKind, DifferenceState


class BookDay(Base):
    """A Beijing day whose statement was compared. `gap`: fen by which the bank's closing balance exceeds the entries that we know."""

    __tablename__ = "book_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    compared_at: Mapped[datetime]
    closing: Mapped[Money]
    entries: Mapped[int]
    gap: Mapped[int] = mapped_column(BigInteger)


class BookDifference(Base):
    """Something that did not agree, until a person closes it with a reason. `lot_id`: whose it is, where it is a lot's."""

    __tablename__ = "book_difference"
    __table_args__ = (UniqueConstraint("day", "kind", "ref"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date]
    kind: Mapped[DifferenceKind] = state_column(DifferenceKind)
    ref: Mapped[str] = mapped_column(String(40))
    fen: Mapped[int] = mapped_column(BigInteger)
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("deposit_requirement.lot_id"), index=True)
    party_name: Mapped[str] = mapped_column(String(140))
    party_account: Mapped[str] = mapped_column(String(34))
    found_at: Mapped[datetime]
    state: Mapped[DifferenceState] = state_column(DifferenceState, index=True)
    cause: Mapped[DifferenceCause | None] = state_column(DifferenceCause)
    reason: Mapped[str] = mapped_column(String(1000))
    closed_by: Mapped[str] = mapped_column(String(60))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

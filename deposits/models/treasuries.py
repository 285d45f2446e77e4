"""Table of the treasury accounts that finance has proposed and approved."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from deposits.domain.treasury import TreasuryState


class TreasuryAccount(Base):
    """An account under the digest of its proposal."""

    __tablename__ = "treasury_account"
    __table_args__ = (CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_persons"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[TreasuryState] = state_column(TreasuryState)
    name: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(34))
    bank: Mapped[str] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(300))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

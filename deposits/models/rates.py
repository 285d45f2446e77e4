"""Table of the interest rates that finance has proposed and approved."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from deposits.domain.rate import RateState


class InterestRate(Base):
    """A yearly rate of demand deposits from a day on, under the digest of its proposal."""

    __tablename__ = "interest_rate"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[RateState] = state_column(RateState)
    since: Mapped[date]
    yearly: Mapped[Decimal]
    source: Mapped[str] = mapped_column(String(300))
    proposed_by: Mapped[UUID]
    proposed_name: Mapped[str] = mapped_column(String(60))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None]
    approved_name: Mapped[str] = mapped_column(String(60))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

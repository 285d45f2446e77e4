"""Table of cancelled sub-accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base


class CancelledSubAccount(Base):
    """The sub-account of a deposit that finance has cancelled."""

    __tablename__ = "cancelled_sub_account"

    deposit_id: Mapped[UUID] = mapped_column(ForeignKey("deposit.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    cancelled_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    cancelled_at: Mapped[datetime]
    statement_sha256: Mapped[str] = mapped_column(String(64))

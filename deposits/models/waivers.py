"""Table of waivers that bidders use for their lots."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base
from core.kernel.money import Money


class WaiverUse(Base):
    """A firm's waiver in one lot: `asked` is what is left of the amount for it. Secret until the opening, as a payment is."""

    __tablename__ = "deposit_waiver_use"
    __table_args__ = (CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),)

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("deposit_requirement.lot_id"), primary_key=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    org_name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)  # of the firm's statement
    relief_sha256: Mapped[str] = mapped_column(ForeignKey("deposit_relief.sha256"))
    percent: Mapped[int]
    source: Mapped[str] = mapped_column(String(300))
    asked: Mapped[Money]
    used_at: Mapped[datetime]

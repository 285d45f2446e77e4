"""Table of invitees."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from trading.domain.invitation import InviteeState


class LotInvitee(Base):
    """An organisation that is invited to a lot, as the signed notice names it, and what it has answered. Secret until the opening."""

    __tablename__ = "lot_invitee"
    __table_args__ = (UniqueConstraint("lot_id", "org_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    org_name: Mapped[str] = mapped_column(String(120))
    uscc: Mapped[str] = mapped_column(String(18))
    state: Mapped[InviteeState] = state_column(InviteeState)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""Table of the seals that came too late: what their bidder may have again, beside the platform's word in the chain."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from core.kernel.sealing import Purpose


class LateSeal(Base):
    """A version that was refused for coming at the deadline or later; `seal_sha256` is the digest of its first seal."""

    __tablename__ = "late_seal"
    __table_args__ = (CheckConstraint("arrived_at >= deadline", name="came_late"), CheckConstraint("waited_ms >= 0", name="waited"))

    seal_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    purpose: Mapped[Purpose] = state_column(Purpose, server_default=Purpose.BID.value)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    seals: Mapped[JSON] = mapped_column(JsonText)  # the bidder's DSSE envelopes, as they came
    arrived_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the database's clock, read while the lot was held: it decided
    waited_ms: Mapped[int]  # from the request's coming to `arrived_at`
    deadline: Mapped[datetime] = mapped_column(UtcDateTime)

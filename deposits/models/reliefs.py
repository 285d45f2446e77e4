"""Table of reliefs from deposits, proposed, in force and ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from deposits.domain.relief import ReliefState


class Relief(Base):
    """A relief: `kind` is that of its statement, `body` what two persons signed; `proposal` waits for the second."""

    __tablename__ = "deposit_relief"
    __table_args__ = (
        CheckConstraint("(state IN ('proposed', 'ending')) = (proposal IS NOT NULL)", name="second_person"),
        CheckConstraint("kind IN ('deposit.free', 'deposit.waive')", name="kind"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_when"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    body: Mapped[dict[str, JSON]] = mapped_column(JsonText)
    state: Mapped[ReliefState] = state_column(ReliefState, index=True)
    proposal: Mapped[dict[str, JSON] | None] = mapped_column(JsonText)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(500))

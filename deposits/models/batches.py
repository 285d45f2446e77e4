"""Table of batches of refunds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from core.kernel.money import Money
from deposits.domain.batch import BatchState


class RefundBatch(Base):
    """Refunds of opened lots that go to the bank together, and who let them."""

    __tablename__ = "refund_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[BatchState] = state_column(BatchState, index=True)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]  # the earliest legal day among them
    count: Mapped[int]
    principal: Mapped[Money]
    refunds_sha256: Mapped[str] = mapped_column(String(64))
    first_by: Mapped[UUID | None]
    first_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    second_by: Mapped[UUID | None]
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

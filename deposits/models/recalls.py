"""Table of recalls: refunds that finance asked the bank not to carry out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from core.kernel.money import Money
from deposits.domain.refund_recall import RecallState

_UNDECIDED = text("state IN ('proposed', 'asked')")


class RefundRecall(Base):
    """A recall under the digest of its proposal; its id names the case to the bank. One waits for each refund."""

    __tablename__ = "refund_recall"
    __table_args__ = (
        Index("uq_refund_recall_refund", "refund_id", unique=True, sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED),
        CheckConstraint("approver IS NULL OR approver <> proposer", name="two_persons"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    refund_id: Mapped[UUID] = mapped_column(ForeignKey("refund.id"), index=True)
    state: Mapped[RecallState] = state_column(RecallState, index=True)
    total: Mapped[Money]
    reason: Mapped[str] = mapped_column(String(1000))
    proposer: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    approver: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the bank, last
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cause: Mapped[str] = mapped_column(String(4))  # the bank's code for a refusal

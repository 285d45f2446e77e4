"""Tables of holds on deposits, and of decisions to keep them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from core.kernel.money import Money
from deposits.domain.forfeiture import ForfeitureState, Ground
from deposits.domain.hold import HoldKind, HoldState
from deposits.domain.refund import RefundReason

_REFUSED_NOT = text("state <> 'refused'")


class DepositHold(Base):
    """An order that a deposit's money waits, under the digest of its statement."""

    __tablename__ = "deposit_hold"
    __table_args__ = (Index("ix_deposit_hold_state_ends_at", "state", "ends_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    deposit_id: Mapped[UUID] = mapped_column(ForeignKey("deposit.id"), index=True)
    kind: Mapped[HoldKind] = state_column(HoldKind)
    state: Mapped[HoldState] = state_column(HoldState)
    reason: Mapped[str] = mapped_column(String(1000))
    document: Mapped[str] = mapped_column(String(100))
    placed_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # lifted or ended
    over_reason: Mapped[str] = mapped_column(String(1000))


class Forfeiture(Base):
    """A tenderer's decision to keep a deposit, and the supervisor's note to it. One stands for each deposit that was not refused."""

    __tablename__ = "deposit_forfeiture"
    __table_args__ = (
        Index("uq_deposit_forfeiture_deposit", "deposit_id", unique=True, sqlite_where=_REFUSED_NOT, postgresql_where=_REFUSED_NOT),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    deposit_id: Mapped[UUID] = mapped_column(ForeignKey("deposit.id"), index=True)
    state: Mapped[ForfeitureState] = state_column(ForfeitureState)
    ground: Mapped[Ground] = state_column(Ground)
    amount: Mapped[Money]
    clause: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(2000))
    payee_name: Mapped[str] = mapped_column(String(120))
    payee_account: Mapped[str] = mapped_column(String(34))
    payee_bank: Mapped[str] = mapped_column(String(100))
    decided_at: Mapped[datetime]
    was_awaited: Mapped[bool]  # the deposit waited for this decision
    # The refund that would have been made but for the decision, None where none is due yet: it is made when the note refuses.
    due_reason: Mapped[RefundReason | None] = state_column(RefundReason)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(2000))
    noted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

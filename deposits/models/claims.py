"""Table of claims under guarantees."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from core.kernel.money import Money
from deposits.domain.claim import ClaimState
from deposits.domain.forfeiture import Ground

_OPEN = text("state IN ('decided', 'claimed', 'in_review')")


class GuaranteeClaim(Base):
    """A tenderer's claim under a guarantee, under the digest of its statement; one of each guarantee is open at a time."""

    __tablename__ = "guarantee_claim"
    __table_args__ = (Index("uq_guarantee_claim_guarantee", "guarantee_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    guarantee_id: Mapped[UUID] = mapped_column(ForeignKey("guarantee.id"), index=True)
    claimant_org: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ClaimState] = state_column(ClaimState, index=True)
    ground: Mapped[Ground] = state_column(Ground)
    amount: Mapped[Money]
    clause: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(2000))
    payee_name: Mapped[str] = mapped_column(String(120))
    payee_account: Mapped[str] = mapped_column(String(34))
    payee_bank: Mapped[str] = mapped_column(String(100))
    decision: Mapped[bytes] = mapped_column(LargeBinary)  # the signed envelope, as the guarantor gets it
    decided_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(2000))
    note_envelope: Mapped[bytes] = mapped_column(LargeBinary)
    noted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the guarantor was last asked
    cause: Mapped[str] = mapped_column(String(200))  # why the guarantor refuses
    reference: Mapped[str] = mapped_column(String(200))  # of the guarantor's payment
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt: Mapped[str] = mapped_column(String(60))  # the reference of the tenderer's bank
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(40))  # why the guarantee would have ended while this claim was open; "" if it would not

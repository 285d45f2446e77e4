"""Tables of requests that a refund go to another account of the same firm, and of their proof."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from deposits.domain.new_account import AccountState

_UNDECIDED = text("state IN ('asked', 'checked')")


class NewAccount(Base):
    """A request under the digest of its statement; one waits for each refund."""

    __tablename__ = "new_account"
    __table_args__ = (
        Index("uq_new_account_refund", "refund_id", unique=True, sqlite_where=_UNDECIDED, postgresql_where=_UNDECIDED),
        CheckConstraint("second_by IS NULL OR second_by <> first_by", name="two_persons"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    refund_id: Mapped[UUID] = mapped_column(ForeignKey("refund.id"), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[AccountState] = state_column(AccountState, index=True)
    name: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(34))
    bank: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(String(1000))
    asked_at: Mapped[datetime]
    first_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    first_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    second_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(String(1000))  # why it was refused
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NewAccountProof(Base):
    """A file that came with a request; its bytes lie in the content store."""

    __tablename__ = "new_account_proof"

    request_id: Mapped[UUID] = mapped_column(ForeignKey("new_account.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)

"""Tables of what lots ask for, of firms' basic accounts, and of the deposits themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from core.kernel.money import Money
from deposits.domain.deposit import DepositState, RequirementState


class Requirement(Base):
    """What a lot asks for. The lot itself belongs to a package above: here it is an id and a number."""

    __tablename__ = "deposit_requirement"

    lot_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    amount: Mapped[Money]
    deadline: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state: Mapped[RequirementState] = state_column(RequirementState)


class BasicAccountRow(Base):
    """The basic account that a firm has registered."""

    __tablename__ = "basic_account"

    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(34))
    bank: Mapped[str] = mapped_column(String(100))
    registered_at: Mapped[datetime]


class Deposit(Base):
    """One bidder's deposit for one lot; a second one (`no` 2) follows a refund before the deadline."""

    __tablename__ = "deposit"
    __table_args__ = (UniqueConstraint("lot_id", "org_id", "no"), CheckConstraint("paid <= required", name="no_more_than_required"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("deposit_requirement.lot_id"))
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    no: Mapped[int]
    org_name: Mapped[str] = mapped_column(String(120))
    state: Mapped[DepositState] = state_column(DepositState, index=True)
    sub_account: Mapped[str] = mapped_column(String(34), unique=True)
    required: Mapped[Money]
    paid: Mapped[Money]  # what was taken of payments, and stays here when it is refunded
    has_bid: Mapped[bool]  # at the deadline
    requested_at: Mapped[datetime]
    changed_at: Mapped[datetime]

"""Tables of the ledger: entries, their transfers, and the balance of each account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, state_column
from core.kernel.money import Money
from deposits.domain.ledger import AccountKind, EntryKind
from deposits.models.frozen import freeze


class LedgerAccount(Base):
    """An account with its balance on its normal side: the column's CHECK is that it never falls below zero."""

    __tablename__ = "ledger_account"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[AccountKind] = state_column(AccountKind, index=True)
    of: Mapped[str] = mapped_column(String(36))
    balance: Mapped[Money]


class LedgerEntry(Base):
    """Something booked, once for each kind and reference; never changed."""

    __tablename__ = "ledger_entry"
    __table_args__ = (UniqueConstraint("kind", "ref"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind] = state_column(EntryKind)
    ref: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]


class LedgerTransfer(Base):
    """Two legs of an entry in one row, so that no entry can be stored whose legs do not sum to zero; never changed."""

    __tablename__ = "ledger_transfer"
    __table_args__ = (
        CheckConstraint("amount > 0", name="moves_something"),
        CheckConstraint("debit <> credit", name="moves_somewhere"),
    )

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("ledger_entry.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    debit: Mapped[str] = mapped_column(ForeignKey("ledger_account.key"), index=True)
    credit: Mapped[str] = mapped_column(ForeignKey("ledger_account.key"), index=True)
    amount: Mapped[Money]


for _model in (LedgerEntry, LedgerTransfer):
    freeze(_model)

"""Tables of decisions about payments that matched nothing, and of the bank's statements that were handed in as sheets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, state_column
from core.kernel.jcs import JSON
from deposits.domain.statement_file import FileState
from deposits.domain.suspense import Waiting


class SuspenseDecision(Base):
    """What was decided about an entry, once."""

    __tablename__ = "suspense_decision"

    bank_entry_id: Mapped[UUID] = mapped_column(ForeignKey("bank_entry.id"), primary_key=True)
    decided: Mapped[Waiting] = state_column(Waiting)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)  # of the signed statement


class StatementFile(Base):
    """A sheet as it was read: rows that can be booked, faults of those that cannot, and how many rows are booked by now."""

    __tablename__ = "statement_file"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[FileState] = state_column(FileState, index=True)
    file_name: Mapped[str] = mapped_column(String(120))
    file_sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[JSON] = mapped_column(JsonText)
    faults: Mapped[JSON] = mapped_column(JsonText)
    booked: Mapped[int] = mapped_column(Integer)
    known: Mapped[int] = mapped_column(Integer)  # of those booked, how many the bank's notices had brought already
    handed_in_at: Mapped[datetime]
    handed_in_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

"""Table of the demonstration clock."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base


class ClockOffset(Base):
    """The one row that says how far the clock was set forward; the file that all processes read is written from it."""

    __tablename__ = "clock_offset"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    offset_ms: Mapped[int] = mapped_column(BigInteger)

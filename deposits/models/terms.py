"""Table of how lots take their deposits."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText
from core.kernel.jcs import JSON


class TermsRow(Base):
    """A lot's terms; a lot without a row takes deposits as `domain.terms.UNSAID` says, from basic accounts alone."""

    __tablename__ = "deposit_terms"

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("deposit_requirement.lot_id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(420))  # of the project and the lot, for letters
    terms: Mapped[JSON] = mapped_column(JsonText)
    basic_only: Mapped[bool]

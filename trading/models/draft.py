"""Table of drafts of what is to be signed for a lot."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from trading.domain.draft import DraftKind


class LotDraft(Base):
    """The body that is to be signed, digests included; deleted once it is signed."""

    __tablename__ = "lot_draft"

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    kind: Mapped[DraftKind] = state_column(DraftKind, primary_key=True)
    body: Mapped[JSON] = mapped_column(JsonText)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    saved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))  # None: carried over from an earlier lot

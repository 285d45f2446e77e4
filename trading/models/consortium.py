"""Tables of consortia and their members. Secret before the opening, except to the members."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from trading.domain.consortium import ConsortiumState


class Consortium(Base):
    """A consortium for one lot, as its lead registers it; number and digest are "" while it is a draft."""

    __tablename__ = "consortium"
    __table_args__ = (CheckConstraint("(state = 'drafted') = (register_sha256 = '')", name="draft_unsigned"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    lead_org: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[ConsortiumState] = state_column(ConsortiumState)
    body: Mapped[JSON] = mapped_column(JsonText)  # of `consortium.register`
    register_sha256: Mapped[str] = mapped_column(String(64), index=True)
    number: Mapped[str] = mapped_column(String(24), index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsortiumMember(Base):
    """A member that the lead has named; it is bound from its own signature on."""

    __tablename__ = "consortium_member"
    __table_args__ = (UniqueConstraint("consortium_id", "org_id"), UniqueConstraint("consortium_id", "place"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    consortium_id: Mapped[UUID] = mapped_column(ForeignKey("consortium.id"))
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    place: Mapped[int]  # 0 is the lead
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""Table of the candidates that the evaluation recommended."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base
from core.kernel.money import Money


class Candidate(Base):
    """A candidate (中标候选人). `rank` is 0 where evaluation is separated from award and the set is unranked."""

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("lot_id", "org_id"), CheckConstraint("rank >= 0", name="rank_not_negative"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    rank: Mapped[int]
    price: Mapped[Money]

"""Tables of tender plans and of what each said when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from core.kernel.money import Money
from trading.domain.clock import LegalRegime
from trading.domain.plan import PlanState
from trading.domain.project import Category


class PlanCount(Base):
    """How many plan numbers a year has given out; its row is the lock of the next one."""

    __tablename__ = "plan_count"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class Plan(Base):
    """A tender plan as it stands; before its publication, as its draft has it. `draft`: what waits for a signature."""

    __tablename__ = "tender_plan"
    __table_args__ = (Index("ix_tender_plan_page", "published_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)  # P2026-000001, the id of its chain
    state: Mapped[PlanState] = state_column(PlanState, index=True)
    tenderer_org: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    tenderer_name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(String(500))
    regime: Mapped[LegalRegime] = state_column(LegalRegime)
    category: Mapped[Category] = state_column(Category)
    region: Mapped[str] = mapped_column(String(60))
    amount: Mapped[Money]
    month: Mapped[str] = mapped_column(String(7), index=True)  # 2026-12
    note: Mapped[str] = mapped_column(String(500))
    draft: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    search_text: Mapped[str] = mapped_column(String(1000))
    statement_sha256: Mapped[str] = mapped_column(String(64))  # of the signed payload that stands; "" for a draft
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    project_number: Mapped[str] = mapped_column(String(20))  # what came of it, "" until its notice is out
    lot_number: Mapped[str] = mapped_column(String(24))


class PlanVersion(Base):
    """What a plan said: one row a signed statement."""

    __tablename__ = "tender_plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "no"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("tender_plan.id"))
    no: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))  # the kind of its event
    body: Mapped[JSON] = mapped_column(JsonText)
    signed_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

"""The expert pool, and the sites that lend their workstations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText
from core.kernel.jcs import JSON


class Expert(Base):
    """A person of the pool: employer (for recusal and for the cap per employer) and the specialties they may be drawn for."""

    __tablename__ = "expert"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    employer_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    strata: Mapped[JSON] = mapped_column(JsonText)  # list of specialty ids
    is_active: Mapped[bool] = mapped_column(default=True)
    admitted_at: Mapped[datetime]


class Site(Base):
    """A place with workstations; `name` is what statements call it."""

    __tablename__ = "site"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    city: Mapped[str] = mapped_column(String(60))
    is_host: Mapped[bool]
    workstations: Mapped[int] = mapped_column(Integer)

    __table_args__ = (CheckConstraint("workstations > 0", name="workstations_positive"),)

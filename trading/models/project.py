"""Tables of tender projects and of the numbers given to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from core.kernel.money import Money
from trading.domain.clock import LegalRegime
from trading.domain.project import Category, ProjectState


class ProjectCount(Base):
    """How many project numbers a year has given out; its row is the lock of the next one."""

    __tablename__ = "project_count"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class ProjectNumber(Base):
    """A number given to an agency, which may register one project under it."""

    __tablename__ = "project_number"

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    agency_org: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Project(Base):
    """A registered tender project; its number is the id of its case."""

    __tablename__ = "project"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[ProjectState] = state_column(ProjectState, index=True)
    agency_org: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    tenderer_org: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    agency_name: Mapped[str] = mapped_column(String(200))
    tenderer_name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    regime: Mapped[LegalRegime] = state_column(LegalRegime)
    category: Mapped[Category] = state_column(Category)
    region: Mapped[str] = mapped_column(String(60))
    legally_mandatory: Mapped[bool]
    approval: Mapped[str] = mapped_column(String(200))
    funding: Mapped[str] = mapped_column(String(200))
    estimate: Mapped[Money]
    plan: Mapped[str] = mapped_column(String(20), default="", server_default="")  # the tender plan that it comes of
    planned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # publication of that plan
    register_sha256: Mapped[str] = mapped_column(String(64))  # of the registration's signed payload
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    registered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # countersigned
    close_proposal: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # the centre's `case.close`, waiting for the supervisor
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""Tables of organisations, people and the roles granted to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.identity.domain.grant import DUTIES, Duty, Office
from core.kernel.db import Base, UtcDateTime, state_column
from core.kernel.roles import Role

_DUTY_FITS_ROLE = " OR ".join(
    f"(duty = '{duty.value}' AND role IN ({', '.join(sorted(repr(role.value) for role in roles))}))" for duty, roles in DUTIES.items()
)
_LIVE = text("ended_at IS NULL")


class Organisation(Base):
    """A legal person, known by its unified social credit code."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Person(Base):
    """Somebody who can log in. `duty` is fixed for life, and every grant must be of it."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("id", "duty"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    duty: Mapped[Duty] = state_column(Duty)
    password_hash: Mapped[str] = mapped_column(String(200))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Grant(Base):
    """A person's role in an organisation, from `granted_at` until `ended_at`."""

    __tablename__ = "role_grant"
    __table_args__ = (
        ForeignKeyConstraint(["person_id", "duty"], ["person.id", "person.duty"]),
        CheckConstraint(_DUTY_FITS_ROLE, name="duty_fits_role"),
        CheckConstraint("(role = 'officer') = (office <> '')", name="office_of_officers"),
        # One live grant of a role in an organisation; ended ones stay as history.
        Index(
            "uq_role_grant_live",
            "person_id",
            "org_id",
            "role",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    duty: Mapped[Duty] = state_column(Duty)
    role: Mapped[Role] = state_column(Role)
    office: Mapped[Office] = state_column(Office)
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

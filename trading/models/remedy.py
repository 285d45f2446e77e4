"""Tables of objections, of complaints, and of the files that came with either."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from trading.domain.complaint import ComplaintState, Matter
from trading.domain.objection import ObjectionState
from trading.domain.remedy import Capacity, Stage


class Objection(Base):
    """An objection or challenge. `question` is what may be published of it; it is the answerer's wording, never the filer's."""

    __tablename__ = "objection"
    __table_args__ = (CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answer_with_moment"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)  # YY-3F2A9C01B7DE: drawn, so that it counts nobody
    stage: Mapped[Stage] = state_column(Stage)
    state: Mapped[ObjectionState] = state_column(ObjectionState, index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    org_name: Mapped[str] = mapped_column(String(200))
    capacity: Mapped[Capacity] = state_column(Capacity)
    interest: Mapped[str] = mapped_column(Text)
    facts: Mapped[str] = mapped_column(Text)
    request: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)  # the first moment after the legal day
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    late_reason: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # withdrawn or closed


class Complaint(Base):
    """A complaint to one authority. `first_id` is the same complaint that another authority received before."""

    __tablename__ = "complaint"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)  # TS-3F2A9C01B7DE
    matter: Mapped[Matter] = state_column(Matter)
    state: Mapped[ComplaintState] = state_column(ComplaintState, index=True)
    objection_id: Mapped[UUID | None] = mapped_column(ForeignKey("objection.id"), index=True)
    first_id: Mapped[UUID | None] = mapped_column(ForeignKey("complaint.id"))
    authority_org: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    authority_name: Mapped[str] = mapped_column(String(200))
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    org_name: Mapped[str] = mapped_column(String(200))
    capacity: Mapped[Capacity] = state_column(Capacity)
    interest: Mapped[str] = mapped_column(Text)
    known_on: Mapped[date] = mapped_column(Date)
    facts: Mapped[str] = mapped_column(Text)
    request: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acceptance_due: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_due: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    overdue: Mapped[str] = mapped_column(String(20))  # "acceptance" or "decision", once the clock has found it late; "" before
    ground: Mapped[str] = mapped_column(String(20))  # why it was not taken on
    outcome: Mapped[str] = mapped_column(String(20))
    ruling: Mapped[str] = mapped_column(Text)  # the reasons of the refusal or of the decision
    inquiry: Mapped[str] = mapped_column(Text)  # what is looked into
    late_reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # while an order stands
    suspended_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the first moment after it; null: until it is lifted
    suspension_reason: Mapped[str] = mapped_column(Text)
    publication: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RemedyFile(Base):
    """A file that came with a filing or an answer; its bytes lie in the content store. `remedy_id`: of either."""

    __tablename__ = "remedy_file"
    __table_args__ = (UniqueConstraint("remedy_id", "part", "place"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    remedy_id: Mapped[UUID] = mapped_column(index=True)
    part: Mapped[str] = mapped_column(String(10))  # "filing" or "answer"
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)

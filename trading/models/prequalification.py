"""Tables of prequalification: a lot's round, who reviews it, and what each applicant is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from trading.domain.prequalification import Reviewers, RoundState


class Prequalification(Base):
    """The round of a lot. What a step fixes stays null or "" until that step; `document` is the signed body of the document in force."""

    __tablename__ = "prequalification"
    __table_args__ = (
        CheckConstraint("release_at IS NULL OR (release_at < release_until AND release_until <= deadline)", name="times_in_order"),
    )

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    state: Mapped[RoundState] = state_column(RoundState, index=True)
    document: Mapped[JSON] = mapped_column(JsonText)
    document_sha256: Mapped[str] = mapped_column(String(64))
    reviewers: Mapped[Reviewers] = state_column(Reviewers)
    title: Mapped[str] = mapped_column(String(200))
    notice: Mapped[str] = mapped_column(String(32))  # its number
    release_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    release_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    noticed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    amended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last time that the document was changed
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drawn: Mapped[str] = mapped_column(String(100))  # the record by which the committee was drawn
    concluded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result_sha256: Mapped[str] = mapped_column(String(64))  # of the signed conclusion
    unanswered: Mapped[int]  # objections to the round that wait for their answer
    halted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when it stands still because of them


class RoundReviewer(Base):
    """Who reviews the applications of a round; `sheet` once it is signed, for its signer alone until all have."""

    __tablename__ = "prequalification_reviewer"
    __table_args__ = (UniqueConstraint("lot_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("prequalification.lot_id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    expert: Mapped[bool]
    sheet: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    sheet_sha256: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoundResult(Base):
    """What one applicant is told (资格预审结果通知书). Secret from everybody else until the bids are opened."""

    __tablename__ = "prequalification_result"
    __table_args__ = (UniqueConstraint("lot_id", "org_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("prequalification.lot_id"))
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    org_name: Mapped[str] = mapped_column(String(120))
    uscc: Mapped[str] = mapped_column(String(18))
    number: Mapped[str] = mapped_column(String(32), unique=True)  # of the letter
    passed: Mapped[bool]
    failures: Mapped[JSON] = mapped_column(JsonText)  # [{"criterion", "title", "reason"}, …]
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)

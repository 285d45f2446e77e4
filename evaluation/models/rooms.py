"""Evaluation sessions: seats, votes, reviews, drafts, signed sheets, results, the report's signatures."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, state_column
from core.kernel.jcs import JSON
from evaluation.domain.room import State as RoomState

_IN_OFFICE = text("left_at IS NULL")


class Evaluation(Base):
    """The evaluation session of a lot."""

    __tablename__ = "evaluation"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), unique=True)
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("expert_draw.id"))
    state: Mapped[RoomState] = state_column(RoomState)
    formed_at: Mapped[datetime]
    round: Mapped[int] = mapped_column(Integer, default=1, server_default="1")  # 2 once an order has the committee evaluate again
    chair_round: Mapped[int] = mapped_column(Integer, default=1)
    chair_among: Mapped[JSON] = mapped_column(JsonText)  # seat codes that stand for election
    chair: Mapped[str] = mapped_column(String(4), default="")
    chair_ties: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # rounds of this election that ended equal
    assembled_at: Mapped[datetime | None]  # every member was here for the first time in this round
    blind_salt: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")
    vote_round: Mapped[int] = mapped_column(Integer, default=1, server_default="1")  # a replacement begins the votes anew
    rejections: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # [{bid, grounds}] of the preliminary review
    decisions: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # Decision.to_json of each bid put to the vote
    competition: Mapped[JSON] = mapped_column(JsonText, default=dict, server_default="{}")  # Stage → Competition
    technical: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # TechnicalResult.to_json
    locked_at: Mapped[datetime | None]
    asked: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # code names whose prices were asked for; NULL: the names never were open
    prices_closed_at: Mapped[datetime | None]  # the chair said that the prices were looked through
    low_flags: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # code name → limits missed; NULL: not held against any yet
    price_decisions: Mapped[JSON] = mapped_column(JsonText, default=list, server_default="[]")  # PriceDecision.to_json
    reference_price: Mapped[str] = mapped_column(String(20), default="")  # yuan; "" until it is opened
    scoring_case: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    result: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    findings: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # of the consistency checks, as the event says them
    summarised_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]  # when everybody had answered to what was found; None also where nobody had to
    report_sha256: Mapped[str] = mapped_column(String(64), default="")
    report_until: Mapped[datetime | None]  # until when it is to be signed, where somebody said so
    submitted_at: Mapped[datetime | None]
    paused_by: Mapped[str] = mapped_column(String(64), default="", server_default="")  # digest of the supervisor's act; "" while it is not


class Seat(Base):
    """A member's seat; a successor takes the same code with a row of its own, since a predecessor's work is void, not gone."""

    __tablename__ = "seat"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    code: Mapped[str] = mapped_column(String(4))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("expert.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    pseudonym: Mapped[str] = mapped_column(String(20))
    signed_in_at: Mapped[datetime | None]
    declared_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(String(60), default="", server_default="")  # what a drawn site is called; "" for the site's name
    left_cause: Mapped[str] = mapped_column(String(20), default="", server_default="")  # Cause, of who left in the room
    left_from: Mapped[str] = mapped_column(String(20), default="", server_default="")  # the room's state then
    map_was_open: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        Index(
            "uq_seat_in_office",
            "evaluation_id",
            "code",
            unique=True,
            sqlite_where=_IN_OFFICE,
            postgresql_where=_IN_OFFICE,
        ),
        UniqueConstraint("evaluation_id", "person_id"),
        Index("ix_seat_person", "person_id"),
    )


class ChairVote(Base):
    """A vote for the chair."""

    __tablename__ = "chair_vote"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    choice: Mapped[str] = mapped_column(String(4))


class BlindCode(Base):
    """Which bid stands behind a code name: sealed until the technical lock."""

    __tablename__ = "blind_code"

    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))

    __table_args__ = (UniqueConstraint("evaluation_id", "org_id"),)


class PreliminaryReview(Base):
    """A member's preliminary review, as signed."""

    __tablename__ = "preliminary_review"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    items: Mapped[JSON] = mapped_column(JsonText)
    at: Mapped[datetime]


class ScoreDraft(Base):
    """What a member has typed so far for one bid; never an event, read by its seat alone."""

    __tablename__ = "score_draft"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    scores: Mapped[JSON] = mapped_column(JsonText)
    reasons: Mapped[JSON] = mapped_column(JsonText)
    ticks: Mapped[JSON] = mapped_column(JsonText, default=dict, server_default="{}")  # criterion → ids of deductions
    saved_at: Mapped[datetime]


class ScoreSheet(Base):
    """A member's signed sheet of one part; `payload_sha256` is the digest of the statement."""

    __tablename__ = "score_sheet"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(12), primary_key=True)
    sheets: Mapped[JSON] = mapped_column(JsonText)
    payload_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class ReportSignature(Base):
    """A member's signature under the report, with the dissent, if any (招标投标法实施条例 art. 53)."""

    __tablename__ = "report_signature"

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), primary_key=True)
    dissent: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime]

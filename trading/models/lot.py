"""Table of lots."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from core.kernel.money import Money
from trading.domain.award_plan import publishes_after
from trading.domain.clock import LegalRegime
from trading.domain.document import Escrow
from trading.domain.lot import LotState


class Lot(Base):
    """A lot of a project. What a step fixes (plan, document, notice, report, award, contract) stays null or "" until that step."""

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("project_id", "no"),
        CheckConstraint("release_at IS NULL OR release_at < deadline", name="release_before_deadline"),
        CheckConstraint("(release_at IS NULL) = (deadline IS NULL)", name="times_together"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)  # T2026-000001-1
    no: Mapped[str] = mapped_column(String(3))  # 1: the lot's number inside its case
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[LotState] = state_column(LotState, index=True)
    regime: Mapped[LegalRegime] = state_column(LegalRegime)
    predecessor: Mapped[str] = mapped_column(
        String(24), index=True, default="", server_default=""
    )  # the lot that is tendered again by this
    attempt: Mapped[int] = mapped_column(default=1, server_default="1")  # 2: the first after a predecessor
    separation: Mapped[bool]
    award_plan: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    award_plan_sha256: Mapped[str] = mapped_column(String(64))
    document_sha256: Mapped[str] = mapped_column(String(64))
    method: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # the method part of a scoring case
    score_rules: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # how its criteria are scored; null or empty: within their range
    envelopes: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # [{"env": "technical", "title": "技术标"}, …] in order of opening
    escrow: Mapped[Escrow] = state_column(Escrow)
    deposit: Mapped[Money | None]
    deposit_terms: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # DepositTerms.to_json; NULL: the document says nothing of it
    performance_terms: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # PerformanceTerms.to_json; NULL: no security is asked for
    ceiling: Mapped[Money | None]
    reference_price_commit: Mapped[str] = mapped_column(String(64))
    release_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    publicity_days: Mapped[int]
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report_sha256: Mapped[str] = mapped_column(String(64))
    case_sha256: Mapped[str] = mapped_column(String(64))
    report_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ranked: Mapped[bool]
    publicity_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    publicity_until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  # the first moment after the publicity period
    winner_org: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    price: Mapped[Money | None]  # the winner's
    result_sha256: Mapped[str] = mapped_column(String(64))
    awarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    award_notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contract_sha256: Mapped[str] = mapped_column(String(64))  # offered by the tenderer's signature
    contract_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # all have signed
    winner_orgs: Mapped[JSON] = mapped_column(
        JsonText, default=list, server_default="[]"
    )  # who signs for the winner: itself, or all members of its consortium
    contract_orgs: Mapped[JSON] = mapped_column(JsonText, default=list, server_default="[]")  # those of them that have signed
    contract_reminded: Mapped[int] = mapped_column(default=0, server_default="0")  # how far the parties were reminded: `duty.Reminder`
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # by the supervisor's order, while it stands
    suspend_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")  # of that order
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # terminated
    unanswered: Mapped[int] = mapped_column(default=0, server_default="0")  # objections or challenges that wait for their answer
    halted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when nobody can bid because of them
    invited: Mapped[bool] = mapped_column(default=False, server_default=false())  # by invitation: open to the invitees alone
    consortium_members: Mapped[int] = mapped_column(default=0, server_default="0")  # how many a consortium may have; 0: none is accepted
    review_plan: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # ReviewPlan.to_json; NULL: the document says nothing of it
    awaits_round: Mapped[bool] = mapped_column(default=False, server_default=false())  # a prequalification was begun, not ended
    prequalified: Mapped[bool] = mapped_column(default=False, server_default=false())  # one has ended: open to who passed
    award_told: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # AwardTold.to_json; NULL: no award report was handed down
    stays: Mapped[int] = mapped_column(default=0, server_default="0")  # orders to suspend by authorities that handle a complaint

    @property
    def publicity_after(self) -> bool:
        """Whether the award plan has the result published after the award."""
        return publishes_after(self.award_plan)

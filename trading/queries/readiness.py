"""What the checks before publication look at: the plan, document and notice of a lot, signed or drafted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.kernel.errors import RuleBroken
from trading.domain.award_plan import AwardPlan
from trading.domain.document import TenderDocument
from trading.domain.draft import DraftKind
from trading.domain.notice import TenderNotice
from trading.domain.readiness import Finding, ReadinessFacts, findings
from trading.queries import documents
from trading.queries.freed import freed_of
from trading.queries.lots import LotView

Read = TypeVar("Read")


def readiness(session: Session, lot: LotView, now: datetime) -> tuple[Finding, ...]:
    """How every check stands for what is signed of a lot, and for what is drafted where nothing is signed yet."""
    return findings(readiness_facts(session, lot, now, _drafted(session, lot, DraftKind.NOTICE, TenderNotice.read)))


def readiness_facts(session: Session, lot: LotView, now: datetime, notice: TenderNotice | None) -> ReadinessFacts:
    """What the checks look at for a notice that is drafted or being published."""
    plan = AwardPlan.read(lot.award_plan) if lot.award_plan is not None else None
    document = TenderDocument.read(documents.first_body(session, lot.number, lot.document_sha256)) if lot.document_sha256 else None
    return ReadinessFacts(
        now=now,
        law=lot.law,
        category=lot.category,
        estimate=lot.estimate,
        plan=plan or _drafted(session, lot, DraftKind.AWARD_PLAN, lambda body: AwardPlan.read(body["plan"])),
        document=document or _drafted(session, lot, DraftKind.DOCUMENT, TenderDocument.read),
        notice=notice,
        plan_signed=plan is not None,
        document_signed=document is not None,
        planned_at=lot.planned_at,
        freed=freed_of(session, lot, now),
    )


def _drafted(session: Session, lot: LotView, kind: DraftKind, read: Callable[[Mapping[str, Any]], Read]) -> Read | None:
    """What a draft says; one that was carried over from an earlier lot and no longer has the form says nothing."""
    found = documents.draft(session, lot.id, kind)
    if found is None:
        return None
    try:
        return read(found.body)
    except RuleBroken:
        return None

"""Recalls as finance sees them, refunds that can be recalled, and what the bank is still to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from core.identity.models.people import Organisation, Person
from core.kernel.money import Money
from deposits.domain.account import COLLECTING
from deposits.domain.deposit import KNOWN_TO_FINANCE
from deposits.domain.recall import Recall
from deposits.domain.refund import OPEN
from deposits.domain.refund_recall import UNDECIDED, RecallState
from deposits.models.bank import Refund
from deposits.models.recalls import RefundRecall
from deposits.models.requirement import Requirement

MOST = 500
PATIENCE = timedelta(seconds=10)
"""Before the bank is asked again under the same case."""


@dataclass(frozen=True, slots=True)
class Underway:
    """A refund that is with the bank."""

    refund: UUID
    lot: str
    org_name: str
    total: Money
    account: str
    state: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecallView:
    """A recall; the people are names, "" for none. `is_mine`: the caller proposed it."""

    sha256: str
    lot: str
    org_name: str
    total: Money
    account: str
    state: RecallState
    reason: str
    proposer: str
    proposed_at: datetime
    approver: str
    decided_at: datetime | None
    answered_at: datetime | None
    cause: str
    is_mine: bool


def underway(session: Session) -> tuple[Underway, ...]:
    """Refunds of opened and ended lots that are with the bank and not recalled, those sent first at the head."""
    recalled = exists().where(RefundRecall.refund_id == Refund.id, RefundRecall.state.in_(UNDECIDED))
    query = (
        select(Refund, Requirement.number, Organisation.name)
        .join(Requirement, Requirement.lot_id == Refund.lot_id)
        .join(Organisation, Organisation.id == Refund.org_id)
        .where(Requirement.state.in_(KNOWN_TO_FINANCE), Refund.state.in_(OPEN), ~recalled)
        .order_by(Refund.sent_at, Refund.id)
        .limit(MOST)
    )
    return tuple(
        Underway(row.id, lot, name, row.principal + row.interest, row.payee_account, row.state.value, row.sent_at)
        for row, lot, name in session.execute(query)
    )


def listed(session: Session, person: UUID | None) -> tuple[RecallView, ...]:
    """Recalls, the newest first."""
    query = (
        select(RefundRecall, Refund, Requirement.number, Organisation.name)
        .join(Refund, Refund.id == RefundRecall.refund_id)
        .join(Requirement, Requirement.lot_id == Refund.lot_id)
        .join(Organisation, Organisation.id == Refund.org_id)
        .where(Requirement.state.in_(KNOWN_TO_FINANCE))
        .order_by(RefundRecall.proposed_at.desc(), RefundRecall.id.desc())
        .limit(MOST)
    )
    rows = session.execute(query).all()
    ids = {one for row, *_ in rows for one in (row.proposer, row.approver) if one is not None}
    names = {one.id: one.name for one in session.scalars(select(Person).where(Person.id.in_(ids)))}
    return tuple(
        RecallView(
            sha256=row.sha256,
            lot=lot,
            org_name=org_name,
            total=row.total,
            account=refund.payee_account,
            state=row.state,
            reason=row.reason,
            proposer=names[row.proposer],
            proposed_at=row.proposed_at,
            approver="" if row.approver is None else names[row.approver],
            decided_at=row.decided_at,
            answered_at=row.answered_at,
            cause=row.cause,
            is_mine=row.proposer == person,
        )
        for row, refund, lot, org_name in rows
    )


def is_recalled(session: Session, refund: UUID) -> bool:
    """Whether a recall of this refund waits for a person or for the bank."""
    query = select(RefundRecall.id).where(RefundRecall.refund_id == refund, RefundRecall.state.in_(UNDECIDED))
    return session.scalar(query.limit(1)) is not None


def to_ask(session: Session, now: datetime) -> Sequence[Recall]:
    """What the bank has not decided yet, as it is asked: the same bytes each time."""
    waiting = or_(RefundRecall.asked_at.is_(None), RefundRecall.asked_at < now - PATIENCE)
    query = select(RefundRecall).where(RefundRecall.state.in_((RecallState.ASKED,)), waiting).order_by(RefundRecall.id).limit(MOST)
    return [
        Recall(row.id.hex, row.refund_id.hex, row.decided_at, COLLECTING.name, row.total)
        for row in session.scalars(query)
        if row.decided_at is not None
    ]

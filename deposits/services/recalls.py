"""Recalls: one person of finance proposes, another approves, the bank is asked, and what it resolves moves the refund or nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.db import lock
from core.kernel.errors import NotFound
from core.kernel.ids import CaseId, OrgId, PersonId, RefundId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import KNOWN_TO_FINANCE, SYSTEM, chain_of
from deposits.domain.messages import OrderStatus, PaymentStatus
from deposits.domain.recall import Resolution
from deposits.domain.refund_recall import (
    MOVES,
    STOPPED,
    RecallAction,
    RecallBody,
    RecallFacts,
    RecallState,
    SecondBody,
    awaits_bank,
    check_recall,
    meaning,
)
from deposits.events_recalls import RecallAnswered, RecallApproved, RecallDropped, RecallProposed
from deposits.models.bank import Refund
from deposits.models.recalls import RefundRecall
from deposits.models.requirement import Requirement
from deposits.queries import recalls as queries
from deposits.services import refunds

Done = dict[str, JSON]


def propose(work: Work, number: str, request: SignedRequest) -> Done:
    """`recall.propose`: a refund of this lot that was sent shall be stopped. Records RecallProposed.

    Raises NotFound for a refund of another lot or of one still sealed; else as `check_recall`.
    """
    return once(work, request, _finance("recall.propose", number), lambda act: _propose(work, number, act))


def _propose(work: Work, number: str, act: Act) -> Done:
    said = RecallBody.read(act.body)
    refund = _refund(work, number, said.refund)
    check_recall(said, refund.principal + refund.interest, refund.state, queries.is_recalled(work.session, refund.id))
    now = work.now()
    row = RefundRecall(
        id=new_id(now),
        sha256=act.payload_sha256,
        refund_id=refund.id,
        state=RecallState.PROPOSED,
        total=said.total,
        reason=said.reason,
        proposer=act.person,
        proposed_at=now,
        approver=None,
        decided_at=None,
        asked_at=None,
        answered_at=None,
        cause="",
    )
    work.session.add(row)
    work.session.flush()
    work.record(RecallProposed(case=CaseId(chain_of(number)), signed=act.envelope, subject=row.sha256, bidder=_bidder(refund)))
    return {"proposal_sha256": row.sha256}


def approve(work: Work, number: str, request: SignedRequest) -> Done:
    """`recall.approve`: another person agrees, and the bank is asked until it has decided. Records RecallApproved."""
    return _second(work, number, request, RecallAction.APPROVE)


def drop(work: Work, number: str, request: SignedRequest) -> Done:
    """`recall.drop`: the bank is not asked. Records RecallDropped."""
    return _second(work, number, request, RecallAction.DROP)


def _second(work: Work, number: str, request: SignedRequest, action: RecallAction) -> Done:
    def decide(act: Act) -> Done:
        said = SecondBody.read(act.body)
        row = lock(work.session, RefundRecall, RefundRecall.sha256 == said.proposal_sha256)
        refund = _refund(work, number, row.refund_id)
        facts = RecallFacts(act.person, PersonId(row.proposer))
        row.state, row.decided_at = MOVES.choose(action, row.state, frozenset({act.role}), facts), work.now()
        row.approver = act.person if action is RecallAction.APPROVE else None
        event = RecallApproved if action is RecallAction.APPROVE else RecallDropped
        work.record(event(case=CaseId(chain_of(number)), signed=act.envelope, subject=row.sha256, bidder=_bidder(refund)))
        return {"proposal_sha256": row.sha256, "state": row.state.value}

    return once(work, request, _finance(f"recall.{action.value}", number), decide)


def note_asked(work: Work, recall: UUID, at: datetime) -> None:
    """The bank was asked and has not decided, or not answered: it is asked again later."""
    lock(work.session, RefundRecall, RefundRecall.id == recall).asked_at = at


def take_answer(work: Work, recall: UUID, resolution: Resolution) -> None:
    """The bank's resolution. Stopped, the refund has failed, and its money is where it was before; refused, nothing changes: the refund
    goes on and is confirmed by its notice. Records RecallAnswered."""
    row = lock(work.session, RefundRecall, RefundRecall.id == recall)
    action = meaning(resolution.resolved)
    if not awaits_bank(row.state):
        return
    row.asked_at = now = work.now()
    if action is None:
        return
    row.state, row.answered_at, row.cause = MOVES.choose(action, row.state, SYSTEM, RecallFacts()), now, resolution.cause
    refund = work.session.get_one(Refund, row.refund_id)
    number = work.session.scalars(select(Requirement.number).where(Requirement.lot_id == refund.lot_id)).one()
    stopped = action is RecallAction.STOP
    work.record(
        RecallAnswered(
            case=CaseId(chain_of(number)),
            subject=row.sha256,
            proposal_sha256=row.sha256,
            refund=RefundId(refund.id),
            bidder=_bidder(refund),
            stopped=stopped,
            cause=resolution.cause,
        )
    )
    if stopped:
        refunds.take_answer(work, RefundId(refund.id), PaymentStatus(refund.id.hex, OrderStatus.REJECTED, STOPPED))


def _finance(kind: str, number: str) -> Expect:
    return Expect(kind, CaseId(chain_of(number)), role=Role.FINANCE, step_up=True)


def _refund(work: Work, number: str, refund: UUID) -> Refund:
    """The refund, locked; of a lot still sealed there is none."""
    lot = work.session.scalar(select(Requirement.lot_id).where(Requirement.number == number, Requirement.state.in_(KNOWN_TO_FINANCE)))
    if lot is None:
        raise NotFound("refund.not_found")
    return lock(work.session, Refund, Refund.id == refund, Refund.lot_id == lot)


def _bidder(refund: Refund) -> OrgId:
    assert refund.org_id is not None  # a refund of a lot is a bidder's
    return OrgId(refund.org_id)

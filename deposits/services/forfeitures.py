"""Forfeiture: a deposit waits for a decision, the tenderer decides and the supervisor notes by signature, then it is paid over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.db import lock
from core.kernel.errors import RuleBroken
from core.kernel.ids import CaseId, DepositId, LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain import deposit as deposits
from deposits.domain import ledger as books
from deposits.domain.deposit import PROMPTLY, SYSTEM, DepositAction, DepositState, chain_of
from deposits.domain.forfeiture import (
    MOVES,
    DecisionBody,
    ForfeitureAction,
    ForfeitureState,
    GroundFacts,
    NoteBody,
    WaiverBody,
    check_ground,
    check_payee,
)
from deposits.domain.performance import is_performance
from deposits.domain.refund import RefundReason
from deposits.events_holds import DecisionAwaited, ForfeitureDecided, ForfeitureNoted, ForfeitureWaived
from deposits.models.holds import Forfeiture
from deposits.models.requirement import Deposit, Requirement
from deposits.queries.treasuries import in_force
from deposits.services import ledger, refunds
from deposits.services.holds import held_deposit


@dataclass(frozen=True, slots=True)
class LotSide:
    """What the lot's own package says: who the actor is there, who may keep deposits, and what is true of a bidder."""

    roles: frozenset[Role]
    tenderer: str
    facts: Callable[[OrgId], GroundFacts]


def await_decision(work: Work, lot: LotId, org: OrgId) -> None:
    """A bid could not be opened by its bidder's own doing: its deposit, where one is locked, waits for the tenderer."""
    asked = work.session.scalar(select(Requirement).where(Requirement.lot_id == lot))
    query = select(Deposit).where(Deposit.lot_id == lot, Deposit.org_id == org, Deposit.state.in_((DepositState.LOCKED,)))
    for deposit in work.session.scalars(query.with_for_update(key_share=True), execution_options={"populate_existing": True}):
        assert asked is not None  # a deposit has its requirement
        _move(work, deposit, DepositAction.AWAIT_DECISION, SYSTEM)
        case, ids = CaseId(chain_of(asked.number)), (DepositId(deposit.id), OrgId(deposit.org_id))
        work.record(DecisionAwaited(case=case, subject=str(deposit.id), deposit=ids[0], bidder=ids[1]))


def decide(work: Work, number: str, request: SignedRequest, side: LotSide) -> dict[str, JSON]:
    """The tenderer decides to keep a deposit, on a listed ground. Nothing moves yet, but a refund that was not sent is cancelled.

    Raises RuleBroken with the article where the ground is not there or the money would go elsewhere. Records ForfeitureDecided.
    """
    expect = Expect("forfeit.decide", CaseId(chain_of(number)), role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _decide(work, number, act, side))


def _decide(work: Work, number: str, act: Act, side: LotSide) -> dict[str, JSON]:
    said = DecisionBody.read(act.body)
    asked, deposit = held_deposit(work, number, said.deposit)
    awaited = deposits.awaits_decision(deposit.state)
    _move(work, deposit, DepositAction.PROPOSE_FORFEIT, side.roles)
    facts, bidder, case = side.facts(OrgId(deposit.org_id)), OrgId(deposit.org_id), CaseId(chain_of(number))
    check_ground(said, facts, secures=is_performance(asked.number))
    check_payee(said.payee, side.tenderer, facts.is_procurement, in_force(work.session))
    if said.amount != deposit.paid:
        raise RuleBroken("forfeit.amount", amount=str(deposit.paid))
    now = work.now()
    row = Forfeiture(
        id=new_id(now),
        sha256=act.payload_sha256,
        deposit_id=deposit.id,
        state=ForfeitureState.DECIDED,
        ground=said.ground,
        amount=said.amount,
        clause=said.clause,
        reason=said.reason,
        payee_name=said.payee.name,
        payee_account=said.payee.number,
        payee_bank=said.payee.bank,
        decided_at=now,
        was_awaited=awaited,
        due_reason=None,
        due_at=None,
        note="",
        noted_at=None,
    )
    work.record(ForfeitureDecided(case=case, signed=act.envelope, subject=act.payload_sha256, bidder=bidder))
    if (waiting := refunds.cancel(work, deposit, case, act.payload_sha256)) is not None:
        row.due_reason, row.due_at = waiting
    work.session.add(row)
    work.session.flush()
    return {"decision_sha256": row.sha256, "state": deposit.state.value}


def note(work: Work, number: str, request: SignedRequest, side: LotSide) -> dict[str, JSON]:
    """The supervisor speaks to a decision: who agrees makes it stand, and the money is owed to the tenderer or the treasury; who does not
    lets it fall, and the deposit is its bidder's as before. Records ForfeitureNoted."""
    expect = Expect("forfeit.note", CaseId(chain_of(number)), role=Role.SUPERVISOR, step_up=True)
    return once(work, request, expect, lambda act: _note(work, number, act, side))


def _note(work: Work, number: str, act: Act, side: LotSide) -> dict[str, JSON]:
    said = NoteBody.read(act.body)
    row = lock(work.session, Forfeiture, Forfeiture.sha256 == said.decision_sha256)
    asked, deposit = held_deposit(work, number, row.deposit_id)
    action = ForfeitureAction.AGREE if said.agrees else ForfeitureAction.REFUSE
    row.state, row.note, row.noted_at = MOVES.choose(action, row.state, side.roles, None), said.text, work.now()
    work.session.flush()
    work.record(ForfeitureNoted(case=CaseId(chain_of(number)), signed=act.envelope, subject=row.sha256, bidder=OrgId(deposit.org_id)))
    if said.agrees:
        _move(work, deposit, DepositAction.FORFEIT, side.roles)
        ledger.book(work, books.forfeit(str(deposit.id), row.amount))
        refunds.pay_over(work, number, deposit, row)
    else:
        _let_fall(work, asked, deposit, row, side)
    return {"decision_sha256": row.sha256, "state": deposit.state.value}


def _let_fall(work: Work, asked: Requirement, deposit: Deposit, row: Forfeiture, side: LotSide) -> None:
    """What would have been but for the decision: the deposit waits on, is locked, or goes back by the day that had been set."""
    is_due = row.due_reason is not None and row.due_at is not None
    if row.was_awaited and not is_due:
        _move(work, deposit, DepositAction.KEEP_WAITING, side.roles)
        return
    _move(work, deposit, DepositAction.REFUSE_FORFEIT, side.roles)
    if row.due_reason is not None and row.due_at is not None:
        refunds.schedule_one(work, asked, deposit, row.due_reason, row.due_at)


def waive(work: Work, number: str, request: SignedRequest, side: LotSide) -> dict[str, JSON]:
    """The tenderer does not keep a deposit that waited for its decision: it goes back. Records ForfeitureWaived."""
    expect = Expect("forfeit.waive", CaseId(chain_of(number)), role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _waive(work, number, act, side))


def _waive(work: Work, number: str, act: Act, side: LotSide) -> dict[str, JSON]:
    asked, deposit = held_deposit(work, number, WaiverBody.read(act.body).deposit)
    _move(work, deposit, DepositAction.WAIVE, side.roles)
    work.record(ForfeitureWaived(case=CaseId(chain_of(number)), signed=act.envelope, subject=str(deposit.id), bidder=OrgId(deposit.org_id)))
    refund = refunds.schedule_one(work, asked, deposit, RefundReason.WAIVED, work.now() + PROMPTLY)
    return {"refund": str(refund), "state": deposit.state.value}


def _move(work: Work, deposit: Deposit, action: DepositAction, roles: frozenset[Role]) -> None:
    deposit.state, deposit.changed_at = deposits.MOVES.choose(action, deposit.state, roles, None), work.now()

"""Requirements: which deposit a lot asks for, who asks for a sub-account, and what the deadline and the opening do."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from core.identity.queries import people
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotFound, WrongState
from core.kernel.ids import CaseId, DepositId, LotId, OrgId, new_id
from core.kernel.money import Money
from core.kernel.work import Work
from deposits.domain.account import COLLECTING
from deposits.domain.deposit import (
    MOVES,
    PROMPTLY,
    REQUIREMENT_MOVES,
    STANDS_STILL,
    SYSTEM,
    DepositAction,
    DepositState,
    RequirementAction,
    RequirementFacts,
    RequirementState,
    after_bank_lag,
    at_deadline,
    chain_of,
    has_closed,
    is_standing,
    may_refund,
    roles_of,
)
from deposits.domain.performance import is_performance
from deposits.domain.refund import RefundReason
from deposits.events import DepositLocked, DepositRequested
from deposits.models.requirement import BasicAccountRow, Deposit, Requirement
from deposits.queries import performance
from deposits.queries.terms import terms_of
from deposits.queries.waivers import asked_of
from deposits.services import refunds
from deposits.services.accounts import own_firm


def require(work: Work, lot: LotId, number: str, amount: Money, deadline: datetime) -> None:
    """From now on a bid for this lot asks for a deposit of `amount` by `deadline`; zero asks for none. Again: amended."""
    fresh = {"lot_id": lot, "number": number, "amount": amount, "deadline": deadline, "state": RequirementState.TAKING}
    if not insert_new(work.session.connection(), Requirement, [fresh]):
        row = lock(work.session, Requirement, Requirement.lot_id == lot)
        row.state = REQUIREMENT_MOVES.choose(RequirementAction.AMEND, row.state, SYSTEM, _facts(row, work.now()))
        row.amount, row.deadline = amount, deadline


def stand_still(work: Work, lot: LotId) -> None:
    """The lot is suspended: until it is asked for again with the next deadline, no deposit comes too late."""
    row = work.session.scalar(select(Requirement).where(Requirement.lot_id == lot).with_for_update(key_share=True))
    if row is not None:
        row.state = REQUIREMENT_MOVES.choose(RequirementAction.AMEND, row.state, SYSTEM, _facts(row, work.now()))
        row.deadline = STANDS_STILL


def end(work: Work, lot: LotId, due_at: datetime) -> None:
    """The lot is terminated: whatever was paid goes back by `due_at`, what comes from now on comes too late."""
    row = work.session.scalar(select(Requirement).where(Requirement.lot_id == lot).with_for_update(key_share=True))
    if row is None:
        return
    now = work.now()
    row.state = REQUIREMENT_MOVES.choose(RequirementAction.END, row.state, SYSTEM, _facts(row, now))
    row.deadline = now
    going = [deposit for deposit in _held(work, lot) if may_refund(deposit.state)]
    refunds.schedule_all(work, row, going, RefundReason.LOT_TERMINATED, due_at)


def request(work: Work, number: str) -> DepositId:
    """The actor's firm asks for a sub-account to pay its deposit into; the same again is the same one.

    Raises NotFound "deposit.not_asked" when the lot asks for no deposit, RuleBroken after the deadline or without a basic account.
    """
    org = own_firm(work)
    row = work.session.scalar(select(Requirement).where(Requirement.number == number).with_for_update(key_share=True))
    if row is None or row.amount.fen == 0:
        raise NotFound("deposit.not_asked")
    if asked_of(work.session, row, org).fen == 0:
        raise WrongState("waiver.nothing_to_pay")
    rows = work.session.scalars(select(Deposit).where(Deposit.lot_id == row.lot_id, Deposit.org_id == org).order_by(Deposit.no)).all()
    if standing := next((deposit for deposit in rows if is_standing(deposit.state)), None):
        return DepositId(standing.id)
    performance.check_giver(work.session, row, org)
    now = work.now()
    account = work.session.get(BasicAccountRow, org)
    terms = terms_of(work.session, LotId(row.lot_id))
    facts = replace(_facts(row, now), has_basic_account=account is not None, basic_only=terms.basic_only, by_transfer=terms.by_transfer)
    REQUIREMENT_MOVES.choose(RequirementAction.REQUEST, row.state, roles_of(work.actor, org), facts)
    return _open(work, row, org, len(rows) + 1)


def _open(work: Work, asked: Requirement, org: OrgId, no: int) -> DepositId:
    now = work.now()
    made = Deposit(
        id=new_id(now),
        lot_id=asked.lot_id,
        org_id=org,
        no=no,
        org_name=people.organisation(work.session, org).name,
        state=DepositState.REQUESTED,
        sub_account=_free_sub_account(work),
        required=asked_of(work.session, asked, org),
        paid=Money(0),
        has_bid=is_performance(asked.number),  # a winner's security is locked as soon as it is complete
        requested_at=now,
        changed_at=now,
    )
    work.session.add(made)
    work.session.flush()
    deposit, case = DepositId(made.id), CaseId(chain_of(asked.number))
    work.record(DepositRequested(case=case, deposit=deposit, sub_account=made.sub_account, bidder=org, amount_fen=made.required))
    return deposit


def _free_sub_account(work: Work) -> str:
    """A number that no deposit has; drawn, since a running one would count the bidders."""
    while True:
        drawn = COLLECTING.sub_account(secrets.randbelow(10**10))
        if work.session.scalar(select(Deposit.id).where(Deposit.sub_account == drawn)) is None:
            return drawn


def close(work: Work, lot: LotId, bidders: Collection[OrgId]) -> None:
    """The deadline has passed: deposits of those who have sealed a bid are locked, those of others go back."""
    row = work.session.scalar(select(Requirement).where(Requirement.lot_id == lot).with_for_update(key_share=True))
    if row is None:
        return
    now = work.now()
    row.state = REQUIREMENT_MOVES.choose(RequirementAction.CLOSE, row.state, SYSTEM, _facts(row, now))
    for deposit in _held(work, lot):
        deposit.has_bid = deposit.org_id in bidders
        _meet_deadline(work, row, deposit, now)


def settle_late_notice(work: Work, deposit: Deposit) -> None:
    """A held deposit was completed after the deadline by a payment whose value time lay before it: what the deadline did is done now."""
    row = lock(work.session, Requirement, Requirement.lot_id == deposit.lot_id, shared=True)
    if has_closed(row.state):
        _meet_deadline(work, row, deposit, work.now())


def _meet_deadline(work: Work, row: Requirement, deposit: Deposit, now: datetime) -> None:
    action = at_deadline(deposit.state, deposit.has_bid)
    if action is DepositAction.LOCK:
        deposit.state, deposit.changed_at = MOVES.choose(action, deposit.state, SYSTEM, None), now
        work.record(DepositLocked(case=CaseId(chain_of(row.number)), deposit=DepositId(deposit.id), bidder=OrgId(deposit.org_id)))
    elif action is DepositAction.SCHEDULE_REFUND:
        refunds.schedule_one(work, row, deposit, RefundReason.NO_BID, now + PROMPTLY)


def unseal(work: Work, lot: LotId) -> None:
    """The bidders are public now, and with them their deposits; again changes nothing."""
    row = work.session.scalar(select(Requirement).where(Requirement.lot_id == lot).with_for_update(key_share=True))
    if row is not None:
        row.state = REQUIREMENT_MOVES.choose(RequirementAction.UNSEAL, row.state, SYSTEM, _facts(row, work.now()))


def give_up_waiting(work: Work, deposit_id: DepositId) -> None:
    """The bank's last notices are in, and this deposit is not complete: what came goes back, nothing lapses."""
    lot = select(Deposit.lot_id).where(Deposit.id == deposit_id).scalar_subquery()
    row = lock(work.session, Requirement, Requirement.lot_id == lot, shared=True)
    deposit = lock(work.session, Deposit, Deposit.id == deposit_id)
    now = work.now()
    action = after_bank_lag(deposit.state)
    if action is DepositAction.LAPSE:
        deposit.state, deposit.changed_at = MOVES.choose(action, deposit.state, SYSTEM, None), now
    elif action is DepositAction.SCHEDULE_REFUND:
        refunds.schedule_one(work, row, deposit, RefundReason.SHORT, now + PROMPTLY)


def _held(work: Work, lot: LotId) -> list[Deposit]:
    query = select(Deposit).where(Deposit.lot_id == lot).order_by(Deposit.id).with_for_update(key_share=True)
    return list(work.session.scalars(query, execution_options={"populate_existing": True}))


def _facts(row: Requirement, now: datetime) -> RequirementFacts:
    return RequirementFacts(now=now, amount=row.amount, deadline=row.deadline)

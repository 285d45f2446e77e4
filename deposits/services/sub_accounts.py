"""Sub-accounts that hold nothing are cancelled, by signed statement of finance and against the ledger."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.errors import NotFound
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import KNOWN_TO_FINANCE, chain_of
from deposits.domain.sub_account import Cancellation, Emptiness, check_empty
from deposits.events_sub_accounts import SubAccountsCancelled
from deposits.models.requirement import Deposit, Requirement
from deposits.models.sub_accounts import CancelledSubAccount
from deposits.queries import sub_accounts as queries


def cancel(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`sub_account.cancel`: sub-accounts of this lot hold nothing by the ledger, and are cancelled. Records SubAccountsCancelled.

    Raises NotFound for a sub-account that is not of this lot, and for every one of a lot still sealed; WrongState and RuleBroken where one
    was cancelled, is needed still, or holds money.
    """
    expect = Expect("sub_account.cancel", CaseId(chain_of(number)), role=Role.FINANCE, step_up=True)
    return once(work, request, expect, lambda act: _cancel(work, number, act))


def _cancel(work: Work, number: str, act: Act) -> dict[str, JSON]:
    said = Cancellation.read(act.body)
    rows = _locked(work, number, said.accounts)
    keys = [row.id for row in rows]
    owed, over = queries.balances(work.session, keys), _cancelled(work, keys)
    for row in rows:
        check_empty(Emptiness(row.state, owed[row.id], row.id in over), row.sub_account)
    now = work.now()
    for row in rows:
        kept = {"reason": said.reason, "cancelled_by": act.person, "cancelled_at": now, "statement_sha256": act.payload_sha256}
        work.session.add(CancelledSubAccount(deposit_id=row.id, **kept))
    work.session.flush()
    work.record(SubAccountsCancelled(case=CaseId(chain_of(number)), signed=act.envelope))
    return {"lot": number, "cancelled": len(rows)}


def _locked(work: Work, number: str, accounts: tuple[str, ...]) -> list[Deposit]:
    """The deposits of these sub-accounts, locked, so that nothing is taken or sent meanwhile."""
    query = select(Deposit).join(Requirement, Requirement.lot_id == Deposit.lot_id)
    query = query.where(Requirement.number == number, Requirement.state.in_(KNOWN_TO_FINANCE), Deposit.sub_account.in_(accounts))
    locked = query.order_by(Deposit.id).with_for_update(key_share=True, of=Deposit)
    rows = list(work.session.scalars(locked, execution_options={"populate_existing": True}))
    if len(rows) != len(accounts):
        raise NotFound("sub_account.not_found")
    return rows


def _cancelled(work: Work, deposits: list[UUID]) -> set[UUID]:
    return set(work.session.scalars(select(CancelledSubAccount.deposit_id).where(CancelledSubAccount.deposit_id.in_(deposits))))

"""Payments that matched nothing: finance sends one back, or says whose deposit it is, by signed statement."""

from __future__ import annotations

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound, WrongState
from core.kernel.ids import CaseId, OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import KNOWN_TO_FINANCE, NO_LOT, chain_of
from deposits.domain.matching import Outcome
from deposits.domain.suspense import AssignBody, ReturnBody, Waiting
from deposits.events_suspense import SuspenseAssigned, SuspenseReturned
from deposits.models.bank import BankEntryRow
from deposits.models.requirement import Deposit, Requirement
from deposits.models.suspense import SuspenseDecision
from deposits.queries import suspense as queries
from deposits.services import payments


def send_back(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`suspense.return`: the payment goes back to the account it came from. Records SuspenseReturned."""
    expect = Expect("suspense.return", CaseId(NO_LOT), role=Role.FINANCE, step_up=True)
    return once(work, request, expect, lambda act: _send_back(work, act))


def _send_back(work: Work, act: Act) -> dict[str, JSON]:
    said = ReturnBody.read(act.body)
    row = _waiting(work, said.ref)
    if not row.party_account:
        raise WrongState("suspense.no_account")
    _decide(work, row, Waiting.RETURNED, said.reason, act)
    work.record(SuspenseReturned(case=CaseId(NO_LOT), signed=act.envelope, subject=row.ref))
    return {"ref": row.ref, "refund": str(payments.send_back_unknown(work, row.ref))}


def assign(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`suspense.assign`: the payment is a deposit of this lot, under every rule that it would have met there. Records SuspenseAssigned.

    Raises NotAllowed "deposit.sealed" for every lot whose bidders are not public, whether or not it has such a deposit.
    """
    expect = Expect("suspense.assign", CaseId(chain_of(number)), role=Role.FINANCE, step_up=True)
    return once(work, request, expect, lambda act: _assign(work, number, act))


def _assign(work: Work, number: str, act: Act) -> dict[str, JSON]:
    said = AssignBody.read(act.body)
    asked = work.session.scalar(select(Requirement).where(Requirement.number == number))
    if asked is None or asked.state not in KNOWN_TO_FINANCE:
        raise NotAllowed("deposit.sealed")
    deposit = work.session.get(Deposit, said.deposit)
    if deposit is None or deposit.lot_id != asked.lot_id:
        raise NotFound("deposit.not_found")
    row = _waiting(work, said.ref)
    _decide(work, row, Waiting.ASSIGNED, said.reason, act)
    work.record(SuspenseAssigned(case=CaseId(chain_of(number)), signed=act.envelope, subject=row.ref, bidder=OrgId(deposit.org_id)))
    return {"ref": row.ref, "outcome": payments.assign(work, row, deposit.sub_account)}


def _waiting(work: Work, ref: str) -> BankEntryRow:
    """The entry, locked, if it waits and finance may know of it. Raises NotFound, WrongState "bank_entry.sent_back"."""
    row = lock(work.session, BankEntryRow, BankEntryRow.ref == ref)
    if row.outcome is not Outcome.UNKNOWN or not queries.is_visible(work.session, row):
        raise NotFound("bank_entry.not_found")
    if row.returned.fen:
        raise WrongState("bank_entry.sent_back")
    return row


def _decide(work: Work, row: BankEntryRow, decided: Waiting, reason: str, act: Act) -> None:
    made = SuspenseDecision(
        bank_entry_id=row.id, decided=decided, reason=reason, person_id=act.person, decided_at=work.now(), sha256=act.payload_sha256
    )
    work.session.add(made)
    work.session.flush()

"""Payments that matched nothing, as finance may see them: never one whose payer has a deposit in a lot that is still sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.identity.models.people import Person
from core.kernel.errors import NotFound
from core.kernel.money import Money
from deposits.domain.account import normal_name, plain_number
from deposits.domain.deposit import KNOWN_TO_FINANCE, TAKES_PAYMENTS
from deposits.domain.matching import Outcome
from deposits.domain.suspense import Waiting
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.requirement import BasicAccountRow, Deposit, Requirement
from deposits.models.suspense import SuspenseDecision


@dataclass(frozen=True, slots=True)
class Suspended:
    """A payment that matched nothing when it came, and what was decided about it."""

    ref: str
    payer: str
    account: str
    sub_account: str
    amount: Money
    value_at: datetime
    state: str
    reason: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A deposit of an opened lot that still takes payments, in the payer's name."""

    lot: str
    deposit: UUID
    wanted: Money


def listed(session: Session, sought: str = "", waiting_only: bool = False) -> tuple[Suspended, ...]:
    """Those that finance may see, the newest first; `sought`: part of a payer's name, an account or a reference."""
    names, accounts = secret_payers(session)
    query = (
        select(BankEntryRow, SuspenseDecision, Person.name, exists().where(Refund.bank_entry_id == BankEntryRow.id))
        .outerjoin(SuspenseDecision, SuspenseDecision.bank_entry_id == BankEntryRow.id)
        .outerjoin(Person, Person.id == SuspenseDecision.person_id)
        .where((BankEntryRow.outcome == Outcome.UNKNOWN) | SuspenseDecision.bank_entry_id.is_not(None))
        .order_by(BankEntryRow.received_at.desc(), BankEntryRow.id.desc())
    )
    rows = [row for row in session.execute(query) if _may_be_seen(row[0], names, accounts)]
    views = [_view(entry, decision, person, goes_back) for entry, decision, person, goes_back in rows]
    return tuple(
        view
        for view in views
        if sought in f"{view.payer} {view.account} {view.ref}" and (not waiting_only or view.state == Waiting.WAITING.value)
    )


def one(session: Session, ref: str) -> tuple[Suspended, tuple[Candidate, ...]]:
    """One of them, with the deposits that it may be for. Raises NotFound "bank_entry.not_found"."""
    found = next((view for view in listed(session) if view.ref == ref), None)
    if found is None:
        raise NotFound("bank_entry.not_found")
    query = (
        select(Requirement.number, Deposit.id, Deposit.org_name, Deposit.required, Deposit.paid)
        .join(Requirement, Requirement.lot_id == Deposit.lot_id)
        .where(Requirement.state.in_(KNOWN_TO_FINANCE), Deposit.state.in_(TAKES_PAYMENTS))
        .order_by(Requirement.number, Deposit.no)
    )
    rows = [row for row in session.execute(query) if normal_name(row.org_name) == normal_name(found.payer)]
    return found, tuple(Candidate(row.number, row.id, row.required - row.paid) for row in rows)


def is_visible(session: Session, row: BankEntryRow) -> bool:
    """Whether finance may know of this entry."""
    return _may_be_seen(row, *secret_payers(session))


def secret_payers(session: Session) -> tuple[set[str], set[str]]:
    """Names and basic accounts of firms with a deposit in a lot still sealed: that one of them has paid at all is secret."""
    sealed = (
        select(Deposit.org_name, BasicAccountRow.number)
        .join(Requirement, Requirement.lot_id == Deposit.lot_id)
        .outerjoin(BasicAccountRow, BasicAccountRow.org_id == Deposit.org_id)
        .where(Requirement.state.not_in(KNOWN_TO_FINANCE))
    )
    rows = [(normal_name(name), plain_number(number or "")) for name, number in session.execute(sealed)]
    return {name for name, _ in rows}, {number for _, number in rows if number}


def _may_be_seen(row: BankEntryRow, names: set[str], accounts: set[str]) -> bool:
    return normal_name(row.party_name) not in names and plain_number(row.party_account) not in accounts


def _view(row: BankEntryRow, decision: SuspenseDecision | None, person: str | None, goes_back: bool) -> Suspended:
    taken = Waiting.RETURNED if goes_back else Waiting.OLD_MONEY
    state = decision.decided if decision else taken if row.returned.fen else Waiting.WAITING
    return Suspended(
        ref=row.ref,
        payer=row.party_name,
        account=row.party_account,
        sub_account=row.sub_account,
        amount=row.amount,
        value_at=row.value_at,
        state=state.value,
        reason=decision.reason if decision else "",
        decided_by=person or "",
        decided_at=decision.decided_at if decision else None,
    )

"""Sub-accounts of opened and ended lots: what lies on each by the ledger, which hold nothing, and which were cancelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel.ids import PersonId
from core.kernel.money import Money
from deposits.domain.deposit import KNOWN_TO_FINANCE
from deposits.domain.ledger import AccountKind
from deposits.domain.sub_account import MOST_ACCOUNTS, OVER, Emptiness, is_empty
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.ledger import LedgerAccount
from deposits.models.requirement import Deposit, Requirement
from deposits.models.sub_accounts import CancelledSubAccount

OWED = (AccountKind.HELD, AccountKind.FORFEITED, AccountKind.SUSPENSE, AccountKind.IN_TRANSIT)
TOGETHER = 400
"""How many sub-accounts one question is about: databases take so many values at once."""
SHOWN = 50


@dataclass(frozen=True, slots=True)
class EmptyLot:
    """A lot with sub-accounts that can be cancelled, at most as many as one statement may name."""

    number: str
    accounts: tuple[tuple[str, str], ...]  # number, and who had it


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A sub-account that was cancelled."""

    lot: str
    org_name: str
    sub_account: str
    reason: str
    by: str
    at: datetime


def empty_lots(session: Session, most: int = SHOWN) -> tuple[EmptyLot, ...]:
    """Lots with sub-accounts that hold nothing, by their numbers; of lots still sealed nothing."""
    query = (
        select(Deposit, Requirement.number)
        .join(Requirement, Requirement.lot_id == Deposit.lot_id)
        .outerjoin(CancelledSubAccount, CancelledSubAccount.deposit_id == Deposit.id)
        .where(Requirement.state.in_(KNOWN_TO_FINANCE), Deposit.state.in_(OVER), CancelledSubAccount.deposit_id.is_(None))
        .order_by(Requirement.number, Deposit.org_name, Deposit.no)
        .limit(most * MOST_ACCOUNTS)
    )
    rows = session.execute(query).all()
    owed = balances(session, [row.id for row, _ in rows])
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row, number in rows:
        if is_empty(Emptiness(row.state, owed[row.id])) and len(found[number]) < MOST_ACCOUNTS:
            found[number].append((row.sub_account, row.org_name))
    return tuple(EmptyLot(number, tuple(accounts)) for number, accounts in found.items() if accounts)[:most]


def balances(session: Session, deposits: Sequence[UUID]) -> Mapping[UUID, Money]:
    """What is owed of everything that came to the sub-accounts of these deposits: held or kept, waiting to go back, on its way."""
    owed: dict[UUID, int] = dict.fromkeys(deposits, 0)
    for start in range(0, len(deposits), TOGETHER):
        _add_owed(session, deposits[start : start + TOGETHER], owed)
    return {deposit: Money(fen) for deposit, fen in owed.items()}


def _add_owed(session: Session, deposits: Sequence[UUID], owed: dict[UUID, int]) -> None:
    whose = {str(deposit): deposit for deposit in deposits}
    came = select(BankEntryRow.id, BankEntryRow.deposit_id).where(BankEntryRow.deposit_id.in_(deposits))
    entries = {entry: deposit for entry, deposit in session.execute(came) if deposit is not None}
    source = func.coalesce(Refund.deposit_id, BankEntryRow.deposit_id)
    gone = select(Refund.id, source).outerjoin(BankEntryRow, BankEntryRow.id == Refund.bank_entry_id).where(source.in_(deposits))
    whose |= {str(entry): deposit for entry, deposit in entries.items()}
    whose |= {str(refund): deposit for refund, deposit in session.execute(gone)}
    names = list(whose)
    for start in range(0, len(names), TOGETHER):
        kept = select(LedgerAccount.of, LedgerAccount.balance).where(LedgerAccount.kind.in_(OWED), LedgerAccount.balance > Money(0))
        for name, balance in session.execute(kept.where(LedgerAccount.of.in_(names[start : start + TOGETHER]))):
            owed[whose[name]] += balance.fen


def cancelled(session: Session, most: int) -> tuple[Cancelled, ...]:
    """Those cancelled last, the newest first."""
    query = (
        select(CancelledSubAccount, Deposit.sub_account, Deposit.org_name, Requirement.number)
        .join(Deposit, Deposit.id == CancelledSubAccount.deposit_id)
        .join(Requirement, Requirement.lot_id == Deposit.lot_id)
        .order_by(CancelledSubAccount.cancelled_at.desc(), Deposit.sub_account)
        .limit(most)
    )
    rows = session.execute(query).all()
    names = {one: people.person(session, PersonId(one)).name for one in {row.cancelled_by for row, *_ in rows}}
    return tuple(Cancelled(lot, org, account, row.reason, names[row.cancelled_by], row.cancelled_at) for row, account, org, lot in rows)

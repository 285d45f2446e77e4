"""Booking: an entry is written with its balances, once, or not at all."""

from __future__ import annotations

from sqlalchemy import select

from core.kernel.db import insert_new
from core.kernel.ids import new_id
from core.kernel.money import Money
from core.kernel.work import Work
from deposits.domain.ledger import Account, Entry, apply
from deposits.models.ledger import LedgerAccount, LedgerEntry, LedgerTransfer


def book(work: Work, entry: Entry) -> None:
    """Writes the entry and moves its accounts' balances; an entry that moves nothing is none.

    Raises RuleBroken "ledger.below_zero", and the database's own error for a (kind, ref) that is booked already.
    """
    if not entry.transfers:
        return
    rows = _held(work, sorted({leg.account for leg in entry.postings}, key=lambda account: account.key))
    for account, balance in apply(entry, {account: row.balance for account, row in rows.items()}).items():
        rows[account].balance = balance
    at = work.now()
    made = LedgerEntry(id=new_id(at), kind=entry.kind, ref=entry.ref, at=at)
    work.session.add(made)
    work.session.flush()
    work.session.add_all(
        LedgerTransfer(entry_id=made.id, place=place, debit=moved.debit.key, credit=moved.credit.key, amount=moved.amount)
        for place, moved in enumerate(entry.transfers, start=1)
    )
    work.session.flush()


def _held(work: Work, accounts: list[Account]) -> dict[Account, LedgerAccount]:
    """The rows of these accounts, locked in the order of their keys, made when they are not there."""
    fresh = [{"key": account.key, "kind": account.kind, "of": account.of, "balance": Money(0)} for account in accounts]
    insert_new(work.session.connection(), LedgerAccount, fresh)
    query = select(LedgerAccount).where(LedgerAccount.key.in_([account.key for account in accounts])).order_by(LedgerAccount.key)
    found = work.session.scalars(query.with_for_update(key_share=True), execution_options={"populate_existing": True})
    rows = {row.key: row for row in found}
    return {account: rows[account.key] for account in accounts}

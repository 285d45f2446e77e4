"""Booking: entries are written with their balances, each once, or none of them at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.kernel.bulk import among, insert_many, insert_missing, update_many
from core.kernel.ids import new_ids
from core.kernel.money import Money
from core.kernel.work import Work
from deposits.domain.ledger import Account, Entry, apply
from deposits.models.ledger import LedgerAccount, LedgerEntry, LedgerTransfer


def book(work: Work, entry: Entry) -> None:
    """Writes the entry and moves its accounts' balances; an entry that moves nothing is none.

    Raises RuleBroken "ledger.below_zero", and the database's own error for a (kind, ref) that is booked already.
    """
    book_all(work, (entry,))


def book_all(work: Work, entries: Sequence[Entry]) -> None:
    """Writes many entries, one after the other: no account may be below zero in between. Raises as `book` does."""
    moving = [entry for entry in entries if entry.transfers]
    if not moving:
        return
    work.session.flush()  # what the entries are about stands before them
    named = {account for entry in moving for moved in entry.transfers for account in (moved.debit, moved.credit)}
    before = _locked(work, sorted(named, key=lambda account: account.key))
    after = dict(before)
    for entry in moving:
        after |= apply(entry, after)
    _write(work, moving)
    moved = [{"key": account.key, "balance": balance} for account, balance in after.items() if balance != before[account]]
    update_many(work.session.connection(), LedgerAccount, "key", moved)


def _write(work: Work, entries: Sequence[Entry]) -> None:
    at, connection = work.now(), work.session.connection()
    made = list(zip(new_ids(at, len(entries)), entries, strict=True))
    rows = [{"id": key, "kind": entry.kind, "ref": entry.ref, "at": at} for key, entry in made]
    insert_many(connection, LedgerEntry, rows)
    transfers = [
        {"entry_id": key, "place": place, "debit": moved.debit.key, "credit": moved.credit.key, "amount": moved.amount}
        for key, entry in made
        for place, moved in enumerate(entry.transfers, start=1)
    ]
    insert_many(connection, LedgerTransfer, transfers)


def _locked(work: Work, accounts: Sequence[Account]) -> Mapping[Account, Money]:
    """The balances of these accounts, locked in the order of their keys, made when they are not there."""
    found = _look(work, accounts)
    if missing := [account for account in accounts if account.key not in found]:
        fresh: list[dict[str, Any]] = [
            {"key": account.key, "kind": account.kind, "of": account.of, "balance": Money(0)} for account in missing
        ]
        made = insert_missing(work.session.connection(), LedgerAccount, fresh)
        found |= dict.fromkeys((account.key for account in missing), Money(0)) if made == len(missing) else _look(work, missing)
    return {account: found[account.key] for account in accounts}


def _look(work: Work, accounts: Sequence[Account]) -> dict[str, Money]:
    connection = work.session.connection()
    wanted = among(connection, LedgerAccount.key, [account.key for account in accounts])
    query = select(LedgerAccount.key, LedgerAccount.balance).where(wanted).order_by(LedgerAccount.key)
    return {row.key: row.balance for row in connection.execute(query.with_for_update(key_share=True))}

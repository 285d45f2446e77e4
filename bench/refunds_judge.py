"""What came of the refunds: every firm's account at the bank beside the ledger, and the three books of the day."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.sandbox.bank_books import Books
from bench.refunds_world import account_of
from core.kernel import clock
from core.kernel.money import Money
from core.kernel.work import Door
from deposits import jobs
from deposits.domain.account import COLLECTING
from deposits.domain.ledger import EntryKind
from deposits.domain.refund import RefundState
from deposits.gateway import Bank, BankSilent
from deposits.models.bank import Refund
from deposits.models.batches import RefundBatch
from deposits.models.ledger import LedgerEntry, LedgerTransfer
from deposits.models.reconciliations import BookDay, BookDifference
from deposits.queries import finance


def compare_days(door: Door, bank: Bank, clock_file: Path) -> dict[str, Any]:
    """The day is over: its statement is read from the bank, page by page, and held against our entries, the ledger and the deposits."""
    clock.write_offset(clock_file, clock.read_offset(clock_file) + timedelta(days=1))
    began, cpu, compared = time.monotonic(), time.process_time(), False
    while not compared:
        with contextlib.suppress(BankSilent):
            jobs.compare_days(door, bank)
            compared = True
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    entries = door.read(lambda session: session.scalar(select(func.sum(BookDay.entries)))) or 0
    differences = door.read(lambda session: session.scalar(select(func.count()).select_from(BookDifference))) or 0
    return {"books_seconds": round(seconds, 1), "books_cpu": round(cpu, 1), "statement_entries": int(entries), "differences": differences}


def judge(door: Door, folder: Path, count: int) -> dict[str, Any]:
    """Counts firms that were paid once under one key to the fen, twice, or not; sums both sides; reads all balances."""
    books = Books(folder / "bank", COLLECTING)
    columns = Refund.payee_account, Refund.principal, Refund.interest, Refund.id
    ours = door.read(lambda session: session.execute(select(*columns)).all())
    owed = {account: [(key.hex, (principal + interest).fen)] for account, principal, interest, key in ours}
    paid = {account_of(n): _paid(books, account_of(n)) for n in range(count)}
    audit, agreed = door.read(finance.audit), door.read(finance.reconciliation)
    states = door.read(lambda session: Counter(session.scalars(select(Refund.state))))
    found = {
        "confirmed": states[RefundState.CONFIRMED],
        "batches": door.read(lambda session: session.scalar(select(func.count()).select_from(RefundBatch))),
        **compared(owed, paid),
        "at_firms": str(Money(sum(fen for rows in paid.values() for _, fen in rows))),
        "paid_by_ledger": str(Money(door.read(_settled))),
        "interest": str(sum((interest for _, _, interest, _ in ours), Money(0))),
        "ledger": str(agreed.ledger),
        "bank": str(books.balance(COLLECTING.number)),
        "audited": audit == finance.Audit((), True, ()),
    }
    sums_agree = found["at_firms"] == found["paid_by_ledger"] and found["ledger"] == found["bank"] and agreed.agrees is True
    whole = found["once"] == count == len(ours) == found["confirmed"]
    return found | {"right": whole and sums_agree and found["audited"]}


def compared(owed: Mapping[str, list[tuple[str, int]]], paid: Mapping[str, list[tuple[str, int]]]) -> dict[str, int]:
    """`owed` and `paid`: by account, key and fen of each payment. How many were paid once and rightly, twice, otherwise, or never."""
    return {
        "once": sum(len(rows) == 1 and rows == owed.get(account) for account, rows in paid.items()),
        "twice": sum(len(rows) > 1 for rows in paid.values()),
        "otherwise": sum(len(rows) == 1 and rows != owed.get(account) for account, rows in paid.items()),
        "lost": sum(not rows for rows in paid.values()),
    }


def _paid(books: Books, account: str) -> list[tuple[str, int]]:
    return [(row["end_to_end_id"], row["fen"]) for row in books.movements(account) if row["end_to_end_id"] and row["credit"]]


def _settled(session: Any) -> int:
    query = select(LedgerTransfer.amount).join(LedgerEntry, LedgerEntry.id == LedgerTransfer.entry_id)
    return sum(amount.fen for amount in session.scalars(query.where(LedgerEntry.kind == EntryKind.SETTLE)))

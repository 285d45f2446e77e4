"""Reconciliation: the bank's balance against the ledger's, seen at the same number of the bank's entries."""

from __future__ import annotations

from core.kernel.db import insert_new, lock
from core.kernel.money import Money
from core.kernel.work import Work
from deposits.domain.ledger import BANK
from deposits.domain.messages import Report
from deposits.models.bank import BankPosition
from deposits.models.ledger import LedgerAccount


def compare(work: Work, report: Report) -> bool:
    """Notes both balances when we have read as far as the bank reports; False when one is ahead of the other: look again later."""
    insert_new(work.session.connection(), BankPosition, [{"name": "bank", "seq": 0}])
    position = lock(work.session, BankPosition, BankPosition.name == "bank")
    if position.seq != report.seq:
        return False
    row = work.session.get(LedgerAccount, BANK.key)
    position.bank_balance, position.ledger_balance = report.balance, row.balance if row else Money(0)
    position.checked_at = work.now()
    return True

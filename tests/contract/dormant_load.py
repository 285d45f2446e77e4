"""A platform process that tests kill: `python -m tests.contract.dormant_load DATABASE BANK CLOCK` books old ledgers and pays what was
decided, until nothing is left to do."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from core.kernel import outbox
from core.kernel.outbox import Outside
from core.kernel.ticks import each
from core.kernel.work import Door
from deposits import jobs
from deposits.domain.batch import Release
from deposits.domain.dormant import PayoutState
from deposits.domain.dormant_ledger import LedgerState
from deposits.gateway import Bank, BankSilent
from deposits.models.dormant import DormantPayout, OldLedger
from deposits.queries import dormant
from deposits.services import dormant_ledgers, dormant_payouts, refunds
from tests.contract.deposits_load import patient_door


def main(url: str, bank_url: str, clock_file: str) -> None:
    """Runs the ticks and the outbox over and over; prints `at work` when it begins and `done` when all is booked and paid."""
    door, bank = patient_door(url, Path(clock_file)), Bank(bank_url)
    print("at work", flush=True)
    carry = {refunds.ORDER: Outside(lambda door, payload: jobs._carry(door, bank, payload))}
    while left(door):
        each(dormant.to_book, dormant_ledgers.book)(door)
        jobs.send_due(door, Release.AUTOMATIC)
        outbox.deliver(door, carry)
        jobs.ask_again(door, bank)
        try:
            jobs.read_notices(door, bank)
        except BankSilent:
            time.sleep(0.05)
        each(dormant.to_settle, dormant_payouts.settle)(door)
    print("done", flush=True)
    door.close()


def left(door: Door) -> int:
    """How many ledgers are not booked yet and payouts not paid."""
    books = select(func.count()).select_from(OldLedger).where(OldLedger.state == LedgerState.CONFIRMED)
    payouts = select(func.count()).select_from(DormantPayout).where(DormantPayout.state == PayoutState.ORDERED)
    return door.read(lambda session: session.execute(books).scalar_one() + session.execute(payouts).scalar_one())


if __name__ == "__main__":
    main(*sys.argv[1:])

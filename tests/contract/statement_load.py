"""A platform process that tests kill: `python -m tests.contract.statement_load DATABASE BANK CLOCK` books statements that were handed in
and asks the bank about recalls, until nothing is left to do."""

from __future__ import annotations

import sys
from pathlib import Path

from sqlalchemy import func, select

from core.kernel.ticks import each
from core.kernel.work import Door
from deposits import jobs_recalls
from deposits.domain.refund_recall import RecallState
from deposits.domain.statement_file import FileState
from deposits.gateway import Bank
from deposits.models.recalls import RefundRecall
from deposits.models.suspense import StatementFile
from deposits.queries import statement_files as queries
from deposits.services import statement_files
from tests.contract.deposits_load import patient_door


def main(url: str, bank_url: str, clock_file: str) -> None:
    """Prints `at work` when it begins and `done` when all is booked and answered."""
    door, bank = patient_door(url, Path(clock_file)), Bank(bank_url)
    print("at work", flush=True)
    while left(door):
        each(queries.waiting, statement_files.book_some)(door)
        jobs_recalls.ask(door, bank)
    print("done", flush=True)
    door.close()


def left(door: Door) -> int:
    """How many sheets are not booked yet and recalls not answered."""
    books = select(func.count()).select_from(StatementFile).where(StatementFile.state == FileState.CONFIRMED)
    asked = select(func.count()).select_from(RefundRecall).where(RefundRecall.state == RecallState.ASKED)
    return door.read(lambda session: session.execute(books).scalar_one() + session.execute(asked).scalar_one())


if __name__ == "__main__":
    main(*sys.argv[1:])

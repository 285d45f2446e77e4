"""A platform process that tests kill: `python -m tests.contract.deposits_load DATABASE BANK CLOCK` refunds until nothing is left to do."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from core.kernel import outbox
from core.kernel.db import open_engine
from core.kernel.outbox import Outside
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door, WriterTaken
from deposits import jobs
from deposits.domain.audience import PROJECTIONS
from deposits.domain.batch import Release
from deposits.domain.refund import OPEN, RefundState
from deposits.gateway import Bank, BankSilent
from deposits.models.bank import Refund
from deposits.services import batches


def main(url: str, bank_url: str, clock_file: str) -> None:
    """Runs the ticks and the outbox over and over; prints `at work` when it begins and `done` when every refund is confirmed."""
    door, bank = patient_door(url, Path(clock_file)), Bank(bank_url)
    print("at work", flush=True)
    carry = {batches.ORDER: Outside(lambda door, payload: jobs.carry_batch(door, bank, payload))}
    while left(door):
        jobs.send_due(door, Release.AUTOMATIC)
        outbox.deliver(door, carry)
        jobs.ask_again(door, bank)
        try:
            jobs.read_notices(door, bank)
        except BankSilent:
            time.sleep(0.05)
    print("done", flush=True)
    door.close()


def patient_door(url: str, clock_file: Path, projections: Any = PROJECTIONS, announced: Any = None) -> Door:
    """The door; of a process that was just killed the lock may linger for a moment."""
    for _ in range(50):
        try:
            signer = Ed25519Signer.from_seed(bytes(range(32)))
            return Door(open_engine(url), signer, projections=projections, announced=announced, clock_file=clock_file)
        except WriterTaken:
            time.sleep(0.1)
    raise WriterTaken


def left(door: Door) -> int:
    """How many refunds are not confirmed yet."""
    waiting = select(func.count()).select_from(Refund).where(Refund.state.in_(OPEN | {RefundState.SCHEDULED}))
    return door.read(lambda session: session.execute(waiting).scalar_one())


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The platform of the measurement of refunds: `python -m bench.refunds_run DATABASE BANK CLOCK`, two threads as its clockwork has them."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from threading import Event, Thread

from core.kernel import outbox
from core.kernel.outbox import Outside
from core.kernel.work import Door
from deposits import jobs
from deposits.domain.batch import Release
from deposits.gateway import Bank, BankSilent
from deposits.services import batches
from tests.contract.deposits_load import left, patient_door

PAUSE = 0.02  # s between two looks at a bank that is away or has no news


def main(url: str, bank_url: str, clock_file: str) -> None:
    """Sends and asks in one thread and reads notices in the other until every refund is confirmed and the books are reconciled."""
    door = patient_door(url, Path(clock_file))
    print("at work", flush=True)
    done = Event()
    reader = Thread(target=_read, args=(door, Bank(bank_url), done))
    reader.start()
    bank = Bank(bank_url)
    carry = {batches.ORDER: Outside(lambda door, payload: jobs.carry_batch(door, bank, payload))}
    while waiting := left(door):
        print(waiting, flush=True)
        moved = jobs.send_due(door, Release.AUTOMATIC) + outbox.deliver(door, carry) + jobs.ask_again(door, bank)
        if not moved:
            time.sleep(PAUSE)
    done.set()
    reader.join()
    while not jobs.reconcile(door, bank):
        time.sleep(PAUSE)
    print("done", flush=True)
    door.close()


def _read(door: Door, bank: Bank, done: Event) -> None:
    position = -1
    while not done.is_set():
        before = position
        with contextlib.suppress(BankSilent):
            position = jobs.read_notices(door, bank)
        if position == before:
            time.sleep(PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:])

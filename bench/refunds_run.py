"""The platform of the measurement of refunds: `python -m bench.refunds_run DATABASE BANK CLOCK`, two threads as its clockwork has them.

It prints `at work`, then ten times a second how many steps are left (a refund to be sent has two, one to be confirmed has one) with the
CPU seconds it has taken so far, and `done` at the end. Bidders are told by messages that each transaction leaves in the outbox, as in
service; their delivery is not measured.
"""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import func, select

from core.kernel import outbox
from core.kernel.outbox import Outside
from core.kernel.work import Door
from deposits import jobs
from deposits.domain.batch import Release
from deposits.domain.refund import OPEN, RefundState
from deposits.gateway import Bank, BankSilent
from deposits.models.bank import Refund
from deposits.services import batches, order_letters
from tests.contract.deposits_load import left, patient_door

PAUSE = 0.02  # s between two looks at a bank that is away or has no news
TELLS = 0.1  # s between two lines


def main(url: str, bank_url: str, clock_file: str) -> None:
    """Sends and asks in one thread and reads notices in another until every refund is confirmed and both balances are compared."""
    door = patient_door(url, Path(clock_file), announced=order_letters.ANNOUNCED)
    print("at work", flush=True)
    done = Event()
    threads = [Thread(target=_read, args=(door, Bank(bank_url), done)), Thread(target=_tell, args=(door, done))]
    for thread in threads:
        thread.start()
    bank = Bank(bank_url)
    carry = {batches.ORDER: Outside(lambda door, payload: jobs.carry_batch(door, bank, payload))}
    while left(door):
        moved = jobs.send_due(door, Release.AUTOMATIC) + outbox.deliver(door, carry) + jobs.ask_again(door, bank)
        if not moved:
            time.sleep(PAUSE)
    while not _reconciled(door, bank):
        time.sleep(PAUSE)
    done.set()
    for thread in threads:
        thread.join()
    print(f"0 {time.process_time():.2f}\ndone", flush=True)
    door.close()


def _reconciled(door: Door, bank: Bank) -> bool:
    with contextlib.suppress(BankSilent):
        return jobs.reconcile(door, bank)
    return False


def _read(door: Door, bank: Bank, done: Event) -> None:
    position = -1
    while not done.is_set():
        before = position
        with contextlib.suppress(BankSilent):
            position = jobs.read_notices(door, bank)
        if position == before:
            time.sleep(PAUSE)


def _tell(door: Door, done: Event) -> None:
    counted = select(Refund.state, func.count()).group_by(Refund.state)
    while not done.wait(TELLS):
        found = dict(door.read(lambda session: session.execute(counted).all()))
        steps = 2 * found.get(RefundState.SCHEDULED, 0) + sum(found.get(state, 0) for state in OPEN)
        print(f"{steps} {time.process_time():.2f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

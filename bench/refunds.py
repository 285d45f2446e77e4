"""Refunds sent, confirmed and reconciled against the sandbox bank: `python -m bench.refunds [--refunds N] [--kills N]`.

The bank is the real `gongheng sandbox-bank` process. While it works it tells 5 % of its notices twice, loses 5 % of its answers, leaves an
order out of 5 % of the others, and is killed twice (`--platform-kills N`: the platform is killed as well). Paying in is not measured; from
the first promise to the reconciled ledger is. Then every firm's account at the bank is read: one refund under one key, to the fen, and
the ledger's balance, the bank's and the sum of all deposits are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.sandbox.bank_books import Books
from bench import refunds_world
from bench.refunds_world import account_of
from core.kernel import clock
from core.kernel.money import Money
from core.kernel.work import Door
from deposits import jobs
from deposits.domain.account import COLLECTING
from deposits.domain.refund import RefundState
from deposits.gateway import Bank
from deposits.models.bank import Refund
from deposits.models.batches import RefundBatch
from deposits.queries import finance
from migrations import upgrade
from tests.contract.deposits_load import patient_door
from tests.contract.test_deposits_crash import BankProcess

ROOT = Path(__file__).resolve().parent.parent
KEPT = Path(os.environ.get("GONGHENG_DATA_DIR", ROOT / "var")) / "bench"
GOAL = 60.0  # s for 10,000
FAULTS = {"duplicate_notices_percent": 5, "lose_answers_percent": 5, "lose_statuses_percent": 5}


def main() -> None:
    """Runs it once, prints the table, writes the file; exits 1 when a fen is missing or paid twice."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--refunds", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--platform-kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=20261130)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongheng-refunds-") as folder:
        found = measure(Path(folder), asked)
    report(found)
    if found["wrong"]:
        raise SystemExit(1)


def measure(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """One run: the world, the timed part, and what came of it."""
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    clock.write_offset(clock_file, timedelta(0))
    upgrade(url)
    lots = refunds_world.build(url, clock_file, asked.refunds)
    refunds_world.pay(folder / "bank", clock_file, asked.refunds)
    bank = BankProcess(folder / "bank", clock_file)
    door = patient_door(url, clock_file)
    while jobs.read_notices(door, Bank(bank.url)) < asked.refunds:
        pass
    refunds_world.promise(door, clock_file, lots)
    door.close()
    bank.post("/sandbox/faults", FAULTS)
    began = time.monotonic()
    kills = _drive(bank, [sys.executable, "-m", "bench.refunds_run", url, bank.url, str(clock_file)], asked)
    seconds = time.monotonic() - began
    bank.kill()
    again = patient_door(url, clock_file)
    found = _judge(again, folder, asked.refunds)
    again.close()
    return {"refunds": asked.refunds, "seconds": round(seconds, 1), **kills, **found}


def _drive(bank: BankProcess, command: list[str], asked: argparse.Namespace) -> dict[str, int]:
    """Starts the platform and kills the bank, and the platform, as often as asked, spread over what is left to do."""
    chance = random.Random(asked.seed)
    bank_at = [asked.refunds * (asked.kills - n) // (asked.kills + 1) for n in range(asked.kills)]
    done, platform_kills = False, 0
    while not done:
        platform = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        deadline = time.monotonic() + chance.uniform(0.3, 2.5) if platform_kills < asked.platform_kills else None
        assert platform.stdout is not None
        for line in platform.stdout:
            if line == "done\n":
                done = True
            elif line.strip().isdigit() and bank_at and int(line) <= bank_at[0]:
                bank_at.pop(0)
                bank.kill()
                bank.start()
            if deadline is not None and time.monotonic() >= deadline and not done:
                platform.kill()
                platform_kills += 1
                break
        platform.communicate()
    return {"bank_kills": asked.kills - len(bank_at), "platform_kills": platform_kills}


def _judge(door: Door, folder: Path, count: int) -> dict[str, Any]:
    """What the bank's books say of every firm beside what ours say, and all balances."""
    books = Books(folder / "bank", COLLECTING)
    ours = door.read(lambda session: session.execute(select(Refund.payee_account, Refund.principal, Refund.interest, Refund.id)).all())
    states = door.read(lambda session: dict(session.execute(select(Refund.state, func.count()).group_by(Refund.state)).tuples().all()))
    wrong = 0
    for account, principal, interest, key in ours:
        got = [row for row in books.movements(account) if row["end_to_end_id"]]
        if [(row["end_to_end_id"], row["fen"]) for row in got] != [(key.hex, (principal + interest).fen)]:
            wrong += 1
    wrong += sum(not books.movements(account_of(n)) for n in range(count)) + (len(ours) != count)
    audit, agreed = door.read(finance.audit), door.read(finance.reconciliation)
    wrong += (audit != finance.Audit((), True, ())) + (agreed.agrees is not True) + (agreed.bank != books.balance(COLLECTING.number))
    total = sum((principal + interest for _, principal, interest, _ in ours), Money(0))
    told = len(books.notices(0).entries)
    return {
        "confirmed": states.get(RefundState.CONFIRMED, 0),
        "batches": door.read(lambda session: session.scalar(select(func.count()).select_from(RefundBatch))),
        "paid": str(total),
        "interest": str(sum((interest for _, _, interest, _ in ours), Money(0))),
        "ledger": str(agreed.ledger),
        "bank": str(books.balance(COLLECTING.number)),
        "wrong": wrong,
        "first_page": told,
    }


def report(found: dict[str, Any]) -> None:
    """The table, and the same as JSON."""
    goal = GOAL * found["refunds"] / 10_000
    rows = [
        ("refunds sent, confirmed, reconciled", f"{found['confirmed']:,} of {found['refunds']:,}"),
        ("seconds", f"{found['seconds']} (goal {goal:.0f})"),
        ("a second", f"{found['refunds'] / found['seconds']:.0f}"),
        ("batches", str(found["batches"])),
        ("bank killed / platform killed", f"{found['bank_kills']} / {found['platform_kills']}"),
        ("paid back, interest in it", f"{found['paid']}, {found['interest']}"),
        ("left on the ledger / at the bank", f"{found['ledger']} / {found['bank']}"),
        ("firms not paid exactly once to the fen, books that differ", str(found["wrong"])),
    ]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / "refunds.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()

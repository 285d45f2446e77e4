"""Refunds sent, confirmed and reconciled: `python -m bench.refunds [--refunds N] [--kills N] [--platform-kills N] [--seed N]`.

The bank is the real `gongheng sandbox-bank` process. While it works it tells 5 % of its notices twice, loses 5 % of its answers, leaves an
order out of 5 % of the others, and is killed twice; with `--platform-kills` the platform is killed too. Paying in is not measured; from
the first promise to equal balances, and the day's three books, is. Then every firm's account at the bank is read: one refund under one
key, to the fen, and all sums are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench import refunds_drive, refunds_judge, refunds_world
from core.kernel import clock
from deposits import jobs
from deposits.gateway import Bank
from migrations import upgrade
from tests.contract.deposits_load import patient_door
from tests.contract.test_deposits_crash import BankProcess

KEPT = Path(os.environ.get("GONGHENG_DATA_DIR", refunds_drive.ROOT / "var")) / "bench"
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
    if not found["right"]:
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
    plan = refunds_drive.plan(asked.refunds, asked.kills, asked.platform_kills, asked.seed)
    began, cpu = time.monotonic(), _cpu()
    refunds_drive.drive(bank, [sys.executable, "-m", "bench.refunds_run", url, bank.url, str(clock_file)], plan)
    seconds = time.monotonic() - began
    again = patient_door(url, clock_file)
    days = refunds_judge.compare_days(again, Bank(bank.url), clock_file)
    bank.kill()
    found = refunds_judge.judge(again, folder, asked.refunds)
    again.close()
    done = {"bank_kills": plan.bank_kills, "platform_kills": plan.platform_kills, "crashes": plan.crashes}
    spent = {"seconds": round(seconds, 1), "cpu": round(sum(plan.cpu), 1), "cpu_bank": round(_cpu() - cpu - sum(plan.cpu), 1)}
    right = found["right"] and not days["differences"] and not plan.crashes
    return {"refunds": asked.refunds, **spent, **done, **days, **found, "right": right}


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def report(found: dict[str, Any]) -> None:
    """The table, and the same as JSON."""
    total = found["seconds"] + found["books_seconds"]
    rows = [
        ("refunds sent, confirmed, reconciled", f"{found['confirmed']:,} of {found['refunds']:,} in {found['batches']} batches"),
        ("seconds, all", f"{total:.1f} (goal {GOAL * found['refunds'] / 10_000:.0f}), {found['refunds'] / total:.0f} a second"),
        ("of them sending until the balances agree", f"{found['seconds']}"),
        ("of them the day's three books", f"{found['books_seconds']} for {found['statement_entries']:,} entries of the bank"),
        ("CPU seconds: sending / books / the bank's process", f"{found['cpu']} / {found['books_cpu']} / {found['cpu_bank']}"),
        ("kills survived: bank / platform", f"{found['bank_kills']} / {found['platform_kills']}"),
        ("ends of the platform that nobody asked for", f"{found['crashes']}"),
        ("firms paid exactly once, to the fen", f"{found['once']:,}"),
        ("firms paid twice / never / another sum", f"{found['twice']} / {found['lost']} / {found['otherwise']}"),
        ("refunds at the firms' bank / by the ledger", f"{found['at_firms']} / {found['paid_by_ledger']}"),
        ("of it interest", found["interest"]),
        ("left on the ledger / at the bank", f"{found['ledger']} / {found['bank']}"),
        ("ledger recomputed from its transfers", "agrees" if found["audited"] else "DIFFERS"),
        ("differences of the day's three books", f"{found['differences']}"),
        ("verdict", "right" if found["right"] else "WRONG"),
    ]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / "refunds.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()

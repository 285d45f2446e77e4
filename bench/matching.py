"""100,000 entries of the bank matched with 20,000 sub-accounts: `python -m bench.matching [--rounds N] [--entries N] [--database NAME]`.

Each round begins with a fresh database, SQLite and PostgreSQL in turn, both durable. The entries come in pages as the bank sends them, in
an order that is drawn anew; a page is one use case through the door, as long as the tick makes it, with its postings, its signed events
and what each bidder is told; so long nobody else writes. Reading the pages from XML goes before it, and is measured by itself.
Afterwards the books are counted: every entry once, every deposit complete, ledger and bank equal, an event for each payment.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import tables
from app.wiring import ANNOUNCED
from bench import matching_world as worlds
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import open_engine
from core.kernel.memory import settle
from core.kernel.records import EventRow
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from deposits.domain import messages
from deposits.domain.account import COLLECTING
from deposits.domain.audience import PROJECTIONS
from deposits.domain.deposit import DepositState
from deposits.domain.messages import Notices
from deposits.jobs import TOGETHER_READ
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.requirement import Deposit
from deposits.queries import finance
from deposits.services import payments
from tests import postgres

KEPT = Path(os.environ.get("GONGHENG_DATA_DIR", Path(__file__).resolve().parent.parent / "var")) / "bench"
GOAL, FULL = 20.0, 100_000  # s for so many entries


def main() -> None:
    """Runs the rounds, prints the table, writes the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--entries", type=int, default=FULL)
    parser.add_argument("--sub-accounts", type=int, default=20_000)
    parser.add_argument("--page", type=int, default=TOGETHER_READ)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    rounds = [
        {"round": number, "database": kind, **run(kind, number, asked)}
        for number in range(asked.rounds)
        for kind in ((asked.database,) if asked.database else ("sqlite", "postgresql"))
    ]
    report(rounds, asked)


def run(kind: str, number: int, asked: argparse.Namespace) -> dict[str, Any]:
    """One round on a fresh database."""
    told = list(worlds.pages(asked.entries, asked.sub_accounts, asked.page, number))
    with database(kind) as url, opened(url, asked.sub_accounts) as door:
        settle()  # as a process that serves does
        wall, cpu, held = perf_counter(), process_time(), []
        for page in told:
            began = perf_counter()
            door.perform(SYSTEM_ACTOR, lambda work, page=page: payments.take_in(work, page))  # type: ignore[misc]  # bound by default
            held.append(perf_counter() - began)
        wall, cpu = perf_counter() - wall, process_time() - cpu
        found = door.read(lambda session: counted(session, told))
    pages = {"page_ms": round(1000 * median(held)), "slowest_page_ms": round(1000 * max(held))}
    figures = {"seconds": round(wall, 2), "cpu": round(cpu, 2), **pages, **reading(told), **found}
    print(f"round {number} {kind:>10}: " + ", ".join(f"{name} {value}" for name, value in figures.items()), flush=True)
    return figures


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of a fresh one, durable as in service."""
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/matching.db"
            return
        with postgres.server(durable=True) as server:
            server.run("CREATE DATABASE matching")
            yield server.url("matching")


@contextmanager
def opened(url: str, sub_accounts: int) -> Iterator[Door]:
    """The door on it, once the world stands."""
    engine = open_engine(url)
    tables.metadata.create_all(engine)
    worlds.build(engine, sub_accounts)
    door = Door(engine, Ed25519Signer.from_seed(bytes(range(32))), projections=PROJECTIONS, announced=ANNOUNCED, readers=1)
    try:
        yield door
    finally:
        door.close()
        engine.dispose()


def reading(told: list[Notices]) -> dict[str, float]:
    """How long the same pages take from XML to values."""
    written = [messages.write_notices(page, COLLECTING.number, datetime.now(UTC)) for page in told[:20]]
    began = process_time()
    for page in written:
        messages.read_notices(page)
    return {"reading": round((process_time() - began) * len(told) / len(written), 2)}


def counted(session: Session, told: list[Notices]) -> dict[str, Any]:
    """What the books hold afterwards."""

    def count(of: Any, *where: Any) -> int:
        return int(session.scalar(select(func.count()).select_from(of).where(*where)) or 0)

    audit = finance.audit(session)
    balance = session.scalar(select(func.sum(BankEntryRow.amount)))
    return {
        "entries": count(BankEntryRow),
        "complete": count(Deposit, Deposit.state == DepositState.MATCHED),
        "to_return": count(Refund),
        "suspense": count(BankEntryRow, BankEntryRow.outcome == "unknown"),
        "notices": count(EventRow, EventRow.kind == "payment.notice"),
        "balanced": audit.balanced and not audit.wrong_balances and int(getattr(balance, "fen", 0)) == worlds.total(told).fen,
    }


def report(rounds: list[dict[str, Any]], asked: argparse.Namespace) -> None:
    """The medians as a table, and everything in the file."""
    print(f"{asked.entries} entries, {asked.sub_accounts} sub-accounts, pages of {asked.page}; medians of {asked.rounds} rounds")
    print(
        f"{'':12}{'seconds':>9}{'[range]':>16}{'entries/s':>11}{'cpu':>8}{'page':>10}{'slowest':>11}{'reading XML':>13}   goal {GOAL:.0f} s"
    )
    missed = False
    for kind in dict.fromkeys(row["database"] for row in rounds):
        mine = [row for row in rounds if row["database"] == kind]
        seconds = [row["seconds"] for row in mine]
        middle = median(seconds)
        spread = f"[{min(seconds):.1f}-{max(seconds):.1f}]"
        cpu, page, slowest, xml = (median(row[name] for row in mine) for name in ("cpu", "page_ms", "slowest_page_ms", "reading"))
        word = "" if asked.entries < FULL else "reached" if middle <= GOAL else "MISSED"
        held = f"{page:7.0f} ms{slowest:8.0f} ms"
        print(f"{kind:12}{middle:9.1f}{spread:>16}{asked.entries / middle:11.0f}{cpu:8.1f}{held}{xml:11.1f} s   {word}")
        missed = missed or not all(_whole(row, asked) for row in mine)
    target = KEPT / "matching.json"
    target.write_text(json.dumps({"asked": vars(asked), "goal_s": GOAL, "rounds": rounds}, indent=1))
    print(f"→ {target}")
    if missed:
        raise SystemExit("the books are not whole")


def _whole(row: dict[str, Any], asked: argparse.Namespace) -> bool:
    counts = (row["entries"], row["notices"], row["complete"])
    return counts == (asked.entries, asked.entries, asked.sub_accounts) and row["balanced"] is True


if __name__ == "__main__":
    main()

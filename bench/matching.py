"""100,000 entries of the bank matched with 20,000 sub-accounts: `python -m bench.matching [--rounds N] [--entries N] [--database NAME]`.

Each round begins with a fresh database, SQLite and PostgreSQL in turn, both durable. The entries come in pages as the bank sends them, in
an order that is drawn anew, and the clock's own tick reads them (camt.054 as XML) and takes them in: with their postings, their signed
events and what each bidder is told. A use case takes some together; so long nobody else writes.
Afterwards the books are counted: every entry once, every deposit complete, ledger and bank equal, every payment in a signed event once.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import tables
from app.sandbox.bank_books import PAGE
from app.wiring import ANNOUNCED
from bench import matching_world as worlds
from core.kernel import dsse
from core.kernel.db import open_engine
from core.kernel.dsse import Envelope
from core.kernel.memory import settle
from core.kernel.records import EventRow
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from deposits import jobs
from deposits.domain import messages
from deposits.domain.account import COLLECTING
from deposits.domain.audience import PROJECTIONS
from deposits.domain.deposit import DepositState
from deposits.domain.messages import Notices
from deposits.gateway import Bank
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.requirement import Deposit
from deposits.queries import finance
from tests import postgres

KEPT = Path(os.environ.get("GONGHENG_DATA_DIR", Path(__file__).resolve().parent.parent / "var")) / "bench"
GOAL, FULL = 20.0, 100_000  # s for so many entries


def main() -> None:
    """Runs the rounds, prints the table, writes the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--entries", type=int, default=FULL)
    parser.add_argument("--sub-accounts", type=int, default=20_000)
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
    told = list(worlds.pages(asked.entries, asked.sub_accounts, PAGE, number))
    with database(kind) as url, opened(url, asked.sub_accounts) as door:
        bank, timed = Told(told), Timed(door)
        settle()  # as a process that serves does
        wall, cpu = perf_counter(), process_time()
        while jobs.read_notices(cast("Door", timed), cast("Bank", bank)) < told[-1].last:
            pass
        wall, cpu = perf_counter() - wall, process_time() - cpu
        found = door.read(lambda session: counted(session, told))
    held = {"held_ms": round(1000 * median(timed.held)), "longest_held_ms": round(1000 * max(timed.held))}
    figures = {"seconds": round(wall, 2), "cpu": round(cpu, 2), "reading": round(bank.seconds, 2), **held, **found}
    print(f"round {number} {kind:>10}: " + ", ".join(f"{name} {value}" for name, value in figures.items()), flush=True)
    return figures


class Told:
    """A bank whose pages are written already, read as the gateway reads them."""

    def __init__(self, told: list[Notices]) -> None:
        firsts = [0, *(page.last for page in told)]
        xml = [messages.write_notices(page, COLLECTING.number, datetime.now(UTC)) for page in told]
        self._pages, self.seconds = dict(zip(firsts, xml, strict=False)), 0.0

    def notices(self, after: int, read: Callable[[bytes], Notices]) -> Notices:
        """The page after that number."""
        began = perf_counter()
        found = read(self._pages[after]) if after in self._pages else Notices((), after)
        self.seconds += perf_counter() - began
        return found


class Timed:
    """The door, and how long each use case took that went through it."""

    def __init__(self, door: Door) -> None:
        self._door, self.read, self.held = door, door.read, list[float]()

    def perform(self, *asked: Any) -> Any:
        """As the door does."""
        began = perf_counter()
        try:
            return self._door.perform(*asked)
        finally:
            self.held.append(perf_counter() - began)


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
        "noticed": noticed(session),
        "balanced": audit.balanced and not audit.wrong_balances and int(getattr(balance, "fen", 0)) == worlds.total(told).fen,
    }


def noticed(session: Session) -> int:
    """How many payments the signed events tell of, each once."""
    rows = session.scalars(select(EventRow.data).where(EventRow.kind == "payment.notice").execution_options(yield_per=100))
    told = [payment["ref"] for row in rows for payment in json.loads(_envelope(row).payload)["body"]["payments"]]
    return len(set(told)) if len(set(told)) == len(told) else -1


def _envelope(row: bytes) -> Envelope:
    return dsse.read_envelope(json.loads(row)["dsse"])


def report(rounds: list[dict[str, Any]], asked: argparse.Namespace) -> None:
    """The medians as a table, and everything in the file."""
    print(f"{asked.entries} entries, {asked.sub_accounts} sub-accounts, {jobs.TOGETHER_READ} together; medians of {asked.rounds} rounds")
    print(
        f"{'':12}{'seconds':>9}{'[range]':>16}{'entries/s':>11}{'cpu':>8}{'XML beside':>11}{'held':>10}{'longest':>11}   goal {GOAL:.0f} s"
    )
    missed = False
    for kind in dict.fromkeys(row["database"] for row in rounds):
        mine = [row for row in rounds if row["database"] == kind]
        seconds = [row["seconds"] for row in mine]
        middle = median(seconds)
        spread = f"[{min(seconds):.1f}-{max(seconds):.1f}]"
        cpu, xml, usual, longest = (median(row[name] for row in mine) for name in ("cpu", "reading", "held_ms", "longest_held_ms"))
        word = "" if asked.entries < FULL else "reached" if middle <= GOAL else "MISSED"
        held = f"{usual:7.0f} ms{longest:8.0f} ms"
        print(f"{kind:12}{middle:9.1f}{spread:>16}{asked.entries / middle:11.0f}{cpu:8.1f}{xml:9.1f} s{held}   {word}")
        missed = missed or not all(_whole(row, asked) for row in mine)
    target = KEPT / "matching.json"
    target.write_text(json.dumps({"asked": vars(asked), "goal_s": GOAL, "rounds": rounds}, indent=1))
    print(f"→ {target}")
    if missed:
        raise SystemExit("the books are not whole")


def _whole(row: dict[str, Any], asked: argparse.Namespace) -> bool:
    counts = (row["entries"], row["noticed"], row["complete"])
    return counts == (asked.entries, asked.entries, asked.sub_accounts) and row["balanced"] is True


if __name__ == "__main__":
    main()

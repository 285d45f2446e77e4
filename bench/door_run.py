"""One process of a round: `python -m bench.door_run MODE URL SECONDS` prints its figures as JSON."""

import os
import sys

if sys.argv[1] != "threads":
    from gevent import monkey

    monkey.patch_all()
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_c" if sys.argv[1] != "greenlets" else "wait")

import json
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from time import perf_counter, sleep
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Integer, String, bindparam, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import Base, connect_writer, database_clock, lock, open_engine
from core.kernel.events import Event
from core.kernel.ids import CaseId
from core.kernel.signing import NOTHING_SEEN, Actor, Ed25519Signer, SoftwareP256Signer, sign, statement
from core.kernel.streams import Projection
from core.kernel.work import Door, Work, conclude

LOTS, CASES = 64, 16
PLATFORM = Ed25519Signer.generate()


class Own(DeclarativeBase):
    """The tables of the measurement."""


class Lot(Own):
    """What is locked and changed."""

    __tablename__ = "bench_lot"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    bids: Mapped[int] = mapped_column(Integer)


class Bid(Own):
    """What is inserted."""

    __tablename__ = "bench_bid"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    lot_id: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))


class Sealed(Event):
    """A person's act."""

    KIND = "bench.sealed"


class Received(Event):
    """The platform's answer to it."""

    KIND = "bench.received"

    def body(self) -> dict[str, Any]:
        return {"seal_sha256": "ab" * 32, "ct_sha256": "cd" * 32, "ct_size": 1_048_576}


PROJECTIONS: Any = {"bench.received": lambda event: [Projection("bidder:1", "received", {"size": 1_048_576})]}


def signed(case: str) -> Any:
    """A statement as a browser would have sent it."""
    key = SoftwareP256Signer.generate()
    payload = statement(
        type="bench.sealed", case=case, lot="", round=0, prev="", actor=Actor("urn:ztb:person:1", "bidder", key.key.key_id),
        nonce=secrets.token_hex(16), iat=datetime.now(UTC), ckpt=NOTHING_SEEN, body={"ct_sha256": "cd" * 32, "ct_size": 1_048_576},
    )  # fmt: skip
    return sign(payload, key)


ACTS = [signed(f"B-{n}") for n in range(CASES)]


def by_orm(work: Work, number: int) -> None:
    """The use case as services are written."""
    lot = lock(work.session, Lot, Lot.id == number % LOTS)
    assert lot.state == "bidding" and work.now()
    work.session.add(Bid(id=secrets.token_hex(16), lot_id=lot.id, digest="ab" * 32))
    lot.bids += 1
    record(work, number)


LOCK = select(Lot.__table__).where(Lot.id == bindparam("number")).with_for_update(key_share=True)
INSERT = insert(Bid.__table__)  # type: ignore[arg-type]
UPDATE = update(Lot.__table__).where(Lot.id == bindparam("number")).values(bids=bindparam("count"))  # type: ignore[arg-type]


def by_core(work: Work, number: int) -> None:
    """The same by statements of Core, as a hot service is written."""
    connection = work.session.connection()
    lot = connection.execute(LOCK, {"number": number % LOTS}).one()
    assert lot.state == "bidding" and work.now()
    connection.execute(INSERT, {"id": secrets.token_hex(16), "lot_id": lot.id, "digest": "ab" * 32})
    connection.execute(UPDATE, {"number": lot.id, "count": lot.bids + 1})
    record(work, number)


def record(work: Work, number: int) -> None:
    """Two events."""
    case = CaseId(f"B-{number % CASES}")
    work.record(Sealed(case=case, signed=ACTS[number % CASES]))
    work.record(Received(case=case))


USE_CASES = {"orm": by_orm, "core": by_core}


def alone(connection: Connection, use_case: Callable[[Work], None]) -> None:
    """The peer: a transaction for this use case, with all that the door would store."""
    outside: Any = SimpleNamespace(clock=database_clock, projections=PROJECTIONS)
    with connection.begin(), Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as session:
        work = Work(SYSTEM_ACTOR, session, outside)
        use_case(work)
        session.commit()  # flushes; the transaction is the connection's
        conclude(connection, [work], PLATFORM)


def measure(run: Callable[[int, Callable[[], bool]], list[float]], callers: int, seconds: float) -> dict[str, float]:
    """Lets `callers` run for a while beside a ticker; `run(number, over)` returns the moments of its answers."""
    until = perf_counter() + seconds
    moments: list[list[float]] = []
    late = [0.0]

    def tick() -> None:
        while perf_counter() < until:
            before = perf_counter()
            sleep(0.005)
            late[0] = max(late[0], perf_counter() - before - 0.005)

    def call(number: int) -> None:
        moments.append([began, *run(number, lambda: perf_counter() >= until)])

    threads = [threading.Thread(target=tick), *(threading.Thread(target=call, args=(number,)) for number in range(callers))]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = perf_counter() - began
    waits = [after - before for answers in moments for before, after in pairwise(answers)]
    starved = [spent for answers in moments if len(answers) == 1]  # who never got an answer has waited all the while
    waits = sorted(waits + starved)
    count = sum(len(answers) - 1 for answers in moments)
    return {"rate": count / spent, "p99_ms": waits[min(int(len(waits) * 0.99), len(waits) - 1)] * 1000, "late_ms": late[0] * 1000}


def through_door(door: Door, use_case: Any) -> Any:
    def run(number: int, over: Callable[[], bool]) -> list[float]:
        answers, count = [], number
        while not over():
            door.perform(SYSTEM_ACTOR, lambda work, count=count: use_case(work, count))
            answers.append(perf_counter())
            count += 7
        return answers

    return run


def through_transactions(engine: Engine, use_case: Any) -> Any:
    def run(number: int, over: Callable[[], bool]) -> list[float]:
        answers, count = [], number
        with connect_writer(engine) as connection:
            while not over():
                try:
                    alone(connection, lambda work, count=count: use_case(work, count))
                except Exception as error:  # a busy database gives up on somebody: that answer never comes
                    if "locked" not in str(error) and "deadlock" not in str(error):
                        raise
                    continue
                answers.append(perf_counter())
                count += 7
                sleep(0)  # under gevent: let the others run
        return answers

    return run


def main(mode: str, url: str, seconds: float) -> None:
    """All cases of one mode."""
    engine = open_engine(url, pool_size=80)  # each caller of the peer keeps a connection
    Base.metadata.create_all(engine)
    Own.metadata.create_all(engine)
    with connect_writer(engine) as connection, connection.begin():
        connection.execute(insert(Lot), [{"id": n, "state": "bidding", "bids": 0} for n in range(LOTS)])
    door = Door(engine, PLATFORM, projections=PROJECTIONS) if mode == "door" else None
    rows = []
    for api, use_case in USE_CASES.items():
        run = through_door(door, use_case) if door else through_transactions(engine, use_case)
        measure(run, 4, 0.2)  # warm
        for callers in (1, 16, 64):
            rows.append({"api": api, "callers": callers, **measure(run, callers, seconds)})
    if door:
        door.close()
    print(json.dumps(rows))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))

"""A small world to try the door in: counters that use cases move, the events that tell of it, and the check that chains are whole."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import gevent
from sqlalchemy import CheckConstraint, Integer, String, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from core.kernel import chain, jcs, merkle, signing
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import lock
from core.kernel.encoding import sha256
from core.kernel.errors import RuleBroken
from core.kernel.events import Event
from core.kernel.ids import CaseId
from core.kernel.records import CaseHead, EventRow
from core.kernel.signing import KeyRecord
from core.kernel.streams import Projection, StreamHead, StreamRow
from core.kernel.work import Work


class Own(DeclarativeBase):
    """Tables of these tests alone: they stand in no migration."""


class Counter(Own):
    """Something that use cases fight for."""

    __tablename__ = "try_counter"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)

    __table_args__ = (CheckConstraint("value < 1000000", name="small"),)


class Step(Own):
    """What an acknowledged use case has left behind."""

    __tablename__ = "try_step"

    token: Mapped[str] = mapped_column(String(80), primary_key=True)


@dataclass(frozen=True, kw_only=True)
class Stepped(Event):
    """A counter was moved; everybody learns where it stands."""

    KIND = "try.stepped"
    token: str
    value: int


@dataclass(frozen=True, kw_only=True)
class Whispered(Event):
    """Something that only one party learns of."""

    KIND = "try.whispered"
    to: str


PROJECTIONS = {
    "try.stepped": lambda event: [Projection("public", "stepped", {"value": event.value})],
    "try.whispered": lambda event: [Projection(f"bidder:{event.to}", "whispered", {})],
}


def step(work: Work, counter: str, token: str, case: str = "C-1", refuse: bool = False) -> int:
    """Moves a counter by one; `refuse` changes mind after everything is written."""
    row = lock(work.session, Counter, Counter.name == counter)
    row.value += 1
    work.session.add(Step(token=token))
    work.record(Stepped(case=CaseId(case), token=token, value=row.value))
    work.record(Whispered(case=CaseId(case), to=counter))
    work.send("try.topic", token, {"token": token})
    work.session.flush()
    if refuse:
        raise RuleBroken("try.refused", token=token)
    return row.value


def check_chains(session: Session, key: KeyRecord) -> int:
    """Raises AssertionError unless every chain, head and stream is whole; returns the number of events."""
    count = 0
    for head in session.execute(select(CaseHead)).scalars():
        prev, spoken = "", ""
        stored = chain.events(session, head.case_id)
        for seq, event in enumerate(stored):
            said = jcs.parse_object(event.data)
            assert (said["case"], said["case_seq"], said["prev"]) == (head.case_id, seq, prev)
            assert event.case_seq == seq and merkle.commit(event.salt, event.data) == event.commitment
            statement = signing.open_statement(event.envelope, key)
            assert (statement.type, statement.case, statement.prev) == (event.kind, head.case_id, spoken)
            prev, spoken = event.commitment.hex(), sha256(statement.payload).hex()
            count += 1
        assert (head.case_seq, head.commitment.hex(), head.platform_prev) == (len(stored) - 1, prev, spoken)
    assert count == session.execute(select(func.count()).select_from(EventRow)).scalar_one()
    for stream in session.execute(select(StreamHead)).scalars():
        mine = (StreamRow.case_id == stream.case_id) & (StreamRow.audience == stream.audience)
        seqs = session.execute(select(StreamRow.seq).where(mine).order_by(StreamRow.seq)).scalars().all()
        assert list(seqs) == list(range(1, stream.seq + 1))
    return count


def totals(session: Session) -> tuple[int, int, set[str]]:
    """(sum of the counters, events of steps, tokens left behind)."""
    moved = session.execute(select(func.coalesce(func.sum(Counter.value), 0))).scalar_one()
    told = session.execute(select(func.count()).select_from(EventRow).where(EventRow.kind == "try.stepped")).scalar_one()
    return int(moved), told, set(session.execute(select(Step.token)).scalars())


def together(door, held, *use_cases):
    """Runs use cases as one group; returns what each returned or raised."""
    outcomes = [None] * len(use_cases)

    def run(n, use_case):
        try:
            outcomes[n] = door.perform(SYSTEM_ACTOR, use_case)
        except BaseException as error:
            outcomes[n] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(use_cases)]
    with held:
        for n, thread in enumerate(threads, 1):
            thread.start()
            while door.waiting < n:
                gevent.sleep(0.001)
    for thread in threads:
        thread.join()
    return outcomes

"""The door: every change to the database passes here, through one writer per process.

Callers, gevent greenlets or plain threads, hand in a use case and wait. One native thread takes what is
waiting, runs each use case in its own savepoint, links the events they recorded to the chains of their
cases, stores them with what each audience learns of them, and commits once. Only then are the callers
released and the audiences told: nobody is told of what is not on disk.

A use case is a function of `Work`: it loads, locks, decides, changes, records and returns plain values, in
milliseconds. Raising is its roll-back. It may run more than once (its group lost its transaction, or it met a
locked row), so all it does goes through `work`. It hands `work` to other services; it never opens the door again.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from queue import Empty
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, configure_mappers

from core.kernel import chain, jcs, outbox, streams, unanswered
from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.chain import Recorded
from core.kernel.clock import read_offset
from core.kernel.db import connect_reader, connect_writer, database_clock, dump_json
from core.kernel.events import Event
from core.kernel.jcs import JSON
from core.kernel.outbox import Outgoing
from core.kernel.sealedlog import SEALED
from core.kernel.signing import Signer
from core.kernel.streams import Projections, StreamEntry
from core.kernel.waiting import DoorClosed, NativeQueue, Ticket, allocate_lock, get_ident, sleep, start_native_thread

__all__ = ["Commit", "Door", "DoorClosed", "OutcomeUnknown", "Reentered", "Work", "WriterTaken"]

T = TypeVar("T")
log = logging.getLogger(__name__)

LOCKED = frozenset({"55P03", "40P01"})  # PostgreSQL: lock_not_available, deadlock_detected
FIRST_WAIT, LONGEST_WAIT, LATER_WAIT, CHAIN_WAIT = 20, 250, 5, 5_000  # ms a use case, a group's chains, wait for a row; see `_attempt_each`
_AT_ONCE = timedelta(0)
PAUSES = (0.0, 0.05, 0.25, 1.0)  # s before a use case whose backend was lost is tried again


class Reentered(Exception):
    """A use case tried to open the door it stands in."""


class OutcomeUnknown(Exception):
    """COMMIT was sent and failed: look before asking again."""


class WriterTaken(Exception):
    """Another process writes this SQLite database; there can be one."""


class _RolledBack(Exception):
    """The only use case of a transaction was refused."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What a committed group has to tell: entries for those who watch, topics with new messages in the outbox."""

    entries: Sequence[StreamEntry] = ()
    topics: frozenset[str] = frozenset()


class Work:
    """What a use case may touch: who acts, the rows, the time, and the record of what happened."""

    def __init__(self, actor: Actor, session: Session, door: Door) -> None:
        self.actor, self.session = actor, session
        self.recorded: list[Recorded] = []
        self.outgoing: list[Outgoing] = []
        self._door = door
        self._moment: datetime | None = None

    def now(self) -> datetime:
        """The database's clock at this call plus the demonstration's offset, aware UTC, whole milliseconds; ask after taking locks."""
        self._moment = self._door.clock(self.session)
        return self._moment

    def record(self, event: Event) -> None:
        """Records what happened; its moment is the one that `now` last told this use case."""
        if event.signed is not None:
            chain.check_statement(event)
        show = self._door.projections.get(event.KIND)
        shown = tuple(show(event)) if show is not None else ()
        body = jcs.canonical(event.body()) if event.signed is None else b""
        self.recorded.append(Recorded(event, self._moment or self.now(), shown, body))
        if (topic := self._door.announced.get(event.KIND)) is not None:
            name = str(uuid4())  # the event's own: whoever is told of it is told once under it
            told = {"event": name, "kind": event.KIND, "case": event.case, "lot": event.lot, "subject": event.subject}
            self.outgoing.append(Outgoing(topic, name, told, _AT_ONCE))

    def send(self, topic: str, key: str, payload: Mapping[str, JSON], delay: timedelta = _AT_ONCE) -> None:
        """Puts a message into the outbox, due after `delay`; a (topic, key) that was ever sent before is silently the same message."""
        dump_json(payload)  # a payload that cannot be stored is this use case's fault, not its group's
        self.outgoing.append(Outgoing(topic, key, payload, delay))


class Door:
    """Runs the use cases of one process, a group to a transaction, and its queries beside them."""

    def __init__(
        self,
        engine: Engine,
        platform: Signer,
        *,
        projections: Projections | None = None,
        announced: Mapping[str, str] | None = None,
        publish: Callable[[Commit], object] = lambda commit: None,
        clock_file: Path | None = None,
        group: int = 64,
        readers: int = 4,
    ) -> None:
        """`publish` is called in the writer's thread after each commit that has something to tell: it must neither block nor emit.
        `announced`: by kind of event, the topic of the outbox under which it is told on: its case, lot and subject and no more."""
        self.platform, self.projections, self.publish = platform, projections or {}, publish
        self.announced = announced or {}
        self._engine, self._clock_file, self._group, self._reader_count = engine, clock_file, group, readers
        self._gate, self._writes, self._reads = allocate_lock(), NativeQueue(), NativeQueue()
        self._last: Ticket[None] | None = None
        self._claim = _claim_writing(engine)
        self._connection = connect_writer(engine)
        configure_mappers()  # before there are threads that would meet at its lock
        self._writer: int = start_native_thread(self._serve_writes)
        for _ in range(readers):
            start_native_thread(self._serve_reads)

    def perform(self, actor: Actor, use_case: Callable[[Work], T]) -> T:
        """Runs the use case; returns its result once it is committed, or raises what it raised.

        Also raises DoorClosed (not run), OutcomeUnknown (look before asking again), Reentered, or the driver's error when the database
        stayed away or a row stayed locked for about three seconds.
        """
        return self._pass(self._writes, Ticket(actor, use_case))

    def read(self, query: Callable[[Session], T]) -> T:
        """Runs a query off the event loop on a connection that cannot write; it sees all that was answered before."""
        return self._pass(self._reads, Ticket(None, query))

    def clock(self, session: Session) -> datetime:
        """The database's clock now plus the demonstration's offset, in whole milliseconds."""
        moment = database_clock(session) + read_offset(self._clock_file)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    @property
    def clock_file(self) -> Path | None:
        """Where the demonstration's offset is read from."""
        return self._clock_file

    @property
    def waiting(self) -> int:
        """How many use cases wait for the writer."""
        return int(self._writes.qsize())

    def close(self) -> None:
        """Refuses newcomers, serves those inside, and returns when the last is served."""
        if self._last is None:
            last = Ticket[None](SYSTEM_ACTOR, lambda work: None)
            self._pass(self._writes, last, last)

    def _pass(self, queue: Any, ticket: Ticket[T], last: Ticket[None] | None = None) -> T:
        try:
            if get_ident() == self._writer:
                raise Reentered("a use case works with its own work; it does not open the door")
            with self._gate:
                if self._last is not None:
                    raise DoorClosed
                self._last = last
                queue.put(ticket)
                for _ in range(self._reader_count if last else 0):
                    self._reads.put(None)
            ticket.wait()
        finally:
            ticket.leave()
        return ticket.outcome()

    # Reading

    def _serve_reads(self) -> None:
        connection: Connection | None = None
        while (ticket := self._reads.get()) is not None:
            for _ in range(2):
                try:
                    connection = connection or connect_reader(self._engine)
                    with connection.begin(), Session(connection) as session:
                        ticket.settle(None, ticket.task(session))
                    break
                except BaseException as refusal:
                    ticket.settle(refusal)
                    if not _lost(refusal):
                        break
                    _drop(connection)
                    connection = None  # a query may run twice: once more on a fresh one
            ticket.wake()
        _drop(connection)

    # Writing

    def _serve_writes(self) -> None:
        again: list[Ticket[Any]] = []
        closing: Ticket[None] | None = None
        while again or closing is None:
            group = self._gather(again)
            closing = self._last if self._last in group else closing
            again, commits = self._run(group)
            for commit in commits:
                self._tell(commit)  # before anybody is answered: whoever has an answer may count on it that those who watch were told
            waiting = {*again, closing}
            for ticket in group:
                if ticket not in waiting:
                    ticket.wake()
        self._connection.close()
        self._engine.dispose()
        if self._claim is not None:
            os.close(self._claim)
        closing.settle(None)
        closing.wake()

    def _gather(self, again: list[Ticket[Any]]) -> list[Ticket[Any]]:
        group = again or [self._writes.get()]
        try:
            while len(group) < self._group:
                group.append(self._writes.get_nowait())
        except Empty:
            pass
        return list(group)

    def _run(self, group: list[Ticket[Any]]) -> tuple[list[Ticket[Any]], list[Commit]]:
        """Returns the tickets that met a locked row, and what was committed."""
        try:
            again, commit = self._transact(group)
            return again, [commit]
        except OutcomeUnknown as unknown:
            for ticket in group:
                ticket.settle(unknown)
            return [], []
        except BaseException as error:  # the transaction is gone, and with it all that was decided in it
            log.warning("a group lost its transaction, each runs again alone: %s", type(error).__name__)
            SEALED.warning("a group of %d lost its transaction: %s", len(group), error)  # the statement may name a bid
        runs = [self._run_alone(ticket) for ticket in group]
        return [ticket for again, _ in runs for ticket in again], [commit for _, commit in runs]

    def _run_alone(self, ticket: Ticket[Any]) -> tuple[list[Ticket[Any]], Commit]:
        for pause in PAUSES:
            sleep(pause)
            try:
                return self._transact([ticket])
            except OutcomeUnknown as unknown:
                ticket.settle(unknown)
                break
            except BaseException as error:
                ticket.settle(error)
                if not _lost(error) or self._engine.dialect.name == "sqlite" or ticket.late():
                    break
        return [], Commit()

    def _transact(self, group: list[Ticket[Any]]) -> tuple[list[Ticket[Any]], Commit]:
        """One transaction; raises OutcomeUnknown if its COMMIT failed, anything else if it was lost before."""
        committing, again = False, list[Ticket[Any]]()
        try:
            with self._connection.begin():
                again = self._attempt_each(group)
                if len(group) == 1 and group[0].work is None:
                    raise _RolledBack
                commit = self._conclude([ticket.work for ticket in group if ticket.work is not None])
                committing = True  # leaving the block sends COMMIT
            return again, commit
        except _RolledBack:
            return again, Commit()
        except BaseException as error:
            self._connection.invalidate()  # after a failed COMMIT SQLAlchemy sends no ROLLBACK: the locks would stay
            if committing:
                raise OutcomeUnknown(str(error)) from error
            raise

    def _attempt_each(self, group: list[Ticket[Any]]) -> list[Ticket[Any]]:
        """Only the first may wait long for a row: who waits while holding the locks of others makes knots.

        It waits longer the longer ago its caller came: of two writers in a knot the younger lets go, and nobody starves between the short
        use cases of another process.
        """
        self._patience(min(LONGEST_WAIT, FIRST_WAIT + int(500 * group[0].waited())))
        # A lone use case needs no savepoint: its transaction is its own.
        again = [] if self._attempt(group[0], "create_savepoint" if len(group) > 1 else "rollback_only") else [group[0]]
        if len(group) > 1:
            self._patience(LATER_WAIT)
        return again + [ticket for ticket in group[1:] if not self._attempt(ticket, "create_savepoint")]

    def _attempt(self, ticket: Ticket[Any], mode: Any) -> bool:
        """Runs one use case; False if it met a locked row and shall try again."""
        try:
            # Its own session: no use case sees an object that another one loaded, changed or rolled back.
            with Session(self._connection, join_transaction_mode=mode, expire_on_commit=False) as session, session.begin():
                work = Work(ticket.actor, session, self)
                result = ticket.task(work)
                unanswered.settle(self._connection)  # what was refused of it is this use case's, not its group's
            ticket.settle(None, result, work)
        except BaseException as refusal:
            if self._connection.invalidated:
                raise
            ticket.settle(refusal)
            return _state(refusal) not in LOCKED or ticket.late()
        return True

    def _conclude(self, works: Sequence[Work]) -> Commit:
        if any(work.recorded for work in works):
            self._patience(CHAIN_WAIT)
        return conclude(self._connection, works, self.platform)

    def _patience(self, ms: int) -> None:
        if self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql(f"SET LOCAL lock_timeout = {ms}")

    def _tell(self, commit: Commit) -> None:
        try:
            if commit.entries or commit.topics:
                self.publish(commit)
        except Exception:
            log.exception("committed but not published; followers catch up from the table")


def conclude(connection: Connection, works: Sequence[Work], platform: Signer) -> Commit:
    """Stores what a group's use cases recorded and sent, last thing before COMMIT. What asks comes before what is only sent."""
    recorded = [record for work in works for record in work.recorded]
    messages = outbox.dated(connection, [message for work in works for message in work.outgoing])
    entries: Sequence[StreamEntry] = ()
    if recorded:
        heads = chain.lock_heads(connection, recorded)
        entries = streams.number(connection, [(told.event.case, told.at, projection) for told in recorded for projection in told.shown])
        chain.link(connection, recorded, heads, platform)
    topics = outbox.store(connection, messages)
    unanswered.settle(connection)  # COMMIT is sent to a transaction that stands
    return Commit(entries, topics)


def _state(error: BaseException) -> str | None:
    return getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None


def _lost(error: BaseException) -> bool:
    """Whether the connection died under a statement, or could not be made."""
    return isinstance(error, DBAPIError) and (error.connection_invalidated or (_state(error) is None and error.statement is None))


def _drop(connection: Connection | None) -> None:
    if connection is not None:
        connection.invalidate()
        connection.close()


def _claim_writing(engine: Engine) -> int | None:
    """Locks `<database>.lock` until the door is closed or the process ends; raises WriterTaken. PostgreSQL needs no such thing."""
    if engine.dialect.name != "sqlite":
        return None
    path = f"{engine.url.database}.lock"
    claim = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(claim)
        raise WriterTaken(path) from None
    return claim

"""The clockwork: what is due is a query; this only wakes it, in the one process that holds the clock."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event as Signal
from threading import Thread
from time import monotonic
from typing import Any, TypeVar

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from gevent import get_hub
from gevent.monkey import is_module_patched
from sqlalchemy import String, literal, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.kernel import outbox
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import Base, database_clock, insert_new, table
from core.kernel.errors import Refusal
from core.kernel.outbox import Outside, Subscriptions
from core.kernel.work import Door, Work

K = TypeVar("K")
log = logging.getLogger(__name__)

HOLD = timedelta(seconds=8)  # how long a clock that falls silent is waited for
BEAT = 2.0  # s between two renewals
IDLE = 1.0  # s after which the outbox is looked at even if nobody rang


class Lease(Base):
    """Who may do a thing that one process at a time does, and until when by the database's own clock."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(40))
    until: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to look after every `every` seconds; running it twice, late or in two processes at once must be harmless."""

    name: str
    every: float
    run: Callable[[Door], object]


def each(
    find: Callable[[Session, datetime], Iterable[K]], do: Callable[[Work, K], object], told: logging.Logger = log
) -> Callable[[Door], int]:
    """What a tick runs: `find(session, now)` names what is due, `do(work, key)` does one of them in a use case of its own.

    `do` locks, looks again and decides: between the two another process may have been there. `told` hears of what was not done: the
    sealed log where that would count bidders. Returns how many were done.
    """

    def run(door: Door) -> int:
        done = 0
        for key in door.read(lambda session: list(find(session, door.clock(session)))):
            try:
                door.perform(SYSTEM_ACTOR, lambda work, key=key: do(work, key))  # type: ignore[misc]  # the default binds this key
                done += 1
            except Refusal as refusal:
                told.info("not done for %s: %s", key, refusal)
            except Exception:
                told.exception("failed for %s", key)
        return done

    return run


class Clockwork:
    """Runs ticks and delivers the outbox while this process holds the clock."""

    def __init__(self, door: Door, ticks: Iterable[Tick], subscriptions: Subscriptions) -> None:
        self._door, self._subscriptions = door, subscriptions
        self._ticks = {tick.name: tick for tick in ticks}
        self._holder = secrets.token_hex(8)
        self._held_until = 0.0  # by this process's monotonic clock, never later than the lease's end
        self._bells: list[Signal] = []
        self._stopping = Signal()
        self._loop = get_hub().loop if is_module_patched("threading") else None
        self._scheduler: Any = None
        self._postmen: list[Thread] = []

    @property
    def holds(self) -> bool:
        """Whether this process holds the clock now."""
        return monotonic() < self._held_until

    def start(self) -> None:
        """Starts ticking in threads (greenlets where they are patched); returns at once."""
        self._beat(first=True)
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(8)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        self._scheduler.add_job(self._beat, "interval", seconds=BEAT)
        for tick in self._ticks.values():
            self._scheduler.add_job(self._run, "interval", seconds=tick.every, args=[tick])
        self._scheduler.start()
        for part in _parts(self._subscriptions):
            self._bells.append(bell := Signal())
            self._postmen.append(postman := Thread(target=self._deliver_for_ever, args=(part, bell), name="outbox", daemon=True))
            postman.start()

    def stop(self) -> None:
        """Lets what runs finish, and leaves the clock to others."""
        if self._scheduler is None:
            return
        self._stopping.set()
        self._ring()
        self._scheduler.shutdown(wait=True)
        for postman in self._postmen:
            postman.join()
        self._scheduler, self._held_until = None, 0.0
        self._door.perform(SYSTEM_ACTOR, lambda work: _leave(work, self._holder))

    def wake(self) -> None:
        """There is something in the outbox; may be called from any thread."""
        if self._loop is None:
            self._ring()
        else:
            self._loop.run_callback_threadsafe(self._ring)

    def run_once(self, name: str) -> Any:
        """Runs one tick here and now, whoever holds the clock; `outbox` delivers what is due."""
        if name == "outbox":
            return outbox.deliver(self._door, self._subscriptions)
        return self._ticks[name].run(self._door)

    def _ring(self) -> None:
        for bell in self._bells:
            bell.set()

    def _beat(self, first: bool = False) -> None:
        asked = monotonic()
        try:
            if self._door.perform(SYSTEM_ACTOR, lambda work: _hold(work, self._holder, first)):
                self._held_until = asked + HOLD.total_seconds()
        except Exception:
            log.exception("the clock's lease could not be renewed")

    def _run(self, tick: Tick) -> None:
        if not self.holds:
            return
        try:
            tick.run(self._door)
        except Exception:
            log.exception("tick %r failed; it is due again in %s s", tick.name, tick.every)

    def _deliver_for_ever(self, part: Subscriptions, bell: Signal) -> None:
        while not self._stopping.is_set():
            bell.wait(IDLE)
            bell.clear()
            if self.holds and not self._stopping.is_set():
                try:
                    outbox.deliver(self._door, part)
                except Exception:
                    log.exception("the outbox could not be delivered")


def _parts(subscriptions: Subscriptions) -> list[Subscriptions]:
    """What one postman carries: all that stays inside; beside it each outside topic by itself, since it may have to wait for others."""
    outside = {topic for topic, subscriber in subscriptions.items() if isinstance(subscriber, Outside)}
    inside = {topic: subscriber for topic, subscriber in subscriptions.items() if topic not in outside}
    return [inside, *({topic: subscriptions[topic]} for topic in sorted(outside))]


def holder_until(session: Session) -> datetime | None:
    """Until when some process holds the clock; None when none does."""
    query = select(Lease.until).where(Lease.name == "clock", Lease.until > database_clock(session))
    return session.execute(query).scalar_one_or_none()


def _hold(work: Work, holder: str, first: bool) -> bool:
    """Takes or renews the lease; False while another holds it. Whoever opens a door on SQLite is alone: an old lease is a dead one's,
    and what it had begun to deliver is begun again."""
    connection = work.session.connection()
    now = database_clock(connection)
    insert_new(connection, Lease, [{"name": "clock", "holder": holder, "until": now}])
    lease = table(Lease)
    alone = first and connection.dialect.name == "sqlite"
    if alone:
        outbox.take_back(connection)
    mine = (lease.c.name == "clock") & or_(lease.c.holder == holder, lease.c.until < now, literal(alone))
    return connection.execute(update(lease).where(mine).values(holder=holder, until=now + HOLD)).rowcount == 1


def _leave(work: Work, holder: str) -> None:
    connection = work.session.connection()
    lease = table(Lease)
    over = database_clock(connection) - timedelta(seconds=1)
    connection.execute(update(lease).where(lease.c.holder == holder).values(until=over))

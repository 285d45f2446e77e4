"""How a caller, greenlet or plain thread, waits for a native thread without holding up anybody else."""

from __future__ import annotations

import _thread
import logging
import sys
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, Generic, TypeVar

from gevent import monkey
from gevent._hub_local import get_hub_if_exists  # no public name; get_hub() would make a hub
from gevent.hub import Waiter

T = TypeVar("T")

# The writer and the readers are real threads: gevent's stand-ins must not reach them.
allocate_lock = monkey.get_original("_thread", "allocate_lock")
get_ident = monkey.get_original("_thread", "get_ident")
_start_new_thread = monkey.get_original("_thread", "start_new_thread")
sleep = monkey.get_original("time", "sleep")
NativeQueue = monkey.get_original("queue", "SimpleQueue")
NativeRLock = _thread.RLock  # gevent leaves this name alone

GIVE_UP = 3.0  # s until a caller is told that its row stays locked or its database stays away


def patch_process() -> None:
    """gevent's patches for a process that serves: call it before anything else is imported.

    Logging keeps native locks, since native threads write lines too: two of them that meet at a lock of gevent's may both wait for ever
    (gevent issues 1744 and 2013). A handler that is made later says so itself: see `with_native_lock`.
    """
    monkey.patch_thread(logging=False)
    monkey.patch_all(thread=False)


def with_native_lock(handler: logging.Handler) -> logging.Handler:
    """The same handler; native threads and greenlets may write to it at once."""
    handler.lock = NativeRLock()
    return handler


def start_native_thread(run: Callable[[], object]) -> int:
    """Starts a thread below gevent's and `threading`'s notice, but not below that of debuggers and coverage; returns its ident."""
    trace = threading.gettrace()

    def traced() -> None:
        sys.settrace(trace)
        run()

    return int(_start_new_thread(run if trace is None else traced, ()))


class DoorClosed(Exception):
    """The process is shutting down; what was asked was not run."""


class Ticket(Generic[T]):
    """A caller and its task. `wake` may be called from any thread; `wait` holds the calling greenlet or thread alone."""

    def __init__(self, actor: Any, task: Callable[[Any], T]) -> None:
        self.actor, self.task, self.came_at = actor, task, monotonic()
        self.work: Any = None
        self.settle(DoorClosed())
        self.wake: Callable[[], object]
        self.wait: Callable[[], object]
        self.leave: Callable[[], object]
        if (hub := get_hub_if_exists()) is None:
            lock = allocate_lock()
            lock.acquire()
            self.wake, self.wait, self.leave = lock.release, lock.acquire, bool
        else:
            waiter: Waiter[Any] = Waiter(hub)
            bell = hub.loop.async_()
            bell.start(waiter.switch, None)  # before it can ring: an early ring would be lost
            self.wake, self.wait, self.leave = bell.send, waiter.get, bell.close

    def settle(self, error: BaseException | None, result: T | None = None, work: Any = None) -> None:
        """Notes what came of the task, and the work it left to be chained."""
        self.error, self.result, self.work = error, result, work

    def waited(self) -> float:
        """Since its caller came, in seconds."""
        return monotonic() - self.came_at

    def late(self) -> bool:
        """Whether the caller has waited long enough to be told of a failure that might pass."""
        return self.waited() > GIVE_UP

    def outcome(self) -> T:
        """What the task returned; raises what it raised."""
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]  # None only where T allows it

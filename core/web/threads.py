"""Work that would hold up the event loop, done in a native thread while other greenlets go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from gevent import get_hub
from gevent.monkey import is_module_patched

T = TypeVar("T")


def natively(task: Callable[[], T]) -> T:
    """Runs `task` in the hub's pool of native threads; without gevent's patches the calling thread is native already."""
    if not is_module_patched("threading"):
        return task()
    return cast(T, get_hub().threadpool.apply(task))
